"""The links that subscribers hold. Every purpose has tokens of its own; none of them acts when it is opened.

Two lead to the page of a subscription (docs/decisions/0026-two-links-to-a-subscription.md): one travels with every mail
and may be forwarded, one is mailed on asking and shows everything.
"""

import datetime
import hashlib

from django.http import Http404

from blog.address import absolute_reverse, with_token
from blog.keys import Purpose, Signer
from subscribers.models import Subscriber

CONFIRMATION_LASTS = datetime.timedelta(days=14)
OWN_DATA_LASTS = datetime.timedelta(hours=24)
NEW_ADDRESS_LASTS = datetime.timedelta(days=3)


def confirmation(subscriber: Subscriber) -> str:
    """Return the address of the page on which this subscriber confirms."""
    token = Signer(Purpose.CONFIRM).token(f"{subscriber.pk}.{standing(subscriber)}")
    return absolute_reverse("subscription_confirm", token)


def confirming(token: str) -> tuple[Subscriber, bool]:
    """Return whom a confirmation link is about, and whether it can still confirm.

    A link is good for one confirmation: used once, or left since it was asked for, it confirms nothing. Raises Http404
    for one that is forged or too old, and for a person who was erased.
    """
    number, _dot, before = Signer(Purpose.CONFIRM).value(token, max_age=CONFIRMATION_LASTS).partition(".")
    subscriber = existing(number)
    fresh = before == standing(subscriber) and subscriber.status == Subscriber.Status.PENDING
    return subscriber, fresh


def standing(subscriber: Subscriber) -> str:
    """A mark that changes with every confirmation and every leaving, so that a link from before is told apart."""
    moments = (subscriber.confirmed_at, subscriber.left_at)
    return "-".join(str(round(moment.timestamp() * 1_000_000)) if moment else "0" for moment in moments)


def never(subscriber: Subscriber) -> str:
    """Return the address of the page on which the owner of an address wants no mail at all."""
    token = Signer(Purpose.NEVER).token(bound(subscriber.pk, subscriber.email))
    return absolute_reverse("subscription_never", token)


def refusing(token: str) -> Subscriber:
    """Return whose wish for no mail a link can say. Raises Http404 like `managing`; it does not age."""
    return existing_at(Signer(Purpose.NEVER).value(token))


def unsubscribe_signer() -> Signer:
    """Return the signer of unsubscribe links; a sender makes one for all of its mails."""
    return Signer(Purpose.UNSUBSCRIBE)


def unsubscribe(signer: Signer, number: int) -> str:
    """Return the address at which the subscriber of that number leaves. It works for as long as the mail is kept."""
    return with_token("unsubscribe", signer.token(number))


def leaving(token: str) -> Subscriber:
    """Return whose unsubscribe link this is. Raises Http404 for a forged one, and for a person who was erased."""
    return existing(unsubscribe_signer().value(token))


def manage_signer() -> Signer:
    """Return the signer of the links to subscriptions; a sender makes one for all of its mails."""
    return Signer(Purpose.MANAGE)


def manage(signer: Signer, number: int, address: str) -> str:
    """Return the address of the page of a subscription, for a mail to `address`. Costs no query.

    It works until the subscriber has another address.
    """
    return with_token("subscription_manage", signer.token(bound(number, address)))


def own_data(subscriber: Subscriber) -> str:
    """Return the address of the same page with everything on it, for a mail to the owner and nobody else."""
    token = Signer(Purpose.OWN_DATA).token(bound(subscriber.pk, subscriber.email))
    return absolute_reverse("subscription_manage", token)


def managing(token: str) -> tuple[Subscriber, bool]:
    """Return whose subscription this is, and whether the link shows everything.

    Raises Http404 for a link that is forged or too old, and when the person was erased or has another address now.
    """
    try:
        return owner(token), True
    except Http404:
        return existing_at(manage_signer().value(token)), False


def owner(token: str) -> Subscriber:
    """Return whose own data a link shows. Raises Http404 as `managing` does."""
    return existing_at(Signer(Purpose.OWN_DATA).value(token, max_age=OWN_DATA_LASTS))


def new_address(subscriber: Subscriber) -> str:
    """Return the address of the page on which the owner of the new address says that it is right."""
    token = Signer(Purpose.NEW_ADDRESS).token(bound(subscriber.pk, subscriber.new_email))
    return absolute_reverse("subscription_address", token)


def moving(token: str) -> tuple[Subscriber, bool]:
    """Return whose new address a link is about, and whether it is still the one that is wanted."""
    number, _dot, mark = Signer(Purpose.NEW_ADDRESS).value(token, max_age=NEW_ADDRESS_LASTS).partition(".")
    subscriber = existing(number)
    return subscriber, bool(subscriber.new_email) and bound(subscriber.pk, subscriber.new_email) == f"{number}.{mark}"


def bound(number: int, address: str) -> str:
    """Return what a token says of a subscriber at this address, without showing it."""
    mark = hashlib.sha256(f"{number}\n{address.lower()}".encode()).hexdigest()[:16]
    return f"{number}.{mark}"


def existing_at(value: str) -> Subscriber:
    subscriber = existing(value.partition(".")[0])
    if bound(subscriber.pk, subscriber.email) != value:
        raise Http404("This was mailed to another address.")
    return subscriber


def existing(number: str) -> Subscriber:
    subscriber = Subscriber.objects.filter(pk=number).first()
    if subscriber is None:
        raise Http404("Nobody with this link is known any more.")
    return subscriber
