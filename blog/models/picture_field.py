"""A file field that keeps a picture together with the smaller ones beside it (blog/images.py makes them)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.fields.files import ImageFieldFile

from blog.images import StoredPicture
from blog.pictures import file_names


class PictureFile(ImageFieldFile):
    """A stored picture and the smaller ones beside it: all of them are written, or none."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        others = content.others if isinstance(content, StoredPicture) else []
        try:
            for other in others:
                self.storage.save(self.name_for(other), other)
            super().save(name, content, save)
        except OSError:
            remove_files(self.name_for(other) for other in others)
            raise

    def name_for(self, other: File) -> str:
        return str(self.field.generate_filename(self.instance, str(other.name)))


class PictureField(models.ImageField):
    attr_class = PictureFile

    def deconstruct(self) -> Any:
        """Show migrations a plain ImageField: what differs lies outside the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs


def remove_later(stored: Iterable[str]) -> None:
    """Remove pictures with all that lies beside them, when the running transaction has succeeded."""
    names = [name for picture in stored for name in file_names(picture)]
    transaction.on_commit(partial(remove_files, names), robust=True)


def remove_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
