"""The list as CSV, a row at a time: memory is flat in the number of subscribers, and no query lasts as long as it all.

Addresses that are known only by a digest are not in it: nobody can write them down.
"""

import csv
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db.models import Model
from django.utils.timezone import localdate

from subscribers.importing.own import COLUMNS, neutral
from subscribers.models import Consent, Subscriber, Suppression
from subscribers.models.suppression import digests_of

BATCH = 1000  # subscribers read at a time, in five queries
BYTE_ORDER_MARK = "\ufeff"  # by which a spreadsheet knows UTF-8


class Line:
    """What a CSV writer writes to: keeps the last line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def file_name() -> str:
    return f"subscribers-{localdate():%Y-%m-%d}.csv"


def lines(*, raw: bool = False) -> Iterator[str]:
    """Yield the lines of the file, the heading first. Cells that a spreadsheet would compute get an apostrophe, unless
    `raw` is set (threat T25)."""
    line = Line()
    writer = csv.writer(line)
    clean: Callable[[str], str] = str if raw else neutral
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + line.text
    for batch in batches():
        for cells in rows(batch):
            writer.writerow([clean(cell) for cell in cells])
            yield line.text


def batches() -> Iterator[list[Subscriber]]:
    """Yield everybody who has a row, so many at a time."""
    last = 0
    while batch := list(Subscriber.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        yield batch


def rows(batch: list[Subscriber]) -> Iterator[list[str]]:
    """Yield the cells of each. Costs five queries, for plain values: a prefetch makes objects, which takes minutes."""
    numbers = [subscriber.pk for subscriber in batch]
    digests = digests_of(subscriber.email for subscriber in batch)
    causes = dict(Suppression.objects.filter(digest__in=digests).values_list("digest", "cause"))
    tags, authors = (
        chosen(Subscriber.tags.through, "tag", numbers),
        chosen(Subscriber.authors.through, "author", numbers),
    )
    consents = agreed(numbers)
    for subscriber, digest in zip(batch, digests, strict=True):
        yield [
            subscriber.email,
            subscriber.status,
            causes.get(digest, ""),
            subscriber.cadence,
            yes(subscriber.chosen_only),
            " ".join(tags[subscriber.pk]),
            " ".join(authors[subscriber.pk]),
            yes(subscriber.plain_text),
            moment(subscriber.paused_until),
            moment(subscriber.created_at),
            moment(subscriber.confirmed_at),
            moment(subscriber.left_at),
            "; ".join(consents[subscriber.pk]),
        ]


def chosen(through: type[Model], name: str, numbers: list[int]) -> dict[int, list[str]]:
    """Return the slugs of the tags or authors that each of these subscribers chose."""
    ties = through._default_manager.filter(subscriber__in=numbers).order_by(f"{name}__slug")
    found: dict[int, list[str]] = defaultdict(list)
    for pk, slug in ties.values_list("subscriber", f"{name}__slug"):
        found[pk].append(slug)
    return found


def agreed(numbers: list[int]) -> dict[int, list[str]]:
    """Return what each agreed to, in words: when, what, where, and in brackets what an import brought along."""
    lines = Consent.objects.filter(subscriber__in=numbers).order_by("at", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    for pk, at, kind, place, detail in lines.values_list("subscriber", "at", "kind", "place", "detail"):
        found[pk].append(f"{at:%Y-%m-%d} {kind} ({place}){brought(detail)}")
    return found


def yes(flag: bool) -> str:
    return "yes" if flag else "no"


def moment(time: datetime.datetime | None) -> str:
    return time.isoformat() if time else ""


def brought(detail: dict[str, object]) -> str:
    words = ", ".join(
        f"{name} {detail[name]}" for name in ("from", "asked", "confirmed", "on", "summary") if name in detail
    )
    return f" [{words}]" if "from" in detail else ""
