"""Sending the mails that single subscribers wait for."""

from collections.abc import Callable
from functools import partial

from blog import mail
from blog.routes import Route
from subscribers import messages
from subscribers.models import Notice, Subscriber

MESSAGES = {Notice.Kind.CONFIRM: messages.confirmation, Notice.Kind.ALREADY: messages.already_subscribed}

# The status in which a subscriber still waits for a notice of each kind.
WAITED_FOR = {Notice.Kind.CONFIRM: Subscriber.Status.PENDING, Notice.Kind.ALREADY: Subscriber.Status.ACTIVE}


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every notice that is due; return how many a server took."""
    return mail.send_due(Notice.objects.select_related("subscriber"), send, stopped)


def send(notice: Notice, route: Route) -> bool:
    """Send a claimed notice, unless its subscriber has confirmed, left or been suppressed since it was written."""
    kind = Notice.Kind(notice.kind)
    if not Subscriber.objects.filter(pk=notice.subscriber_id, status=WAITED_FOR[kind]).exists():
        notice.skip("The subscription has changed since.")
        return False
    return mail.send(notice, partial(MESSAGES[kind], notice), route)
