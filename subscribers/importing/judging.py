"""What becomes of a line, by what is known here of its address. Pure, so that a dry run and an import agree."""

from typing import NamedTuple

from subscribers.importing.entry import Entry, Standing
from subscribers.importing.table import Outcome
from subscribers.models import Subscriber, Suppression

Cause, Status = Suppression.Cause, Subscriber.Status

NOTED = {Cause.LEFT: Outcome.LEFT_THERE, Cause.ERASED: Outcome.LEFT_THERE, Cause.BOUNCE: Outcome.BOUNCED_THERE}


class Here(NamedTuple):
    """Somebody who is known here."""

    pk: int
    status: str
    left_before: bool = False
    confirmed_here: bool = True  # by a link of ours, and not brought along


def is_final(cause: str) -> bool:
    return cause in Suppression.FINAL


def judge(entry: Entry, here: Here | None, barred: str) -> Outcome:
    """Return what becomes of this entry. `barred` is the cause for which the address is not mailed here, or nothing."""
    if isinstance(entry.standing, Cause):
        return judge_no(entry.standing, here, barred)
    status = here.status if here else ""
    if status == Status.ACTIVE:
        return Outcome.HERE
    if status == Status.SUPPRESSED or (barred and barred != Cause.LEFT):
        return Outcome.BARRED
    if status == Status.UNSUBSCRIBED or barred or (here and here.left_before):
        return Outcome.LEFT_HERE
    if entry.standing is Standing.UNCONFIRMED:
        return Outcome.UNCONFIRMED
    return Outcome.CONFIRMED if here else Outcome.ADDED


def judge_no(cause: Suppression.Cause, here: Here | None, barred: str) -> Outcome:
    """A no counts wherever it was said; only who confirmed here themselves stays, if it was no complaint."""
    final = is_final(cause)
    status = here.status if here else Status.SUPPRESSED
    if here and status == Status.ACTIVE and here.confirmed_here and not final:
        return Outcome.STAYS
    settled = status == Status.SUPPRESSED if final else status != Status.ACTIVE
    if settled and barred and (is_final(barred) or not final):
        return Outcome.KNOWN_NO
    return NOTED.get(cause, Outcome.REFUSED_THERE)
