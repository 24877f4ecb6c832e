"""The links at the top and at the foot of every page."""

from typing import NamedTuple

from django.db.models import CharField, IntegerField, Value
from django.urls import reverse

from blog.models import NavigationLink, Page

PAGE = "page"  # beside the places of NavigationLink: a page that nobody has linked by hand


class Link(NamedTuple):
    label: str
    address: str


class Navigation(NamedTuple):
    masthead: list[Link]
    footer: list[Link]


def load() -> Navigation:
    """Return the site's links, in one query.

    Until an editor puts a link at the foot, every page is linked there; from then on, the foot has what they chose.
    """
    links = NavigationLink.objects.order_by().values_list("place", "position", "pk", "label", "address")
    pages = Page.objects.order_by().values_list(
        Value(PAGE, CharField()), Value(0, IntegerField()), "pk", "title", "slug"
    )
    rows: dict[str, list[Link]] = {NavigationLink.Place.MASTHEAD: [], NavigationLink.Place.FOOTER: [], PAGE: []}
    for place, _position, _pk, label, address in sorted(links.union(pages, all=True)):
        rows[place].append(Link(label, reverse("page", args=[address]) if place == PAGE else address))
    by_title = sorted(rows[PAGE])
    return Navigation(rows[NavigationLink.Place.MASTHEAD], rows[NavigationLink.Place.FOOTER] or by_title)
