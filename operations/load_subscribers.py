"""A made-up list: most people are on it, some have left, some never confirmed, some must not be mailed."""

import datetime
import random
from collections.abc import Callable
from typing import TypeVar

from blog.models import Tag
from operations.load_rows import CHUNK, Table, go_on_counting, next_number
from subscribers import numbers
from subscribers.models import Consent, Subscriber, Suppression
from subscribers.models.suppression import digests_of

T = TypeVar("T")

SINCE = datetime.timedelta(days=6 * 365)
PENDING_FOR = datetime.timedelta(days=10)

Status, Cadence, Kind, Place = Subscriber.Status, Subscriber.Cadence, Consent.Kind, Consent.Place

# Of a hundred people, how many are what; and how many on the list want which mails.
STATUSES = [(Status.ACTIVE, 86), (Status.UNSUBSCRIBED, 9), (Status.PENDING, 3), (Status.SUPPRESSED, 2)]
CADENCES = [(Cadence.EACH, 78), (Cadence.DAILY, 4), (Cadence.WEEKLY, 15), (Cadence.MONTHLY, 3)]
CHOOSY = 0.03  # want posts with one tag only

COLUMNS = [
    "id",
    "email",
    "status",
    "created_at",
    "asked_at",
    "times_asked",
    "confirmed_at",
    "left_at",
    "cadence",
    "chosen_only",
]


def write_subscribers(
    count: int, rng: random.Random, end: datetime.datetime, told: Callable[[int], None] = lambda done: None
) -> None:
    """Write so many subscribers, what they agreed to, and today's size of the list."""
    people, wishes = Table(Subscriber, *COLUMNS), Table(Subscriber.tags.through, "subscriber_id", "tag_id")
    account = Table(Consent, "subscriber_id", "kind", "place", "at")
    tags = list(Tag.objects.order_by("pk").values_list("pk", flat=True)[:50])
    first = next_number(Subscriber)
    for start in range(0, count, CHUNK):
        chunk = range(first + start, first + min(start + CHUNK, count))
        statuses, cadences = chosen(rng, STATUSES, len(chunk)), chosen(rng, CADENCES, len(chunk))
        barred: list[str] = []
        for pk, status, cadence in zip(chunk, statuses, cadences, strict=True):
            pending = status == Status.PENDING
            asked = end - (PENDING_FOR if pending else SINCE) * rng.random()
            left = end - (end - asked) * rng.random() if status in {Status.UNSUBSCRIBED, Status.SUPPRESSED} else None
            confirmed = None if pending else asked
            choosy = bool(tags) and rng.random() < CHOOSY
            people.add(pk, address(pk), status, asked, asked, int(pending), confirmed, left, cadence, choosy)
            account.add(pk, *((Kind.ASKED, Place.PAGE) if pending else (Kind.IMPORTED, Place.IMPORT)), asked)
            if left:
                suppressed = status == Status.SUPPRESSED
                account.add(pk, *((Kind.SUPPRESSED, Place.SERVER) if suppressed else (Kind.LEFT, Place.LINK)), left)
            if status == Status.SUPPRESSED:
                barred.append(address(pk))
            if choosy:
                wishes.add(pk, rng.choice(tags))
        for table in (people, account, wishes):
            table.store()
        Suppression.objects.bulk_create(
            Suppression(digest=digest, cause=Suppression.Cause.BOUNCE, created_at=end) for digest in digests_of(barred)
        )
        told(start + len(chunk))
    go_on_counting([Subscriber])
    numbers.note_size()


def chosen(rng: random.Random, shares: list[tuple[T, int]], count: int) -> list[T]:
    values, weights = zip(*shares, strict=True)
    return rng.choices(values, weights, k=count)


def address(number: int) -> str:
    return f"subscriber{number}@generated.example"
