"""Pages of what there is much of."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404

from blog.models import Post, Tag

POSTS_PER_PAGE = 12
TITLES_PER_PAGE = 100


def page_of(things: Any, number: str | int, *, length: int = POSTS_PER_PAGE) -> "Page[Any]":
    """Return one page of a QuerySet, or of what can be counted and sliced like one.

    Raises Http404 for a page that is not there (the first always is).
    """
    try:
        return Paginator(things, length).page(number)
    except InvalidPage as error:
        raise Http404("There is no such page.") from error


def tags_in_use() -> QuerySet[Tag]:
    """Tags that have listed posts, each with how many (`post_count`)."""
    tags = Tag.objects.filter(posts__in=Post.objects.listed().order_by())
    return tags.annotate(post_count=Count("posts")).order_by("name", "pk")
