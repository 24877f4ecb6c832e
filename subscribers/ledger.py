"""The deliveries of an issue, moved many at a time, by hand-written statements: here their cost is the product.

Every statement is one conditional UPDATE, so that of several workers one holds a row, on either database. `claimed_at`
is a claim's fence: who lost a row by being slow no longer moves it. A million rows wait in the same index as ten, so
what a batch costs does not depend on how long the list is.
"""
# ruff: noqa: S608  names of tables and columns only; every value is a parameter

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from blog import failpoints
from blog.models import QueuedMail
from blog.models.mail import LEASE
from subscribers.models import Delivery, Issue, Subscriber, SubscriberQuerySet

State: TypeAlias = QueuedMail.State
DELIVERY, SUBSCRIBER, ISSUE = (model._meta.db_table for model in (Delivery, Subscriber, Issue))

BEGIN = (
    f"UPDATE {DELIVERY} SET state = %s, claimed_at = %s, attempts = attempts + 1"
    " WHERE id IN ({places}) AND state = %s AND claimed_at = %s"
    f" AND EXISTS (SELECT 1 FROM {SUBSCRIBER} WHERE {SUBSCRIBER}.id = subscriber_id AND status = %s"
    " AND (paused_until IS NULL OR paused_until <= %s))"
    f" AND EXISTS (SELECT 1 FROM {ISSUE} WHERE {ISSUE}.id = %s AND {ISSUE}.state = %s) RETURNING id"
)
SETTLE = (
    f"UPDATE {DELIVERY} SET state = %s, sent_at = %s, error = %s, answer = %s,"
    " next_try_at = COALESCE(%s, next_try_at), attempts = attempts - %s"
    " WHERE id = %s AND claimed_at = %s AND state IN (%s, %s, %s)"
)


class Claim(NamedTuple):
    """A delivery that this process holds."""

    delivery: int
    subscriber: int | None
    address: str
    attempts: int  # before this one
    plain_text: bool
    fence: datetime.datetime


class Entry(NamedTuple):
    """What a delivery that this process holds becomes."""

    claim: Claim
    state: State
    error: str = ""
    answer: str = ""
    next_try_at: datetime.datetime | None = None  # None: as it is
    counted: bool = True  # else the try that is recorded here does not count


# --- Freezing -----------------------------------------------------------------------------------------------------


def write(issue: Issue, people: SubscriberQuerySet) -> int:
    """Write a waiting delivery for each of these people; return how many there were. One statement, flat memory."""
    sql, values = people.order_by("pk").values_list("pk", "email").query.sql_with_params()
    now = adapted(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DELIVERY}"
            " (issue_id, subscriber_id, address, state, attempts, next_try_at, created_at, error, answer)"
            f" WITH person (id, email) AS ({sql})"
            " SELECT %s, person.id, person.email, %s, 0, %s, %s, '', '' FROM person",
            [*values, issue.pk, State.PENDING.value, now, now],
        )
        return int(cursor.rowcount)


def sums(issue: Issue) -> dict[str, int]:
    """Return how many deliveries of an issue are in each state; states without any are left out. One query."""
    rows = Delivery.objects.filter(issue=issue).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


# --- Claiming -----------------------------------------------------------------------------------------------------


def claim(issue: Issue, most: int) -> list[Claim]:
    """Take the next deliveries that are due: first what was put off and is due again, then what nobody tried yet.

    Last come those that a lost worker had claimed. Call it in a transaction.
    """
    now = timezone.now()
    claims: list[Claim] = []
    for state, since, until in [
        (State.DEFERRED, "next_try_at", now),
        (State.PENDING, "next_try_at", now),
        (State.CLAIMED, "claimed_at", now - LEASE),
    ]:
        if len(claims) < most:
            claims += _claim(issue, state, f"{since} <= %s", until, now, most - len(claims))
    failpoints.reached("claiming")
    return claims


def _claim(
    issue: Issue, state: State, is_due: str, until: datetime.datetime, now: datetime.datetime, most: int
) -> list[Claim]:
    skip = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    # MATERIALIZED: PostgreSQL might otherwise look for the next rows anew for each row it updates.
    rows = _all(
        f"WITH next AS MATERIALIZED (SELECT id FROM {DELIVERY} WHERE issue_id = %s AND state = %s AND {is_due}"
        f" ORDER BY next_try_at, id LIMIT %s {skip})"
        f" UPDATE {DELIVERY} SET state = %s, claimed_at = %s WHERE id IN (SELECT id FROM next) AND state = %s"
        " RETURNING id, subscriber_id, address, attempts,"
        f" (SELECT plain_text FROM {SUBSCRIBER} WHERE {SUBSCRIBER}.id = subscriber_id)",
        [issue.pk, state.value, adapted(until), most, State.CLAIMED.value, adapted(now), state.value],
    )
    rows.sort(key=itemgetter(0))  # in the order of their keys, which is that of the list
    return [Claim(pk, person, address, tries, bool(plain), now) for pk, person, address, tries, plain in rows]


def release(claims: Sequence[Claim], next_try_at: datetime.datetime | None = None) -> None:
    """Give back claims of which no mail was begun: any worker may take them, from then on or at once."""
    for some in _by_fence(claims):
        _execute(
            f"UPDATE {DELIVERY} SET state = CASE WHEN attempts = 0 THEN %s ELSE %s END,"
            " next_try_at = COALESCE(%s, next_try_at), claimed_at = NULL"
            f" WHERE id IN ({_places(some)}) AND state = %s AND claimed_at = %s",
            [
                State.PENDING.value,
                State.DEFERRED.value,
                adapted(next_try_at),
                *(held.delivery for held in some),
                State.CLAIMED.value,
                adapted(some[0].fence),
            ],
        )


# --- Sending ------------------------------------------------------------------------------------------------------


def begin(issue: Issue, claims: Sequence[Claim]) -> list[Claim]:
    """Note that the mails of these claims go on the wire once this is committed; return those that may, fenced anew.

    They may while they are held, their readers are on the list and awake, and the issue is being sent. It counts as a
    try, and the lease begins anew.
    """
    now = timezone.now()
    begun: list[Claim] = []
    for some in _by_fence(claims):
        rows = _all(
            BEGIN.format(places=_places(some)),
            [
                State.TRANSMITTING.value,
                adapted(now),
                *(held.delivery for held in some),
                State.CLAIMED.value,
                adapted(some[0].fence),
                Subscriber.Status.ACTIVE.value,
                adapted(now),
                issue.pk,
                Issue.State.SENDING.value,
            ],
        )
        may = {pk for (pk,) in rows}
        begun += [held._replace(fence=now) for held in some if held.delivery in may]
    return begun


def settle(entries: Sequence[Entry]) -> None:
    """Write what came of deliveries that are held.

    A row that somebody took for lost meanwhile (the clock was set forward) may still become sent or failed: now it is
    known. Held by somebody else, or asked for again, a row stays as it is.
    """
    if not entries:
        return
    now = timezone.now()
    # 35 µs of CPU a row, where the ORM's update() takes 230; smtplib takes about 500 for a whole mail.
    with connection.cursor() as cursor:
        cursor.executemany(
            SETTLE,
            [
                (
                    entry.state.value,
                    adapted(now) if entry.state is State.SENT else None,
                    clean(entry.error)[:500],
                    clean(entry.answer)[:200],
                    adapted(entry.next_try_at),
                    0 if entry.counted else 1,
                    entry.claim.delivery,
                    adapted(entry.claim.fence),
                    State.CLAIMED.value,
                    State.TRANSMITTING.value,
                    State.UNKNOWN.value if entry.state in KNOWN else State.TRANSMITTING.value,
                )
                for entry in entries
            ],
        )


KNOWN = {State.SENT, State.FAILED}


def give_up(entries: Sequence[Entry]) -> None:
    """Let deliveries fail that `settle` had put off, unless somebody has moved them since."""
    for entry in entries:
        _execute(
            f"UPDATE {DELIVERY} SET state = %s, attempts = attempts + 1"
            " WHERE id = %s AND claimed_at = %s AND state = %s",
            [State.FAILED.value, entry.claim.delivery, adapted(entry.claim.fence), State.DEFERRED.value],
        )


# --- Statements ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)  # a mail's times are written several times; asking anew would cost 5 % of a mail
def adapted(moment: datetime.datetime | None) -> Any:
    """Return a time as this database's driver takes it."""
    return None if moment is None else connection.ops.adapt_datetimefield_value(moment)


def clean(words: str) -> str:
    """Return a server's words as a database keeps them: PostgreSQL takes no NUL."""
    return words.replace("\x00", "")


def _by_fence(claims: Iterable[Claim]) -> list[list[Claim]]:
    groups: dict[datetime.datetime, list[Claim]] = {}
    for held in claims:
        groups.setdefault(held.fence, []).append(held)
    return list(groups.values())


def _places(claims: Sequence[Claim]) -> str:
    return ", ".join(["%s"] * len(claims))


def _execute(sql: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _all(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
