"""Addresses that must not be mailed: known by a keyed digest, which outlives the person's row."""

from django.db import transaction

from blog.mailboxes import normalised
from blog.networks import keyed_digest
from subscribers import consent
from subscribers.models import Consent, Subscriber, Suppression


def digest_of(email: str) -> str:
    """Return the digest by which an address is known again, in whatever letters. Costs a query."""
    return keyed_digest(normalised(email).lower())


def is_suppressed(email: str) -> Suppression | None:
    """Return the suppression of an address, if there is one."""
    return Suppression.objects.filter(digest=digest_of(email)).first()


def suppress(subscriber: Subscriber, cause: str, place: str) -> bool:
    """Mail this subscriber no more. Return whether this took them off; a final cause replaces a weaker one."""
    with transaction.atomic():
        suppression, created = Suppression.objects.get_or_create(
            digest=digest_of(subscriber.email), defaults={"cause": cause}
        )
        if not created and cause in Suppression.FINAL:
            Suppression.objects.filter(pk=suppression.pk).exclude(cause__in=Suppression.FINAL).update(cause=cause)
        done = subscriber.suppress()
        if done:
            consent.note(subscriber, Consent.Kind.SUPPRESSED, place, cause=str(cause))
    return done
