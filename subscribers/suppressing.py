"""Addresses that must not be mailed (docs/decisions/0027-suppression-has-two-strengths.md).

A subscriber's status and the row of their address move together, in one transaction. The row outlives the person.
"""

from collections.abc import Collection

from django.db import transaction

from subscribers import consent
from subscribers.models import Consent, Subscriber, Suppression
from subscribers.models.suppression import digest_of

__all__ = ["digest_of", "is_suppressed", "keep", "lift", "suppress"]

Cause = Suppression.Cause


def suppress(subscriber: Subscriber, cause: str, place: str) -> bool:
    """Mail this subscriber no more. Return whether this changed anything: no weaker cause replaces a final one."""
    with transaction.atomic():
        moved = subscriber.suppress()
        strengthened = keep(subscriber, cause, was_suppressed=not moved)
        if moved or strengthened:
            consent.note(subscriber, Consent.Kind.SUPPRESSED, place, cause=str(cause))
    return moved or strengthened


def keep(subscriber: Subscriber, cause: str, *, was_suppressed: bool) -> bool:
    """Write the row of a subscriber's address; return whether it is new or its cause became final.

    Who was suppressed before there were such rows, and so has none, was so by the staff's word, and gets the row now.
    """
    digest = digest_of(subscriber.email)
    known = was_suppressed and is_without_row(subscriber)
    defaults = {"cause": Cause.STAFF if known else cause}
    row, created = Suppression.objects.get_or_create(digest=digest, defaults=defaults)
    weak = Suppression.objects.weak().filter(pk=row.pk)
    return (created and not known) or (cause in Suppression.FINAL and weak.update(cause=cause) == 1)


def is_without_row(subscriber: Subscriber) -> bool:
    return subscriber.status == Subscriber.Status.SUPPRESSED and not Suppression.objects.of(subscriber.email).exists()


def is_suppressed(email: str) -> Suppression | None:
    """Return why an address must not be put on the list by others, or None. Costs three queries at most."""
    row = Suppression.objects.of(email).first()
    if row is None and consent.written_as(email).filter(status=Subscriber.Status.SUPPRESSED).exists():
        return Suppression(digest=digest_of(email), cause=Cause.STAFF)
    return row


def cause_of(subscriber: Subscriber) -> str:
    """Return why this subscriber must not be mailed; nothing if they may."""
    row = Suppression.objects.of(subscriber.email).first()
    if row is not None:
        return str(row.cause)
    return str(Cause.STAFF) if subscriber.status == Subscriber.Status.SUPPRESSED else ""


def lift(subscriber: Subscriber, place: str, causes: Collection[str] = tuple(Cause)) -> bool:
    """Let an address that was suppressed for one of these causes ask again. Return whether this call did it."""
    with transaction.atomic():
        cause = cause_of(subscriber)
        if cause not in causes:
            return False
        gone, _rows = Suppression.objects.of(subscriber.email).filter(cause=cause).delete()
        lifted = subscriber.lift() or gone > 0
        if lifted:
            consent.note(subscriber, Consent.Kind.LIFTED, place, cause=cause)
    return lifted
