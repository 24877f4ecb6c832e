"""The list as CSV, a row at a time: memory is flat in the number of subscribers, and no query lasts as long as it all.

Addresses that are known only by a digest are not in it: nobody can write them down.
"""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator

from django.utils.timezone import localdate

from subscribers import suppressing
from subscribers.importing.own import COLUMNS, neutral
from subscribers.models import Consent, Subscriber, Suppression

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
    for subscriber, cause in subscribers():
        writer.writerow([clean(cell) for cell in cells(subscriber, cause)])
        yield line.text


def subscribers() -> Iterator[tuple[Subscriber, str]]:
    """Yield everybody who has a row, and why they must not be mailed if there is a reason."""
    last = 0
    people = Subscriber.objects.order_by("pk").prefetch_related("tags", "authors", "consents")
    while batch := list(people.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        digests = suppressing.digests_of(subscriber.email for subscriber in batch)
        causes = dict(Suppression.objects.filter(digest__in=digests).values_list("digest", "cause"))
        for subscriber, digest in zip(batch, digests, strict=True):
            yield subscriber, causes.get(digest, "")


def cells(subscriber: Subscriber, cause: str) -> list[str]:
    return [
        subscriber.email,
        subscriber.status,
        cause,
        subscriber.cadence,
        yes(subscriber.chosen_only),
        " ".join(sorted(tag.slug for tag in subscriber.tags.all())),
        " ".join(sorted(author.slug for author in subscriber.authors.all())),
        yes(subscriber.plain_text),
        moment(subscriber.paused_until),
        moment(subscriber.created_at),
        moment(subscriber.confirmed_at),
        moment(subscriber.left_at),
        summary(subscriber.consents.all()),
    ]


def yes(flag: bool) -> str:
    return "yes" if flag else "no"


def moment(time: datetime.datetime | None) -> str:
    return time.isoformat() if time else ""


def summary(consents: Iterable[Consent]) -> str:
    """Say in one cell what was agreed to: when, what and where, with what an import brought along in brackets."""
    return "; ".join(
        f"{line.at:%Y-%m-%d} {line.kind} ({line.place}){brought(line.detail)}"
        for line in sorted(consents, key=lambda line: (line.at, line.pk))
    )


def brought(detail: dict[str, object]) -> str:
    words = ", ".join(
        f"{name} {detail[name]}" for name in ("from", "asked", "confirmed", "on", "summary") if name in detail
    )
    return f" [{words}]" if "from" in detail else ""
