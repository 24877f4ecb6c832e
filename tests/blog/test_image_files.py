"""What lies in the media folder comes and goes with a picture's row."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from PIL import Image as Pillow

from blog.images import reencode
from blog.models import Image
from tests.factories import make_image, make_post

pytestmark = pytest.mark.django_db


def make_wide_image() -> Image:
    """Make a picture with everything that lies beside one."""
    file = BytesIO()
    Pillow.new("RGB", (1000, 20), "maroon").save(file, "PNG")
    return Image.objects.create(file=reencode(file))


def files_in(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "images").glob("*"))


def test_a_picture_is_stored_with_the_smaller_ones(settings: Any) -> None:
    image = make_wide_image()

    assert (image.width, image.height) == (1000, 20)
    assert len(files_in(settings.MEDIA_ROOT)) == 6


@pytest.mark.parametrize("how", ["one", "many"])
def test_deleting_a_picture_removes_its_files_and_no_others(
    how: str, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image, other, old = make_wide_image(), make_wide_image(), make_image()

    with django_capture_on_commit_callbacks(execute=True):
        image.delete() if how == "one" else Image.objects.filter(pk=image.pk).delete()

    assert len(files_in(settings.MEDIA_ROOT)) == 6 + 1
    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.filter(pk__in=[other.pk, old.pk]).delete()
    assert files_in(settings.MEDIA_ROOT) == []


def test_the_files_stay_until_the_row_is_certainly_gone(settings: Any) -> None:
    make_wide_image().delete()  # the transaction around this test is never committed

    assert len(files_in(settings.MEDIA_ROOT)) == 6


def test_a_post_outlives_its_cover() -> None:
    post = make_post(cover=make_image())

    Image.objects.all().delete()

    post.refresh_from_db()
    assert post.cover is None


def test_when_the_disk_is_full_nothing_is_left_behind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    really_save = FileSystemStorage._save  # type: ignore[attr-defined]

    def refuse_the_widest(self: FileSystemStorage, name: str, content: ContentFile) -> str:
        if name.endswith("20.webp"):
            raise OSError(28, "No space left on device")
        return str(really_save(self, name, content))

    monkeypatch.setattr(FileSystemStorage, "_save", refuse_the_widest)

    with pytest.raises(OSError, match="No space left"), transaction.atomic():
        make_wide_image()

    assert files_in(settings.MEDIA_ROOT) == []
    assert not Image.objects.exists()
