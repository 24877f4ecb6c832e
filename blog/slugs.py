"""Addresses made of titles."""

from itertools import count

from django.utils.text import slugify

from blog.models import FormerSlug, Post

LONGEST = 200  # characters


def slug_of(title: str) -> str:
    """Return the title as a slug in its own script; empty if it has neither letter nor digit."""
    return slugify(title, allow_unicode=True)[:LONGEST].strip("-_")


def is_free(slug: str) -> bool:
    """Say whether no post is at this address, or was while it was public."""
    return not (Post.objects.filter(slug=slug).exists() or FormerSlug.objects.filter(slug=slug).exists())


def free_slug(title: str) -> str:
    """Return a slug for the title that no post has or had: its own, else with a number."""
    slug = slug_of(title) or "post"
    candidates = (slug if n == 1 else f"{slug[: LONGEST - 5]}-{n}" for n in count(1))
    return next(candidate for candidate in candidates if is_free(candidate))
