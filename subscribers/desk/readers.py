"""Who did not get an issue, and why; and page by page what became of every mail."""

import datetime
import re
from collections import Counter
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog.parameters import number
from subscribers import newsletter
from subscribers.desk.access import may_see_addresses, senders_only
from subscribers.desk.issues import ENDED, find
from subscribers.desk.progress import MISSED, Line, Progress, State
from subscribers.models import Delivery, Issue

PER_PAGE = 100
AT_FIRST = 10  # addresses of each state on the page that says why
GROUPED = 2000  # mails of a state whose reasons are counted
REASONS = 20  # different ones that are shown
ADDRESS = re.compile(r"<?[^\s<>()\"']+@[^\s<>()\"',;]+>?")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


class Place(NamedTuple):
    """Where a page begins: after this delivery, in the order of the index on deliveries."""

    value: int  # microseconds since 1970 of `next_try_at`
    pk: int

    @classmethod
    def of(cls, delivery: Delivery) -> "Place":
        return cls((delivery.next_try_at - EPOCH) // MICROSECOND, delivery.pk)

    @classmethod
    def read(cls, text: str) -> "Place | None":
        value, _dash, pk = text.partition("-")
        return cls(number(value), number(pk)) if number(value) and number(pk) else None

    def __str__(self) -> str:
        return f"{self.value}-{self.pk}"

    def after(self) -> Q:
        try:
            when = EPOCH + self.value * MICROSECOND
        except OverflowError:
            return Q(pk=None)
        return Q(next_try_at__gte=when) & (Q(next_try_at__gt=when) | Q(pk__gt=self.pk))


class Missed(NamedTuple):
    """A state in which readers did not get the issue: the reasons with their numbers, and the first of the mails."""

    line: Line
    reasons: list[tuple[str, int]]
    counted: int  # mails whose reasons were counted, if not all
    deliveries: list[Delivery]


@senders_only
@never_cache
@require_safe
def show_readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did not get it, and why; with `?state=`, every mail in that state, PER_PAGE at a time."""
    issue, state = find(pk), request.GET.get("state", "")
    shows_addresses = may_see_addresses(request)
    if state in Delivery.State.values:
        if not shows_addresses:
            raise PermissionDenied
        place = Place.read(request.GET.get("after", ""))
        return render(request, "subscribers/desk/reader_list.html", one_page(issue, state, place))
    progress = Progress.of(issue)
    joined = joined_since(issue) if issue.state in ENDED and issue.started_at else 0
    missed = [look_at(issue, line, shows_addresses) for line in progress.lines if line.state in MISSED]
    context = {"issue": issue, "missed": missed, "joined": joined, "shows_addresses": shows_addresses}
    return render(request, "subscribers/desk/issue_readers.html", context)


def joined_since(issue: Issue) -> int:
    """Return how many would get the issue today and have no delivery of it."""
    had = Delivery.objects.filter(issue=issue, subscriber=OuterRef("pk"))
    return newsletter.audience_of(issue).filter(~Exists(had)).count()


def one_page(issue: Issue, state: str, place: Place | None) -> dict[str, Any]:
    """What a page of mails in one state shows. Counts nothing: a million of them cost as much as ten."""
    rows = list(in_state(issue, state).filter(place.after() if place else Q())[: PER_PAGE + 1])
    further = Place.of(rows[PER_PAGE - 1]) if len(rows) > PER_PAGE else None
    return {
        "issue": issue,
        "state": Delivery.State(state),
        "tabs": [State.SENT, *MISSED, State.PENDING],
        "after": place,
        "deliveries": rows[:PER_PAGE],
        "further": further,
    }


def look_at(issue: Issue, line: Line, shows_addresses: bool) -> Missed:
    """Read the reasons of the first GROUPED mails in a state: two short queries, whatever their number."""
    deliveries = in_state(issue, line.state)
    errors = Counter(map(without_addresses, deliveries.values_list("error", flat=True)[:GROUPED]))
    shown = list(deliveries[:AT_FIRST]) if shows_addresses else []
    return Missed(line, errors.most_common(REASONS), GROUPED if line.number > GROUPED else 0, shown)


def in_state(issue: Issue, state: str) -> QuerySet[Delivery]:
    """The mails of an issue in a state, as a stretch of the index “delivery_due”."""
    return Delivery.objects.filter(issue=issue, state=state).order_by("next_try_at", "pk")


def without_addresses(error: str) -> str:
    """Return a server's answer without the addresses in it, so that the same answer to two readers is one reason."""
    return ADDRESS.sub("…", error)
