"""What was published when: the years and months of the site's own time zone, and how many posts each has."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db import connection
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from blog.lists import MOST_BESIDE
from blog.models import Post
from blog.models.post import PostQuerySet

FIRST_YEAR, LAST_YEAR = 2, 9998  # all whose first and last moment exist in every time zone

# Each period is one walk along the index by date, so that nothing is computed for a post. (Grouping by a month that is
# cut from each post's date would call Python for every one on SQLite.)
COUNTS = """WITH period (place, starts, ends) AS (VALUES {periods})
    SELECT place, (SELECT COUNT(*) FROM ({posts}) AS counted) FROM period"""


@dataclass(frozen=True)
class Period:
    """A year, or a month of one."""

    MOST_COUNTED: ClassVar = MOST_BESIDE

    year: int
    month: int | None = None
    count: int = 0

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, 1)

    @property
    def starts(self) -> datetime.datetime:
        return midnight(self.first_day)

    @property
    def ends(self) -> datetime.datetime:
        """The moment after the last."""
        days = 31 if self.month else 366
        return midnight((self.first_day + datetime.timedelta(days)).replace(day=1))

    def months(self) -> list["Period"]:
        return [Period(self.year, month) for month in range(12, 0, -1)]

    def posts(self) -> PostQuerySet:
        """Its listed posts, newest first."""
        return between(self.starts, self.ends).listed()

    def get_absolute_url(self) -> str:
        if self.month:
            return reverse("archive_month", args=[self.year, self.month])
        return reverse("archive_year", args=[self.year])


def between(starts: datetime.datetime | RawSQL, ends: datetime.datetime | RawSQL) -> PostQuerySet:
    """Posts of a stretch of time. Comes before `listed()`: SQLite uses the first upper bound it reads for its index."""
    return Post.objects.filter(published_at__gte=starts, published_at__lt=ends)


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def years() -> list[Period]:
    """Return the years that have listed posts, the newest first; two queries. They are not counted."""
    oldest = Post.objects.listed().values_list("published_at", flat=True).last()
    if oldest is None:
        return []
    first = max(oldest.year - 1, FIRST_YEAR)  # the year before, too: it may still be that one here
    since = [Period(year) for year in range(timezone.localdate().year, first - 1, -1)]
    return [Period(period.year) for period in counted(since, most=1)]


def months(of: Iterable[Period]) -> list[Period]:
    """Return the months of these years that have listed posts, the newest first, counted; one query."""
    return counted((month for year in of for month in year.months()), most=Period.MOST_COUNTED + 1)


def counted(periods: Iterable[Period], most: int) -> list[Period]:
    """Return those of the periods that have listed posts, with how many, `most` at most; one query."""
    asked = list(periods)
    if not asked:
        return []
    listed = between(RawSQL("starts", ()), RawSQL("ends", ())).listed().order_by()
    posts, posts_params = listed.ids()[:most].query.sql_with_params()
    sql = COUNTS.format(periods=", ".join(["(%s, %s, %s)"] * len(asked)), posts=posts)
    params: list[Any] = []
    for place, period in enumerate(asked):
        params += [place, *map(connection.ops.adapt_datetimefield_value, (period.starts, period.ends))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *posts_params])
        counts: dict[int, int] = dict(cursor.fetchall())
    return [replace(period, count=counts[place]) for place, period in enumerate(asked) if counts[place]]
