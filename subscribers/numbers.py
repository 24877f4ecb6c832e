"""The list in numbers, without spying: what the rows of the list, its issues and its leavers add up to.

Everything is counted by the database, over a window of days that an index leads to, or for the newest few issues.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from subscribers.models import Bounce, Consent, Delivery, Issue, Leaving, ListSize, MailVisits, Subscriber

DAY = datetime.timedelta(days=1)
FEW = 10  # below so many cases a share says nothing
MOST_ISSUES = 10  # whose deliveries are counted: up to a million each
MOST_WORDS = 30  # of what leavers wrote
REACH = 90  # days that the first run fills back

Stopped = Callable[[], bool]
Kind, State = Bounce.Kind, Delivery.State


class Size(NamedTuple):
    """How many were on the list at the end of a day."""

    date: datetime.date
    active: int = 0

    @property
    def total(self) -> int:
        return self.active


class Leavers(NamedTuple):
    """How many left on a day."""

    date: datetime.date
    left: int = 0

    @property
    def total(self) -> int:
        return self.left


class Share(NamedTuple):
    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share in percent; None where there are too few to say."""
        return round(100 * self.part / self.whole) if self.whole >= FEW else None

    @property
    def per_thousand(self) -> float | None:
        return round(1000 * self.part / self.whole, 1) if self.whole >= FEW else None


class Sent(NamedTuple):
    """What became of an issue's mails, and what came back."""

    issue: Issue
    sent: int
    failed: int
    unknown: int
    came_back: int
    complaints: int
    visits: int


class Reason(NamedTuple):
    label: str
    number: int


def start_of(window: int) -> datetime.datetime:
    """Return the midnight with which a window of so many days begins; today is its last."""
    first = timezone.localdate() - (window - 1) * DAY
    return timezone.make_aware(datetime.datetime.combine(first, datetime.time.min))


def dates_since(start: datetime.datetime) -> list[datetime.date]:
    first = timezone.localdate(start)
    return [first + n * DAY for n in range((timezone.localdate() - first).days + 1)]


def sizes(start: datetime.datetime) -> list[Size]:
    """Return the size of the list on each day. A day without a row has the size of the one before. One query."""
    rows = dict(ListSize.objects.filter(date__gte=timezone.localdate(start)).values_list("date", "active"))
    found, active = [], 0
    for date in dates_since(start):
        active = rows.get(date, active)
        found.append(Size(date, active))
    return found


def confirmed_share(start: datetime.datetime) -> Share:
    """Return how many asked since then, and how many of them have confirmed. Two queries, along the index of kinds."""
    confirmed = Consent.objects.filter(
        subscriber=OuterRef("subscriber"), kind=Consent.Kind.CONFIRMED, at__gte=OuterRef("at")
    )
    asked = Consent.objects.filter(kind=Consent.Kind.ASKED, at__gte=start).order_by()
    counted = asked.annotate(done=Exists(confirmed)).values("done").annotate(people=Count("subscriber", distinct=True))
    people = dict(counted.values_list("done", "people"))
    done = people.get(True, 0)
    # Who asked again after confirming is in both.
    return Share(done, max(done, asked.aggregate(n=Count("subscriber", distinct=True))["n"]))


def came_back(start: datetime.datetime) -> Counter[tuple[int, str]]:
    """Return how many mails of each issue came back since then, by kind. One query, along the index of days."""
    # Which issues are wanted is left to the caller: named here, they would lead to all their deliveries.
    return counted_by(Bounce.objects.filter(at__gte=start), "delivery__issue", "kind")


def issues(start: datetime.datetime, returned: Counter[tuple[int, str]]) -> list[Sent]:
    """Return what became of the newest issues that began since then, with what `came_back`. Three queries."""
    begun = Issue.objects.filter(started_at__gte=start).order_by("-started_at")
    newest = list(begun[:MOST_ISSUES])
    states = counted_by(Delivery.objects.filter(issue__in=newest), "issue", "state")
    visits = dict(MailVisits.objects.filter(issue__in=newest).values_list("issue").annotate(n=Sum("count")))
    return [
        Sent(
            issue,
            states[issue.pk, State.SENT],
            states[issue.pk, State.FAILED],
            states[issue.pk, State.UNKNOWN],
            returned[issue.pk, Kind.HARD] + returned[issue.pk, Kind.SOFT],
            returned[issue.pk, Kind.COMPLAINT],
            visits.get(issue.pk, 0),
        )
        for issue in newest
    ]


def counted_by(rows: "QuerySet[Delivery] | QuerySet[Bounce]", issue: str, name: str) -> Counter[tuple[int, str]]:
    counted = rows.order_by().values_list(issue, name).annotate(n=Count("pk"))
    return Counter({(pk, value): n for pk, value, n in counted})


def by_kind(returned: Counter[tuple[int, str]]) -> list[Reason]:
    """Return how many mails came back, of all issues, by kind; kinds of which there are none are left out."""
    numbers = {kind: sum(n for (_issue, other), n in returned.items() if other == kind) for kind in Kind}
    return [Reason(str(kind.label), n) for kind, n in numbers.items() if n]


def leavers(start: datetime.datetime) -> tuple[list[Leavers], list[Reason]]:
    """Return how many left on each day, and why, the most frequent reason first. One query."""
    rows = (
        Leaving.objects.filter(at__gte=start).order_by().values_list(TruncDate("at"), "reason").annotate(n=Count("pk"))
    )
    days: Counter[datetime.date] = Counter()
    reasons: Counter[str] = Counter()
    for date, reason, n in rows:
        days[date] += n
        reasons[reason] += n
    labels = dict(Leaving.Reason.choices)
    named = [Reason(str(labels.get(reason, "")), n) for reason, n in reasons.most_common()]
    return [Leavers(date, days[date]) for date in dates_since(start)], named


def words(start: datetime.datetime) -> list[Leaving]:
    """Return what leavers wrote since then, the newest first. One query."""
    return list(Leaving.objects.filter(at__gte=start).exclude(words="").order_by("-at")[:MOST_WORDS])


def note_size(stopped: Stopped = lambda: False) -> int:
    """Write down how many are on the list now, as today's size; the first run fills 90 days back. Return the number.

    Two counts along the index of statuses: tens of milliseconds for a million.
    """
    if not ListSize.objects.exists():
        fill_back()
    active = Subscriber.objects.active().count()
    pending = Subscriber.objects.filter(status=Subscriber.Status.PENDING).count()
    values = {"active": active, "pending": pending}
    ListSize.objects.update_or_create(date=timezone.localdate(), defaults=values)
    return active


def fill_back() -> None:
    """Work out the sizes of the last 90 days from when people confirmed and left. Reads the whole list, once.

    Who left and came back is taken for somebody who came once, and erased people are not in it.
    """
    start = start_of(REACH)
    people = Subscriber.objects.filter(confirmed_at__isnull=False).order_by()
    came = dict(people.filter(confirmed_at__gte=start).values_list(TruncDate("confirmed_at")).annotate(n=Count("pk")))
    left = dict(people.filter(left_at__gte=start).values_list(TruncDate("left_at")).annotate(n=Count("pk")))
    active = Subscriber.objects.active().count()
    rows = []
    for date in reversed(dates_since(start)):
        rows.append(ListSize(date=date, active=max(active, 0), pending=0))
        active += left.get(date, 0) - came.get(date, 0)
    ListSize.objects.bulk_create(rows, ignore_conflicts=True)
