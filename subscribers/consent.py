"""How an address gets on the list: it asks, a mail asks back, its owner confirms."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from subscribers.models import Notice, Subscriber
from subscribers.tasks import send_notices

# How long an address is left alone after the first, the second, and every further mail it was sent on somebody's
# asking. The person who is mailed contributes no IP address, so a limit by sender would not protect them.
PAUSES = [datetime.timedelta(minutes=15), datetime.timedelta(days=1), datetime.timedelta(days=30)]


def ask(email: str) -> None:
    """Take note that somebody entered this address, and mail its owner if that may be done again.

    Says nothing about the address to the caller: whoever asks gets the same answer for every address.
    """
    with transaction.atomic():
        subscriber = find_or_add(email)
        if not may_be_mailed(subscriber):
            return
        subscriber.refresh_from_db()
        active = subscriber.status == Subscriber.Status.ACTIVE
        Notice.objects.create(subscriber=subscriber, kind=Notice.Kind.ALREADY if active else Notice.Kind.CONFIRM)
        transaction.on_commit(send_notices.enqueue)


def normalised(email: str) -> str:
    """Return the address with its domain in lower case; the part before the @ is its owner's business (RFC 5321)."""
    local, _at, domain = email.strip().rpartition("@")
    return f"{local}@{domain.lower()}"


def find_or_add(email: str) -> Subscriber:
    # The database lowers both sides: Python and SQLite do not agree on every letter.
    key = Lower(Value(normalised(email)))
    same: QuerySet[Subscriber] = Subscriber.objects.alias(key=Lower("email")).filter(key=key)
    try:
        return same.get()
    except Subscriber.DoesNotExist:
        try:
            with transaction.atomic():
                return Subscriber.objects.create(email=normalised(email))
        except IntegrityError:  # the other of two who asked at once was first
            return same.get()


def may_be_mailed(subscriber: Subscriber) -> bool:
    """Count one mail to the address if its pause is over; the condition is part of the UPDATE, so two cannot pass."""
    now = timezone.now()
    rested = Q(asked_at=None) | Q(times_asked=0)
    for times, pause in enumerate(PAUSES, start=1):
        last = times == len(PAUSES)
        rested |= Q(**{"times_asked__gte" if last else "times_asked": times}, asked_at__lte=now - pause)
    back_to_pending = Case(
        When(status=Subscriber.Status.UNSUBSCRIBED, then=Value(Subscriber.Status.PENDING)),
        default=F("status"),
    )
    allowed = Subscriber.objects.filter(rested, pk=subscriber.pk).exclude(status=Subscriber.Status.SUPPRESSED)
    return allowed.update(asked_at=now, times_asked=F("times_asked") + 1, status=back_to_pending) == 1
