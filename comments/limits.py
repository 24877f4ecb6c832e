"""How often readers may send: one table. The counts are rows (blog/limits.py), so that a lost cache opens nothing.

Staff who are signed in are not limited.
"""

import datetime
from dataclasses import dataclass

from blog import limits
from blog.limits import Allowance

SHORT = datetime.timedelta(minutes=10)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most so many, for each of whom it counts, in each stretch of time."""

    of: str  # address, network or site
    most: int
    within: datetime.timedelta

    @property
    def what(self) -> str:
        return f"comments of one {self.of} in {int(self.within.total_seconds())} seconds"


LIMITS = [
    # Nobody writes ten thoughtful comments in ten minutes; a lively evening among friends stays below sixty.
    Limit("address", 10, SHORT),
    Limit("address", 60, DAY),
    # A school or an office shares a network. A program with a new address for every comment does so too.
    Limit("network", 30, SHORT),
    Limit("network", 300, DAY),
    # Many networks at once: what a queue and a database can still take.
    Limit("site", 500, SHORT),
]
# Every pause in typing may ask for one.
PREVIEWS = Limit("network", 600, SHORT)


def allowances(email: str, network: str) -> list[Allowance]:
    """Return what a comment from there counts against."""
    who = {"address": email.strip().lower(), "network": network, "site": ""}
    return [Allowance(one.what, who[one.of], one.most, one.within) for one in LIMITS]


def seconds_to_wait(email: str, network: str) -> int:
    """Return 0, or for how many seconds no more comments are taken from there, as far as this process knows already.

    Counts nothing and asks nothing: for a flood, before anything else is done. `count` has the last word.
    """
    full = limits.first_full(allowances(email, network))
    return limits.seconds_left(full.within) if full else 0


def count(email: str, network: str) -> int:
    """Count one more comment; return 0, or for how many seconds no more are taken: then nothing is counted.

    For the end of the transaction that stores it, since on PostgreSQL everybody else's comment waits from here on.
    """
    full = limits.first_used_up(allowances(email, network))
    return limits.seconds_left(full.within) if full else 0


def seconds_to_preview(network: str) -> int:
    """Count one more preview asked for from a network; return 0, or for how many seconds there are no more."""
    granted = limits.count("previews of one network", network, PREVIEWS.most, PREVIEWS.within)
    return 0 if granted else limits.seconds_left(PREVIEWS.within)
