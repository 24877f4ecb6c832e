"""How an address gets on the list: it asks, a mail asks back, its owner confirms."""

from django.db import transaction
from django.db.models import Case, F, Value, When

from blog.mailboxes import count_mail, find_or_add
from subscribers.models import Consent, Notice, Subscriber
from subscribers.tasks import send_notices


def ask(email: str, place: str = Consent.Place.PAGE) -> None:
    """Take note that somebody entered this address, and mail its owner if that may be done again.

    Says nothing about the address to the caller: whoever asks gets the same answer for every address.
    """
    with transaction.atomic():
        subscriber = find_or_add(Subscriber.objects.all(), email)
        if not may_be_mailed(subscriber):
            return
        note(subscriber, Consent.Kind.ASKED, place)
        subscriber.refresh_from_db()
        active = subscriber.status == Subscriber.Status.ACTIVE
        Notice.objects.create(subscriber=subscriber, kind=Notice.Kind.ALREADY if active else Notice.Kind.CONFIRM)
        transaction.on_commit(send_notices.enqueue)


def note(subscriber: Subscriber, kind: str, place: str, **detail: object) -> Consent:
    """Add a line to the account of what somebody agreed to."""
    return Consent.objects.create(subscriber=subscriber, kind=kind, place=place, detail=detail)


def may_be_mailed(subscriber: Subscriber) -> bool:
    """Count one mail to the address if its pause is over; the condition is part of the UPDATE, so two cannot pass."""
    back_to_pending = Case(
        When(status=Subscriber.Status.UNSUBSCRIBED, then=Value(Subscriber.Status.PENDING)),
        default=F("status"),
    )
    allowed = Subscriber.objects.filter(pk=subscriber.pk).exclude(status=Subscriber.Status.SUPPRESSED)
    return count_mail(allowed, status=back_to_pending)
