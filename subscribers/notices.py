"""Sending the mails that single subscribers wait for."""

from collections.abc import Callable
from functools import partial

from blog import mail
from blog.routes import Route
from subscribers import messages
from subscribers.models import Notice, Subscriber, Suppression

Kind, Status = Notice.Kind, Subscriber.Status

MESSAGES = {
    Kind.CONFIRM: messages.confirmation,
    Kind.ALREADY: messages.already_subscribed,
    Kind.MANAGE: messages.own_link,
    Kind.NEW_ADDRESS: messages.new_address,
    Kind.OLD_ADDRESS: messages.old_address,
}

# The statuses in which a subscriber still waits for a notice of each kind.
WAITED_FOR = {
    Kind.CONFIRM: [Status.PENDING],
    Kind.ALREADY: [Status.ACTIVE],
    Kind.MANAGE: list(Status),
    Kind.NEW_ADDRESS: [Status.ACTIVE],
    Kind.OLD_ADDRESS: [Status.ACTIVE],
}


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every notice that is due; return how many a server took."""
    return mail.send_due(Notice.objects.select_related("subscriber"), send, stopped)


def send(notice: Notice, route: Route) -> bool:
    """Send a claimed notice, unless its subscriber has confirmed, left or been suppressed since it was written."""
    subscriber = Subscriber.objects.filter(pk=notice.subscriber_id).first()
    if subscriber is None or (notice.kind == Kind.MANAGE and forget_stranger(subscriber)):
        return False
    if not is_wanted(notice, subscriber):
        notice.skip("The subscription has changed since, or wants no mail.")
        return False
    return mail.send(notice, partial(MESSAGES[Kind(notice.kind)], notice), route)


def is_wanted(notice: Notice, subscriber: Subscriber) -> bool:
    kind = Kind(notice.kind)
    if subscriber.status not in WAITED_FOR[kind]:
        return False
    if kind == Kind.NEW_ADDRESS and notice.address != subscriber.new_email:
        return False
    suppression = Suppression.objects.of(notice.address or subscriber.email)
    without_row = subscriber.status == Status.SUPPRESSED and not suppression.exists()
    return not without_row and not suppression.final().exists()


def forget_stranger(subscriber: Subscriber) -> bool:
    """Delete who is known only because somebody asked for the link of this address; return whether this call did it."""
    strangers = Subscriber.objects.filter(pk=subscriber.pk, status=Status.PENDING, asked_at=None, confirmed_at=None)
    return strangers.filter(consents=None).delete()[0] > 0
