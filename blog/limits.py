"""How often something may be done, counted in the database."""

import datetime
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db import connections, router, transaction
from django.utils import timezone

from blog.models import Tally
from blog.networks import keyed_digests
from blog.turns import in_turn

KEPT = datetime.timedelta(days=2)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)

COUNT_ONE_MORE = """INSERT INTO blog_tally (number, starts_at, count) VALUES {}
ON CONFLICT (number) DO UPDATE SET count = blog_tally.count + 1 RETURNING number, count"""
# Above 0, since another stretch may have begun in between.
COUNT_ONE_LESS = "UPDATE blog_tally SET count = count - 1 WHERE count > 0 AND number IN ({})"
DIGITS = 15  # hexadecimal ones of a digest: as many as fit into a number that both databases hold

MOST_REMEMBERED = 10_000  # allowances

# Since when which one is used up; by a number that only this process makes of it, so that nobody stays in its memory.
used_up: dict[int, datetime.datetime] = {}


class Allowance(NamedTuple):
    """At most so many of `what` by `who` in each stretch of the length `within`; they follow one another since 1970."""

    what: str
    who: str
    most: int
    within: datetime.timedelta

    def starts_at(self) -> datetime.datetime:
        now = timezone.now()
        return now - (now - EPOCH) % self.within


def count(what: str, who: str, most: int, within: datetime.timedelta) -> bool:
    """Count one more of `what` by `who`; return False, and count nothing, if there were `most` in this stretch already.

    Costs what `grant` does; what is kept is a keyed digest.
    """
    return grant([Allowance(what, who, most, within)])


def grant(allowances: Sequence[Allowance]) -> bool:
    """Count one more against each of these; return False, and count nothing, if one allows no more.

    A flood is refused by what this process remembers: it asks nothing, and keeps nobody waiting. Costs two queries
    otherwise, four the first time that one is full.
    """
    return first_full(allowances) is None and first_used_up(allowances) is None


def first_used_up(allowances: Sequence[Allowance]) -> Allowance | None:
    """Count one more against each of these; return the first that allows no more, and count nothing, or return None.

    All of them are counted and looked at in one statement, which holds their rows until the transaction ends: of any
    number who come at once no more than are allowed pass, on either database. Costs two queries, four where nothing
    is counted in the end. Name allowances in one order everywhere, or two on PostgreSQL could wait for each other.
    """
    alias = router.db_for_write(Tally)
    with in_turn(), transaction.atomic(alias, savepoint=False):
        counts = count_one_more(allowances, alias)
        over = next((one for one, count in zip(allowances, counts, strict=True) if count > one.most), None)
        if over:
            give_back(allowances)
            remember_full(over)
    return over


def give_back(allowances: Sequence[Allowance]) -> None:
    """Count one less against each of these, in the transaction that has counted them. Costs two queries."""
    numbers = [number for number, _began in tallies_of(allowances)]
    with connections[router.db_for_write(Tally)].cursor() as cursor:
        cursor.execute(COUNT_ONE_LESS.format(", ".join(["%s"] * len(numbers))), numbers)


def first_full(allowances: Sequence[Allowance]) -> Allowance | None:
    """Return the first of these that this process has found used up in the stretch that it is now, or None.

    For a look before any work: asks nothing and counts nothing. The rows decide (`first_used_up`); what another
    process has found, or a restart forgets, is found there once more.
    """
    return next((one for one in allowances if is_remembered(one)), None)


def is_remembered(allowance: Allowance) -> bool:
    found = used_up.get(hash((allowance.what, allowance.who)))
    return found is not None and found == allowance.starts_at()


def remember_full(allowance: Allowance) -> None:
    """Refuse it without asking until its stretch is over. Forgetting costs nothing but queries."""
    if len(used_up) >= MOST_REMEMBERED:
        used_up.clear()
    used_up[hash((allowance.what, allowance.who))] = allowance.starts_at()


def count_one_more(allowances: Sequence[Allowance], alias: str) -> list[int]:
    """Count one more against each of these, allowed or not; return how many there are now."""
    if not allowances:
        return []
    connection = connections[alias]
    adapt = connection.ops.adapt_datetimefield_value
    tallies = tallies_of(allowances)
    rows = [value for number, began in tallies for value in (number, adapt(began))]
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE.format(", ".join(["(%s, %s, 1)"] * len(tallies))), rows)
        counts = dict(cursor.fetchall())
    return [counts[number] for number, _began in tallies]


def tallies_of(allowances: Sequence[Allowance]) -> list[tuple[int, datetime.datetime]]:
    """Return the number of each one's tally in the stretch that it is now, and when that began. Costs a query."""
    digests = keyed_digests(f"{one.what}\n{one.who}" for one in allowances)
    began = [one.starts_at() for one in allowances]
    return [
        (int(digest[:DIGITS], 16) ^ (moment - EPOCH) // MICROSECOND, moment)
        for digest, moment in zip(digests, began, strict=True)
    ]


def take(allowance: Allowance, wanted: int) -> int:
    """Count up to `wanted` more at once; return how many were allowed, none to all of them.

    Two queries, and two more for each time that somebody else takes some in the same moment.
    """
    ((number, began),) = tallies_of([allowance])
    tally = Tally.objects.filter(pk=number)
    while True:
        used = tally.values_list("count", flat=True).first()
        if used is None:
            Tally.objects.bulk_create([Tally(number=number, starts_at=began)], ignore_conflicts=True)
            continue
        allowed = min(wanted, allowance.most - used)
        if allowed <= 0:
            return 0
        if tally.filter(count=used).update(count=used + allowed):
            return allowed


def left(allowance: Allowance) -> int:
    """Return how many more this stretch allows. One query."""
    ((number, _began),) = tallies_of([allowance])
    used = Tally.objects.filter(pk=number).values_list("count", flat=True).first()
    return max(allowance.most - (used or 0), 0)


def seconds_left(within: datetime.timedelta) -> int:
    """Return how many seconds are left, rounded up, of the stretch of the length `within` that it is now."""
    return math.ceil((within - (timezone.now() - EPOCH) % within).total_seconds())


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete the tallies of stretches that are long over; return how many there were."""
    return Tally.objects.filter(starts_at__lt=timezone.now() - KEPT).delete()[0]
