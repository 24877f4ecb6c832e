"""How an address gets on the list: it asks, a mail asks back, its owner confirms. And the ledger of all that.

Whoever asks gets the same answer for every address, at the same cost: what an address may be told is decided when its
mail is sent (subscribers/notices.py).
"""

import json
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, Q, QuerySet, Value, When

from blog import limits, mailboxes
from blog.mailboxes import HOUR
from blog.turns import in_turn
from blog.waking import wake
from subscribers import welcome, wording
from subscribers.models import Consent, FormText, Notice, Subscriber, Suppression
from subscribers.models.suppression import digest_of
from subscribers.tasks import send_notices

SORT = "subscriber mails"  # for the limits
LINKS = "subscriber links"  # counted apart: who has confirmed is no stranger who is mailed because somebody typed
MOST_OF_A_NETWORK = 20  # asks in an hour: a school or an office shares a network

Place, Status = Consent.Place, Subscriber.Status


def seconds_to_wait(network: str) -> int:
    """Count one more ask of a network; return 0, or for how many seconds no more are taken. Looks at no address."""
    granted = limits.count("asks to subscribe", network, MOST_OF_A_NETWORK, HOUR)
    return 0 if granted else limits.seconds_left(HOUR)


def ask(email: str, place: str = Place.PAGE, network: str = "", form: str = "") -> None:
    """Take note that somebody entered this address, and mail its owner if that may be done again.

    `network` is a keyed digest, `form` one of `wording.FORMS` if it is not the one of the place. Does the same for
    every address, whatever is known of it.
    """
    text = wording.of(form or place)  # not while others wait for the database
    with in_turn(), transaction.atomic():
        subscriber = mailboxes.find_or_add(Subscriber.objects.all(), email)
        if not may_be_mailed(subscriber):
            return
        subscriber.refresh_from_db()
        kind = Notice.Kind.ALREADY if subscriber.status == Status.ACTIVE else Notice.Kind.CONFIRM
        Notice.objects.create(subscriber=subscriber, kind=kind)
        note(subscriber, Consent.Kind.ASKED, place, text=text, network=network)
        wake(send_notices)


def who_asks(pk: Any, digest: Any) -> tuple[QuerySet[Subscriber], dict[str, Any]]:
    """Return the row of who asks, and what a mail to them changes.

    Who left, or is suppressed for no final cause, waits for a confirmation from now on.
    """
    weak = Q(Exists(Suppression.objects.filter(digest=digest).weak()))
    status = Case(
        When(status=Status.UNSUBSCRIBED, then=Value(Status.PENDING)),
        When(weak, status=Status.SUPPRESSED, then=Value(Status.PENDING)),
        default=F("status"),
    )
    return Subscriber.objects.filter(pk=pk), {"status": status}


COUNT_MAIL = mailboxes.mail_counter(who_asks)


def may_be_mailed(subscriber: Subscriber) -> bool:
    """Count one mail to the address if its pause is over; the condition is part of the UPDATE, so two cannot pass."""
    digest = digest_of(subscriber.email)
    return mailboxes.may_be_mailed(COUNT_MAIL, subscriber.pk, digest, email=subscriber.email, sort=SORT)


def ask_for_link(email: str) -> None:
    """Take note that somebody wants the link to the subscription of this address, and mail it to the owner.

    Does the same for every address; one that is not known is forgotten again when its mail would be sent.
    """
    with transaction.atomic():
        subscriber = mailboxes.find_or_add(Subscriber.objects.all(), email)
        if mailboxes.has_room(email, LINKS if subscriber.confirmed_at else SORT):
            Notice.objects.create(subscriber=subscriber, kind=Notice.Kind.MANAGE)
            wake(send_notices)


def confirm(subscriber: Subscriber, place: str = Place.LINK) -> bool:
    """Put an address on the list because its owner said so. Return whether this call did it."""
    with transaction.atomic():
        if not subscriber.confirm():
            return False
        lifted = Suppression.objects.of(subscriber.email).weak().delete()[0]
        note(subscriber, Consent.Kind.CONFIRMED, place)
        if lifted:
            note(subscriber, Consent.Kind.LIFTED, place)
        welcome.greet(subscriber)
    return True


def note(subscriber: Subscriber, kind: str, place: str, *, text: str = "", network: str = "", **detail: Any) -> Consent:
    """Add a line to the account of what this person agreed to. Call it in the transaction of what it tells of.

    `text` is the words of the form that was filled in, `network` a keyed digest; `detail` has to be fit for JSON.
    """
    json.dumps(detail)  # a line that cannot be read again is refused here, not by the database
    words = form_text(text) if text else None
    return Consent.objects.create(
        subscriber=subscriber, kind=kind, place=place, text=words, network=network, detail=detail
    )


def form_text(text: str) -> FormText:
    """Return the row of these words, made when they are first used. Costs two queries in either case."""
    digest = sha256(text.encode()).hexdigest()
    FormText.objects.bulk_create([FormText(digest=digest, text=text)], ignore_conflicts=True)
    return FormText.objects.get(digest=digest)


def written_as(email: str) -> QuerySet[Subscriber]:
    """Return the subscriber of this address, in whatever letters, or none."""
    return mailboxes.written_alike(Subscriber.objects.all(), email)
