"""Where pictures are used: as a cover, as a portrait, or in a text, be it published, a draft or still being typed."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from blog.models import Author, Image, Page, Post, WorkingCopy
from blog.pictures import FOLDER, MEDIA, stored_name

ADDRESS = re.compile(rf"{MEDIA}(images/[\w.-]+)")


class Use(NamedTuple):
    """One place, in words, and where it is changed; no address if that is not this person's to see."""

    words: str
    address: str


def of(images: Iterable[Image], user: User) -> dict[int, list[Use]]:
    """Return the uses of each of these pictures, as `user` may know them; reads each text with pictures once."""
    by_pk = {image.pk: image for image in images}
    by_name = {str(image.file.name): image.pk for image in by_pk.values()}
    found: dict[int, dict[Model, None]] = {pk: {} for pk in by_pk}  # a set that keeps its order
    for post in Post.objects.filter(cover__in=by_pk).only("title", "cover"):
        found[post.cover_id or 0][post] = None
    for author in Author.objects.filter(portrait__in=by_pk).only("name", "portrait"):
        found[author.portrait_id or 0][author] = None
    for text, names in names_in_texts():
        for name in names & by_name.keys():
            found[by_name[name]][text] = None
    posts = {text.pk for texts in found.values() for text in texts if isinstance(text, Post)}
    seen = set(Post.objects.visible_to(user).filter(pk__in=posts).values_list("pk", flat=True))
    return {pk: [described(text, user, seen) for text in texts] for pk, texts in found.items()}


def is_used() -> Q:
    """The condition that picks the pictures that stand anywhere."""
    names = {name for _text, names in names_in_texts() for name in names}
    covers = Post.objects.exclude(cover=None).values("cover")
    portraits = Author.objects.exclude(portrait=None).values("portrait")
    return Q(file__in=names) | Q(pk__in=covers) | Q(pk__in=portraits)


def names_in_texts() -> Iterator[tuple[Model, set[str]]]:
    """Yield each text that shows pictures, with their names; long texts pass by one at a time."""
    for model in (Post, Page):
        texts = model._default_manager.filter(source__contains=FOLDER).only("title", "source")
        for text in texts.iterator(chunk_size=100):
            yield text, names_in(text.source)
    for copy in WorkingCopy.objects.iterator(chunk_size=100):
        yield copy, names_in(str(copy.values.get("source", "")))


def names_in(source: str) -> set[str]:
    return {stored_name(name) for name in ADDRESS.findall(source)}


def described(text: Model, user: User, seen_posts: set[int]) -> Use:
    match text:
        case Post() if text.pk not in seen_posts:
            return Use(_("a text of somebody else"), "")
        case WorkingCopy():
            return Use(_("a text that is being written"), "")
    address = reverse(f"admin:blog_{text._meta.model_name}_change", args=[text.pk])
    may_open = isinstance(text, Post) or user.has_perm(f"blog.change_{text._meta.model_name}")
    return Use(str(text), address if may_open else "")
