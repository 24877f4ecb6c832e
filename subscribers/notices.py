"""Sending the mails that single subscribers wait for."""

from collections.abc import Callable
from functools import partial

from blog import mail
from subscribers import messages
from subscribers.models import Notice

MESSAGES = {Notice.Kind.CONFIRM: messages.confirmation, Notice.Kind.ALREADY: messages.already_subscribed}

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
                sent += mail.send(notice, partial(MESSAGES[Notice.Kind(notice.kind)], notice), connection)
    return sent
