"""Mail addresses that somebody typed in: how one is written, whose mailbox it is, how long it is left alone.

Who is mailed because somebody else typed their address contributes no IP address; no limit by sender protects them.
"""

import datetime
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

M = TypeVar("M", bound=Model)

# How long an address is left alone after the first, the second, and every further mail it was sent on somebody's
# asking.
PAUSES = [datetime.timedelta(minutes=15), datetime.timedelta(days=1), datetime.timedelta(days=30)]


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


def find_or_add(rows: QuerySet[M], email: str) -> M:
    """Return the row whose `email` is this address in whatever letters, made if there is none.

    Needs a unique constraint over Lower("email"): of two who write at once, the second finds the first's.
    """
    # The database lowers both sides: Python and SQLite do not agree on every letter.
    same = rows.alias(key=Lower("email")).filter(key=Lower(Value(normalised(email))))
    try:
        return same.get()
    except ObjectDoesNotExist:
        try:
            with transaction.atomic():
                return rows.create(email=normalised(email))
        except IntegrityError:
            return same.get()


def count_mail(rows: QuerySet[Any], **changes: object) -> bool:
    """Count one more mail to the address in `rows`, if its pause is over; return whether it may be sent.

    `rows` is one row, or none, with the fields `asked_at` and `times_asked`; `changes` are written with them. The
    condition is part of the UPDATE, so that of any number who ask at once one passes, on either database.
    """
    now = timezone.now()
    rested = Q(asked_at=None) | Q(times_asked=0)
    for times, pause in enumerate(PAUSES, start=1):
        last = times == len(PAUSES)
        rested |= Q(**{"times_asked__gte" if last else "times_asked": times}, asked_at__lte=now - pause)
    return rows.filter(rested).update(asked_at=now, times_asked=F("times_asked") + 1, **changes) == 1
