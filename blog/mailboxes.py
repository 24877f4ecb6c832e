"""Mail addresses that somebody typed in: how one is written, whose mailbox it is, how long it is left alone.

Who is mailed because somebody else typed their address contributes no IP address; no limit by sender protects them.
"""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db.models import Expression, F, Model, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

from blog import limits
from blog.limits import Allowance
from blog.prepared import PreparedUpdate

M = TypeVar("M", bound=Model)

# How long an address is left alone after the first, the second, and every further mail it was sent on somebody's
# asking.
PAUSES = [datetime.timedelta(minutes=15), datetime.timedelta(days=1), datetime.timedelta(days=30)]

QUARTER, HOUR, DAY = datetime.timedelta(minutes=15), datetime.timedelta(hours=1), datetime.timedelta(days=1)

# How many mails of a sort anybody can cause: to one mailbox, however its address is written, and from this site in all.
MOST_A_QUARTER, MOST_A_DAY = 1, 3
MOST_AN_HOUR = 300


def normalised(email: str) -> str:
    """Return the address with its domain in lower case; the part before the @ is its owner's business (RFC 5321)."""
    local, _at, domain = email.strip().rpartition("@")
    return f"{local}@{domain.lower()}"


def folded(email: str) -> str:
    """Return one address for all ways to write to one mailbox: without a +tag, and without dots, in lower case.

    Coarser than the truth, since not every provider drops dots. It is for counting mails, never for telling people
    apart.
    """
    local, _at, domain = email.strip().lower().rpartition("@")
    name = local.partition("+")[0].replace(".", "")
    return f"{name or local}@{domain}"


def written_alike(rows: QuerySet[M], email: str) -> QuerySet[M]:
    """Return those of the rows, one or none, whose `email` is this address in whatever letters."""
    return alike(rows, Value(normalised(email)))


def alike(rows: QuerySet[M], email: Expression) -> QuerySet[M]:
    """Like `written_alike`, for an address that is normalised."""
    # The database lowers both sides: Python and SQLite do not agree on every letter.
    return cast("QuerySet[M]", rows.alias(key=Lower("email")).filter(key=Lower(email)))


def find_or_add(rows: QuerySet[M], email: str) -> M:
    """Return the row whose `email` is this address in whatever letters, made if there is none.

    Needs a unique constraint over Lower("email"): of two who write at once, the second finds the first's. Makes the
    same two queries whether the address was known or not, so that their time tells nothing.
    """
    rows.bulk_create([rows.model(email=normalised(email))], ignore_conflicts=True)
    return written_alike(rows, email).get()


def mail_counter(find: "Callable[..., tuple[QuerySet[Any], dict[str, Any]]]") -> PreparedUpdate:
    """Return the UPDATE that counts one more mail to an address, if its pause is over; for `may_be_mailed`.

    `find` returns one row, or none, with the fields `asked_at` and `times_asked`, and what else is written. The
    condition is part of the UPDATE, so that of any number who ask at once one passes, on either database.
    """

    def build(now: Any, long_enough_ago: Any, *about: Any) -> "tuple[QuerySet[Any], dict[str, Any]]":
        rows, changes = find(*about)
        rested = Q(asked_at=None) | Q(times_asked=0)
        for times, long_ago in enumerate(long_enough_ago, start=1):
            last = times == len(PAUSES)
            rested |= Q(**{"times_asked__gte" if last else "times_asked": times}, asked_at__lte=long_ago)
        return rows.filter(rested), {"asked_at": now, "times_asked": F("times_asked") + 1, **changes}

    return PreparedUpdate(build)


def has_room(email: str, sort: str) -> bool:
    """Count one mail of a sort to the mailbox, and to the site's hour; return False, and count nothing, if one is full.

    Costs what `limits.grant` does.
    """
    return limits.grant(allowances(email, sort))


def allowances(email: str, sort: str) -> list[Allowance]:
    """Return what a mail of this sort to this address counts against."""
    mailbox = folded(email)
    return [
        Allowance(f"{sort} a quarter", mailbox, MOST_A_QUARTER, QUARTER),
        Allowance(f"{sort} a day", mailbox, MOST_A_DAY, DAY),
        Allowance(f"{sort} an hour", "everybody", MOST_AN_HOUR, HOUR),
    ]


def may_be_mailed(counter: PreparedUpdate, *about: str | int, email: str, sort: str) -> bool:
    """Count one mail to the address (`mail_counter`), its mailbox and the hour; False, and nothing, if one is full.

    Call it in a transaction.
    """
    wanted = allowances(email, sort)
    if not limits.grant(wanted):
        return False
    now = timezone.now()
    if counter.run(now, [now - pause for pause in PAUSES], *about):
        return True
    limits.give_back(wanted)
    return False
