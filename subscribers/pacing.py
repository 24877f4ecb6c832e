"""How fast mails of issues go out, over all workers: MAIL_PER_HOUR, and MAIL_PER_DOMAIN_PER_HOUR.

Counted in the database in stretches of about a minute, so that an hour's mails do not go out in its first seconds. Who
has to wait is put off to a later stretch; the readers at other domains go on meanwhile.
"""

import datetime
import math
from collections.abc import Sequence
from typing import TypeAlias

from django.conf import settings
from django.utils import timezone

from blog import limits
from blog.limits import Allowance
from subscribers.ledger import Claim

HOUR = 3600
STRETCH = 60  # seconds at least

Wait: TypeAlias = tuple[Claim, datetime.datetime]  # who waits, and until when


def allowance(who: str, per_hour: int) -> Allowance:
    """Return what `per_hour` is in a stretch: the shortest of at least a minute in which it is a whole number."""
    most = math.ceil(STRETCH * per_hour / HOUR)
    return Allowance("issue mails", who, most, datetime.timedelta(seconds=most * HOUR / per_hour))


class Pace:
    """What may go out now. One for each pass over an issue."""

    def __init__(self) -> None:
        self._next_free: dict[str, datetime.datetime] = {}  # when the next one who waits at a domain has their turn

    def most(self, wanted: int) -> int:
        """Return how many mails may be claimed at most. No query where there is no limit."""
        if not settings.MAIL_PER_HOUR:
            return wanted
        return min(wanted, limits.left(allowance("", settings.MAIL_PER_HOUR)))

    def admit(self, claims: Sequence[Claim]) -> tuple[list[Claim], list[Wait]]:
        """Count these mails; return those that go out now, and those that wait, each with its time.

        Costs about three queries for each domain among them, and none where there is no limit.
        """
        now = list(claims)
        waiting: list[Wait] = []
        if settings.MAIL_PER_DOMAIN_PER_HOUR:
            now, waiting = self._by_domain(now)
        if settings.MAIL_PER_HOUR:
            whole = allowance("", settings.MAIL_PER_HOUR)
            allowed = limits.take(whole, len(now))
            waiting += [(claim, whole.starts_at() + whole.within) for claim in now[allowed:]]
            now = now[:allowed]
        return now, waiting

    def _by_domain(self, claims: Sequence[Claim]) -> tuple[list[Claim], list[Wait]]:
        at_domain: dict[str, list[Claim]] = {}
        for claim in claims:
            at_domain.setdefault(claim.address.rpartition("@")[2].lower(), []).append(claim)
        go: list[Claim] = []
        waiting: list[Wait] = []
        for domain, some in at_domain.items():
            share = allowance(domain, settings.MAIL_PER_DOMAIN_PER_HOUR)
            allowed = limits.take(share, len(some))
            go += some[:allowed]
            waiting += [(claim, self._turn(domain, share)) for claim in some[allowed:]]
        return go, waiting

    def _turn(self, domain: str, share: Allowance) -> datetime.datetime:
        """Return when the next one at this domain may come: spread out, so that each row is put off about once."""
        earliest = max(share.starts_at() + share.within, timezone.now())
        turn = max(self._next_free.get(domain, earliest), earliest)
        self._next_free[domain] = turn + share.within / share.most
        return turn
