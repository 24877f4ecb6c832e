"""The picture of each published post for social media, kept in step with what it shows.

Saving a post, its cover or an author, or renaming the publication, empties `social_digest`; the worker looks at every
published post that has none, and draws where the words or the picture have really changed. Asking twice is harmless.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image as Pillow

from blog import social_drawing
from blog.address import absolute
from blog.models import Image, Post, Publication
from blog.models.post import PostQuerySet
from blog.social_drawing import DRAWING_VERSION, Card

logger = logging.getLogger(__name__)

BATCH = 50  # posts looked at in one pass


@dataclass(frozen=True)
class Picture:
    """A picture at a full address, with its measures in pixels and the words that stand in for it."""

    url: str
    width: int
    height: int
    alt: str

    def measured(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "alt"}


def picture_of(post: Post) -> Picture | None:
    """Return what a card shows for a post: the picture drawn for it, else its cover, else nothing. Opens no file."""
    if post.social_image:
        url = absolute(post.social_image.url)
        return Picture(url, social_drawing.WIDTH, social_drawing.HEIGHT, post.title)
    if post.cover:
        return Picture(absolute(post.cover.file.url), post.cover.width, post.cover.height, post.cover.alt)
    return None


def draw_due(stopped: Callable[[], bool]) -> int:
    """Look at published posts without a digest, newest first; return how many pictures are up to date now."""
    due = Post.objects.published().filter(social_digest="").order_by("-published_at")
    return sum(bring_up_to_date(pk) for pk in due.values_list("pk", flat=True)[:BATCH] if not stopped())


def look_again() -> int:
    """Have the worker look at every post whose picture was drawn in an older way; return how many there are."""
    older = Post.objects.exclude(social_digest="").exclude(social_digest__startswith=f"{DRAWING_VERSION}-")
    return older.update(social_digest="")


def bring_up_to_date(pk: int) -> bool:
    """Give a post the picture that fits it, drawn anew if need be. Return whether this call did it.

    The row is written first and what the picture was drawn from is read again afterwards, in one transaction: a rename
    that came in between is seen, and one that comes later empties the digest again.
    """
    post = drawn_from(pk).first()
    if post is None:
        return False
    digest, before = digest_of(post), post.social_image.name or ""
    name = store(post, digest)
    with transaction.atomic():
        undecided = Post.objects.filter(pk=pk, social_digest="")
        if undecided.update(social_image=name, social_digest=digest) and digest_of(drawn_from(pk).get()) == digest:
            if before != name:
                transaction.on_commit(partial(remove, before))
            return True
        transaction.set_rollback(True)
    remove(name)
    return False


def drawn_from(pk: int) -> PostQuerySet:
    """The post, with what its picture shows and without its text."""
    return Post.objects.filter(pk=pk).for_lists().defer("source", "rendered_html", "plain_text", "headings")


def digest_of(post: Post) -> str:
    """Return a name for everything the picture of a post depends on."""
    inputs = (DRAWING_VERSION, post.pk, post.cover and post.cover.file.name, *astuple(card_of(post)))
    return f"{DRAWING_VERSION}-{hashlib.sha256(repr(inputs).encode()).hexdigest()[:40]}"


def card_of(post: Post) -> Card:
    authors = ", ".join(byline.author.name for byline in post.bylines.all())
    focus = focal_point(post.cover) if post.cover else (0.5, 0.5)
    return Card(post.title, authors, Publication.load().name, focus)


def focal_point(image: Image) -> tuple[float, float]:
    """Return where the focal point lies, as fractions of width and height."""
    vertical, _dash, horizontal = image.focus.rpartition("-")
    across = {"left": 0.0, "right": 1.0}.get(horizontal, 0.5)
    down = {"top": 0.0, "bottom": 1.0}.get(vertical or horizontal, 0.5)
    return across, down


# --- Files --------------------------------------------------------------------------------------------------------


def store(post: Post, digest: str) -> str:
    """Return the name of the file that shows the post, drawn unless it is there; empty if the font cannot write it.

    The name is made of the digest, so that the bytes behind a name never change.
    """
    files = Post.social_image.field.storage
    name = f"social/{digest}.jpg"
    if post.social_image.name == name and files.exists(name):
        return name
    drawing = social_drawing.draw(card_of(post), opened(post.cover) if post.cover else None)
    if drawing is None:
        logger.info("Post %s has no picture for social media: the font lacks a character of its words.", post.pk)
        return ""
    files.delete(name)  # what a crash may have left half written
    return str(files.save(name, ContentFile(drawing)))


def opened(cover: Image) -> Pillow.Image | None:
    """Return a cover's pixels, or None if its file is gone or broken: the card does without."""
    try:
        with cover.file.open() as file:
            picture = Pillow.open(BytesIO(file.read()))
            picture.load()
            return picture
    except OSError:
        logger.warning("The cover %s cannot be read; the card is drawn without it.", cover.pk)
        return None


def remove(name: str) -> None:
    """Delete a drawn file that no post shows any more."""
    if name and not Post.objects.filter(social_image=name).exists():
        Post.social_image.field.storage.delete(name)
