"""Sending the mails that single subscribers wait for."""

from collections.abc import Callable
from functools import partial

from django.core.mail.backends.base import BaseEmailBackend

from blog import mail
from subscribers import messages
from subscribers.models import Notice, Subscriber

MESSAGES = {Notice.Kind.CONFIRM: messages.confirmation, Notice.Kind.ALREADY: messages.already_subscribed}

# The status in which a subscriber still waits for a notice of each kind.
WAITED_FOR = {Notice.Kind.CONFIRM: Subscriber.Status.PENDING, Notice.Kind.ALREADY: Subscriber.Status.ACTIVE}

BATCH = 100  # notices looked at in one go


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every notice that is due; return how many a server took. Safe to run in several places at once."""
    Notice.objects.all().note_lost_senders()
    sent = 0
    due = Notice.objects.all().due().select_related("subscriber").order_by("pk")[:BATCH]
    with mail.connection() as connection:
        for notice in due:
            if stopped():
                break
            if notice.claim():
                sent += send(notice, connection)
    return sent


def send(notice: Notice, connection: BaseEmailBackend) -> bool:
    """Send a claimed notice, unless its subscriber has confirmed, left or been suppressed since it was written."""
    kind = Notice.Kind(notice.kind)
    if not Subscriber.objects.filter(pk=notice.subscriber_id, status=WAITED_FOR[kind]).exists():
        notice.skip("The subscription has changed since.")
        return False
    return mail.send(notice, partial(MESSAGES[kind], notice), connection)
