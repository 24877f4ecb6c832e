"""What is not kept for ever: networks, addresses that nobody confirmed, and what became of single mails."""

import datetime
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from subscribers.models import Consent, Notice, Subscriber

KEPT = datetime.timedelta(days=30)
# Longer than an address is left alone at most (blog/mailboxes.py), so that forgetting it shortens no pause.
UNCONFIRMED_KEPT = datetime.timedelta(days=60)
OVER = [Notice.State.SENT, Notice.State.FAILED, Notice.State.SKIPPED]

Stopped = Callable[[], bool]


def forget_networks(stopped: Stopped = lambda: False) -> int:
    """Empty the network of every line of the ledger that is 30 days old; return of how many."""
    old = Consent.objects.exclude(network="").filter(at__lt=timezone.now() - KEPT)
    return old.update(network="")


def forget_unconfirmed(stopped: Stopped = lambda: False) -> int:
    """Forget addresses that anybody can have typed and whose owner never confirmed; return how many.

    What became of mails about subscriptions goes after 30 days.
    """
    now = timezone.now()
    Notice.objects.filter(state__in=OVER, created_at__lt=now - KEPT).delete()
    idle = Q(asked_at=None) | Q(asked_at__lt=now - UNCONFIRMED_KEPT)
    pending = Subscriber.objects.filter(idle, status=Subscriber.Status.PENDING, confirmed_at=None)
    old = pending.filter(created_at__lt=now - UNCONFIRMED_KEPT)
    return old.delete()[1].get(Subscriber._meta.label, 0)
