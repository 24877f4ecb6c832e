"""How often something may be done, counted in the database."""

import datetime
import math
from collections.abc import Callable

from django.db.models import F
from django.utils import timezone

from blog.models import Tally
from blog.networks import keyed_digest

KEPT = datetime.timedelta(days=2)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def count(what: str, who: str, most: int, within: datetime.timedelta) -> bool:
    """Count one more of `what` by `who`; return False, and count nothing, if there were `most` in this stretch already.

    Stretches of the length `within` follow one another since 1970. The condition is part of the UPDATE, so that of any
    number who come at once no more than `most` pass. Costs three queries; what is kept is a keyed digest.
    """
    now = timezone.now()
    starts_at = now - (now - EPOCH) % within
    tally, _made = Tally.objects.get_or_create(key=keyed_digest(f"{what}\n{who}"), starts_at=starts_at)
    return Tally.objects.filter(pk=tally.pk, count__lt=most).update(count=F("count") + 1) == 1


def seconds_left(within: datetime.timedelta) -> int:
    """Return how many seconds are left, rounded up, of the stretch of the length `within` that it is now."""
    return math.ceil((within - (timezone.now() - EPOCH) % within).total_seconds())


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete the tallies of stretches that are long over; return how many there were."""
    return Tally.objects.filter(starts_at__lt=timezone.now() - KEPT).delete()[0]
