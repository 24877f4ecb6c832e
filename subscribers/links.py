"""The links that subscribers hold. Every purpose has tokens of its own; none of them acts when it is opened."""

import datetime

from django.http import Http404

from blog.address import absolute_reverse, with_token
from blog.keys import Purpose, Signer
from subscribers.models import Subscriber

CONFIRMATION_LASTS = datetime.timedelta(days=14)


def confirmation(subscriber: Subscriber) -> str:
    """Return the address of the page on which this subscriber confirms."""
    token = Signer(Purpose.CONFIRM).token(f"{subscriber.pk}.{confirmations(subscriber)}")
    return absolute_reverse("subscription_confirm", token)


def confirming(token: str) -> tuple[Subscriber, bool]:
    """Return whom a confirmation link is about, and whether it can still confirm.

    A link is good for one confirmation: used once, or left since, it confirms nothing. Raises Http404 for one that is
    forged or too old, and for a person who was erased.
    """
    number, _dot, before = Signer(Purpose.CONFIRM).value(token, max_age=CONFIRMATION_LASTS).partition(".")
    subscriber = existing(number)
    fresh = before == confirmations(subscriber) and subscriber.status == Subscriber.Status.PENDING
    return subscriber, fresh


def unsubscribe_signer() -> Signer:
    """Return the signer of unsubscribe links; a sender makes one for all of its mails."""
    return Signer(Purpose.UNSUBSCRIBE)


def unsubscribe(signer: Signer, number: int) -> str:
    """Return the address at which the subscriber of that number leaves. It works for as long as the mail is kept."""
    return with_token("unsubscribe", signer.token(number))


def manage_signer() -> Signer:
    """Return the signer of links to a subscriber's own page; a sender makes one for all of its mails."""
    return unsubscribe_signer()


def manage(signer: Signer, number: int, address: str) -> str:
    """Return the address at which a subscriber changes what they get, for a mail to `address`: so far, only whether."""
    return unsubscribe(signer, number)


def leaving(token: str) -> Subscriber:
    """Return whose unsubscribe link this is. Raises Http404 for a forged one, and for a person who was erased."""
    return existing(unsubscribe_signer().value(token))


def confirmations(subscriber: Subscriber) -> str:
    """A mark that changes with every confirmation, so that a used link stays used."""
    return str(int(subscriber.confirmed_at.timestamp())) if subscriber.confirmed_at else "0"


def existing(number: str) -> Subscriber:
    subscriber = Subscriber.objects.filter(pk=number).first()
    if subscriber is None:
        raise Http404("Nobody with this link is known any more.")
    return subscriber
