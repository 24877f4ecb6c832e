"""How somebody gets off the list: at once, whichever way they say it."""

import datetime

from django.core import signing
from django.db import transaction

from subscribers import consent
from subscribers.models import Consent, Leaving, Subscriber

SALT = "subscribers.leaving"
ASKED_WHY_FOR = datetime.timedelta(days=1)


def leave(subscriber: Subscriber, place: str) -> Leaving | None:
    """Take somebody off the list, and note it. Return what notes it, if this call did it; None if they were off it."""
    with transaction.atomic():
        if not subscriber.leave():
            return None
        consent.note(subscriber, Consent.Kind.LEFT, place)
        return Leaving.objects.create()


def ticket(leaving: Leaving) -> str:
    """Return what the page after leaving carries, so that the reason can be given without saying who left."""
    return signing.TimestampSigner(salt=SALT).sign(str(leaving.pk))


def give_reason(carried: str, reason: str, words: str) -> bool:
    """Note why somebody left, once. Return whether this call did it; a forged or old ticket notes nothing."""
    try:
        number = signing.TimestampSigner(salt=SALT).unsign(carried, max_age=ASKED_WHY_FOR)
    except signing.BadSignature:
        return False
    return Leaving.objects.filter(pk=number, reason="", words="").update(reason=reason, words=words) == 1
