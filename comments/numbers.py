"""The conversation in numbers, at /admin/moderation/numbers/: what came, what became of it, how right the filter was.

Everything is counted by the database, over the comments of a window of days that the index of statuses leads to: the
cost follows the window, not the conversation.
"""

import datetime
from collections import Counter
from typing import NamedTuple

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from blog import plot
from comments.models import Comment, CommentQuerySet, Filters
from comments.moderation.access import moderators_only

WINDOWS = [30, 90]  # days
FEW = 10  # below so many cases a share says nothing

DAY = datetime.timedelta(days=1)
KINDS = [  # of comments, from the ground up
    plot.Kind("approved", _("approved")),
    plot.Kind("removed", _("refused or taken back")),
    plot.Kind("waiting", _("waiting")),
    plot.Kind("spam", _("spam")),
]


class Day(NamedTuple):
    """How many comments of a day are in each status now."""

    date: datetime.date
    approved: int = 0
    waiting: int = 0
    spam: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        return self.approved + self.waiting + self.spam + self.removed


class Accuracy(NamedTuple):
    """What the filter said by its score, and what people said. What was put aside and left there counts as right."""

    caught: int  # put aside, and spam
    wronged: int  # put aside, and approved by somebody
    missed: int  # let through, and marked as spam by somebody

    @property
    def put_aside(self) -> int:
        return self.caught + self.wronged

    @property
    def spam(self) -> int:
        return self.caught + self.missed

    @property
    def precision(self) -> int | None:
        """How much of what it put aside was spam, in percent; None where there were too few to say."""
        return share(self.caught, self.put_aside)

    @property
    def recall(self) -> int | None:
        """How much of the spam it put aside, in percent; None where there was too little to say."""
        return share(self.caught, self.spam)


class Decider(NamedTuple):
    """What one moderator decided last."""

    name: str
    approved: int
    spam: int
    removed: int

    @property
    def total(self) -> int:
        return self.approved + self.spam + self.removed


@moderators_only
@never_cache
@require_safe
def show_numbers(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("days", "")
    window = next((days for days in WINDOWS if str(days) == chosen), WINDOWS[0])
    today = timezone.localdate()
    start = timezone.make_aware(datetime.datetime.combine(today - (window - 1) * DAY, datetime.time.min))
    days = by_day(start, today)
    people = deciders(start)
    context = {
        "window": window,
        "windows": WINDOWS,
        "days": days,
        "total": sum(day.total for day in days),
        "plot": plot.draw(days, KINDS),
        "accuracy": accuracy(start, Filters.load().threshold),
        "deciders": people,
        "half_within": half_within(start, sum(person.total for person in people)),
        "few": FEW,
    }
    return render(request, "comments/moderation_numbers.html", context)


def written_since(start: datetime.datetime) -> CommentQuerySet:
    # All statuses are named, so that the index, which begins with them, leads to the days of each.
    return Comment.objects.filter(status__in=Comment.Status.values, created_at__gte=start).order_by()


def decided_since(start: datetime.datetime) -> CommentQuerySet:
    return written_since(start).filter(decided_by__isnull=False).exclude(status=Comment.Status.WAITING)


def by_day(start: datetime.datetime, today: datetime.date) -> list[Day]:
    """Count the comments of each day, from the day of `start` to today, by what became of them. One query."""
    rows = written_since(start).values_list(TruncDate("created_at"), "status").annotate(number=Count("pk"))
    counted = {(date, status): number for date, status, number in rows}
    first = timezone.localdate(start)
    dates = [first + n * DAY for n in range((today - first).days + 1)]
    return [Day(date, **{name: counted.get((date, name), 0) for name in Comment.Status.values}) for date in dates]


def accuracy(start: datetime.datetime, threshold: float) -> Accuracy:
    """Compare the filter's scores, at this threshold, with what people decided. One query."""
    spam, approved = Q(status=Comment.Status.SPAM), Q(status=Comment.Status.APPROVED, decided_by__isnull=False)
    counted = written_since(start).aggregate(
        caught=Count("pk", filter=spam & Q(score__gte=threshold)),
        wronged=Count("pk", filter=approved & Q(score__gte=threshold)),
        missed=Count("pk", filter=spam & Q(score__lt=threshold, decided_by__isnull=False)),
    )
    return Accuracy(**counted)


def deciders(start: datetime.datetime) -> list[Decider]:
    """Count who decided how many, the busiest first. Two queries."""
    rows = decided_since(start).values_list("decided_by", "status").annotate(number=Count("pk"))
    counted = Counter({(person, status): number for person, status, number in rows})
    people = User.objects.in_bulk({person for person, _status in counted})
    found = [
        Decider(user.display_name, *(counted[pk, name] for name in ("approved", "spam", "removed")))
        for pk, user in people.items()
    ]
    return sorted(found, key=lambda person: (-person.total, person.name))


def half_within(start: datetime.datetime, number: int) -> str:
    """Return the time within which half of the `number` decisions were taken, in words; nothing where there are few.

    One query, which sorts the decisions of the window.
    """
    if number < FEW:
        return ""
    took = ExpressionWrapper(F("decided_at") - F("created_at"), output_field=DurationField())
    middle = (number - 1) // 2
    median = decided_since(start).order_by(took).values_list(took, flat=True)[middle : middle + 1]
    now = timezone.now()
    return "".join(timesince(now - duration, now, depth=1) for duration in median)


def share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole >= FEW else None
