"""How far an issue is: its deliveries by state, how fast they go out, and how long the rest takes."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers import ledger
from subscribers.models import Delivery, Issue
from subscribers.models.issue import NEVER_ENDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

State = Delivery.State

RECENT = datetime.timedelta(minutes=5)
LOOKED_AT = 500  # of the mails sent last, to tell how fast they go out
MISSED = [State.FAILED, State.UNKNOWN, State.DEFERRED, State.SKIPPED]  # who did not get it, or not for sure
AT_WORK = [State.PENDING, State.CLAIMED, State.TRANSMITTING]  # what goes out as fast as it can

MEANINGS: "dict[str, StrOrPromise]" = {
    State.SENT: _("The mail server took it."),
    State.PENDING: _("Its turn has not come yet."),
    State.CLAIMED: _("A worker has it in hand."),
    State.TRANSMITTING: _("It is being handed to the mail server now."),
    State.DEFERRED: _("The server could not take it yet. It is tried again by itself, for about two days."),
    State.FAILED: _("The server refused it for good. Trying again helps only where the reason is gone."),
    State.SKIPPED: _("The reader left the list, or the issue was stopped, before their turn."),
    State.UNKNOWN: _("The connection broke while it was on its way. Nobody can tell whether it arrived."),
}


class Line(NamedTuple):
    """One state, how many deliveries are in it, and what that means."""

    state: str
    label: str
    number: int
    meaning: "StrOrPromise"
    is_missed: bool


@dataclass(frozen=True)
class Progress:
    """What the ledger says of an issue that has begun."""

    audience: int
    sums: dict[str, int]
    per_second: float = 0.0  # 0: nobody can tell
    never_ends: bool = False

    @classmethod
    def of(cls, issue: Issue) -> "Progress":
        """Ask the ledger: one query, and one more while mails go out."""
        goes_out = issue.state == Issue.State.SENDING
        never_ends = issue.kind == NEVER_ENDS
        return cls(issue.audience, ledger.sums(issue), per_second(issue) if goes_out else 0.0, never_ends)

    def count(self, states: Sequence[Delivery.State]) -> int:
        return sum(self.sums.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.sums.values())

    @property
    def sent(self) -> int:
        return self.sums.get(State.SENT, 0)

    @property
    def settled(self) -> int:
        """Of how many it is known what became of them."""
        return self.total - self.count(Delivery.OPEN)

    @property
    def missed(self) -> int:
        return self.count(MISSED)

    @property
    def adds_up(self) -> bool:
        """Say whether every candidate is in exactly one state. A welcome has no end, so no sum to compare with."""
        return self.never_ends or self.total == self.audience

    @property
    def seconds_left(self) -> float | None:
        """How long what is under way takes at this pace. None: nobody can tell. What was put off is not in it."""
        return self.count(AT_WORK) / self.per_second if self.per_second else None

    @property
    def lines(self) -> list[Line]:
        """The states that occur, and always “sent”, in the order of State."""
        return [
            Line(state.value, str(state.label), count, MEANINGS[state], state in MISSED)
            for state in [State.SENT, *(state for state in State if state != State.SENT)]
            if (count := self.sums.get(state, 0)) or state == State.SENT
        ]


def per_second(issue: Issue) -> float:
    """Return how many mails went out per second lately; 0 if there were too few to tell.

    Reads the end of one stretch of the index, LOOKED_AT rows at most, whatever the size of the issue.
    """
    since = timezone.now() - RECENT
    latest = Delivery.objects.filter(issue=issue, state=State.SENT).order_by("-next_try_at", "-pk")
    times = [sent_at for sent_at in latest.values_list("sent_at", flat=True)[:LOOKED_AT] if sent_at and sent_at > since]
    if len(times) < 2:
        return 0.0
    span = (max(times) - min(times)).total_seconds()
    return (len(times) - 1) / span if span > 0 else 0.0
