"""How somebody leaves the list."""

from django.db import transaction

from subscribers import consent
from subscribers.models import Consent, Leaving, Subscriber


def leave(subscriber: Subscriber, place: str) -> bool:
    """Take the address off the list, at once, and write it down. Return whether this call did it."""
    with transaction.atomic():
        done = subscriber.leave()
        if done:
            Leaving.objects.create()
            consent.note(subscriber, Consent.Kind.LEFT, place)
    return done
