"""Pages of what there is much of."""

from collections import Counter
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count
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


def tags_in_use() -> list[tuple[Tag, int]]:
    """Return the tags that have listed posts, by name, each with how many; three queries.

    An index alone knows how often a tag is used at all. The hidden posts, which are few, are taken away from that: to
    look at each of the others costs twenty times as much.
    """
    uses = Counter(dict(Post.tags.through.objects.values_list("tag").annotate(Count("pk"))))
    uses.subtract(dict(Post.objects.hidden().values_list("tags").annotate(Count("pk"))))
    return [(tag, uses[tag.pk]) for tag in Tag.objects.order_by("name", "pk") if uses[tag.pk] > 0]
