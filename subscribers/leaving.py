"""How somebody leaves the list."""

from django.db import transaction

from subscribers import consent
from subscribers.models import Consent, Leaving, Subscriber


def leave(subscriber: Subscriber, place: str) -> Leaving | None:
    """Take somebody off the list, at once, and note it. Return the note if this call did it."""
    with transaction.atomic():
        if not subscriber.leave():
            return None
        consent.note(subscriber, Consent.Kind.LEFT, place)
        return Leaving.objects.create()
