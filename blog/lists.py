"""Pages of what there is much of. None of them costs more for what lies behind it, save a page that is deep inside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import Http404

from blog.models import Listing, Tag

POSTS_PER_PAGE = 12
TITLES_PER_PAGE = 100
MOST_COUNTED = 1000
MOST_BESIDE = 100  # counted of each where many names stand on a page, each with its own number
MOST_PAGES = 1_000_000  # far past the last of any list, and a number that both databases can count to


@dataclass(frozen=True)
class Page:
    """One page of a list, and as much about the others as its links need. Pages count from 1."""

    number: int
    object_list: list[Any]
    length: int
    count: int
    """How many there are on all pages; if they are not all counted, more than MOST_COUNTED."""
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def pages(self) -> int | None:
        """How many pages there are, if everything is counted."""
        return max(1, -(-self.count // self.length)) if self.count <= MOST_COUNTED else None

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def start_index(self) -> int:
        """The place of the page's first thing in the list, from 1."""
        return (self.number - 1) * self.length + 1


class Rows:
    """Rows of which only those on a page are looked at; what is counted, and skipped on the way to it, are their keys.

    `keys` is a query for the keys, which says which rows there are, and in which order: that of `rows`, which says no
    more than what to fetch of them. (Were they chosen there once more, SQLite might walk through all of them for it.)
    """

    def __init__(self, rows: QuerySet[Any], keys: QuerySet[Any, Any]) -> None:
        self.rows, self.keys = rows, keys

    def __getitem__(self, part: slice) -> QuerySet[Any]:
        return self.rows.filter(pk__in=self.keys[part])

    def count(self, most: int) -> int:
        return self.keys.order_by()[:most].count()


def page_of(things: Any, number: str | int, *, length: int = POSTS_PER_PAGE) -> Page:
    """Return one page of what can be sliced and has a `count(most)`, which is asked no further than it tells.

    Raises Http404 for a page that is not there (the first always is). Two queries.
    """
    try:
        number = int(number)
    except ValueError as error:
        raise Http404("Pages have numbers.") from error
    if not 1 <= number <= MOST_PAGES:
        raise Http404("There is no such page.")
    count = things.count(MOST_COUNTED + 1)
    start, end = (number - 1) * length, number * length
    if count > MOST_COUNTED:
        shown = list(things[start : end + 1])
        has_next = len(shown) > length
    else:
        shown = list(things[start:end])
        has_next = count > end
    if not shown and number > 1:
        raise Http404("There is no such page.")
    return Page(number, shown[:length], length, count, has_next)


class CountTo(Subquery):
    """How many rows a query has for a row of the outer one, counted to where the query is cut off."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def tags_in_use() -> list[tuple[Tag, int]]:
    """Return the tags that have listed posts, by name, each with how many, counted to MOST_BESIDE; one query."""
    listings = Listing.objects.filter(tag=OuterRef("pk")).ids().order_by()[: MOST_BESIDE + 1]
    tags = Tag.objects.annotate(uses=CountTo(listings)).order_by("name", "pk")
    return [(tag, tag.uses) for tag in tags if tag.uses]
