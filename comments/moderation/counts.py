"""Counting that stops early, so that it costs the same whatever there is."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from comments.models import Comment
from comments.moderation.choice import TABS

MOST = 1000  # of a tab
MOST_AROUND = 20  # of a comment's neighbours
LIVE = ["waiting", "reported", "spam"]  # the tabs of which somebody wants to know how full they are


class Capped(Subquery):
    """The number of rows of a subquery that is cut off at `most` + 1."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"

    def __init__(self, queryset: QuerySet[Any], most: int) -> None:
        super().__init__(queryset.order_by().values("pk")[: most + 1], output_field=IntegerField())


def in_words(count: int, most: int) -> str:
    """Return a count, or “1,000+” where counting stopped."""
    return f"{most:,}+" if count > most else f"{count:,}"


def capped(comments: QuerySet[Comment], most: int = MOST) -> int:
    """Count no further than `most` + 1; one query, which reads no more rows than that."""
    return comments.order_by().values("pk")[: most + 1].count()


def live() -> dict[str, str]:
    """Return how many comments each of the tabs to look after has, in words; one query."""
    tabs = {name: Capped(Comment.objects.filter(TABS[name].chosen), MOST) for name in LIVE}
    row = Comment.objects.order_by("pk").values(**tabs).first() or dict.fromkeys(LIVE, 0)
    return {name: in_words(row[name], MOST) for name in LIVE}
