"""Byline's own lists: how a row is written and read again, and cells that a spreadsheet would compute (threat T25)."""

import datetime
import re
from collections.abc import Mapping

from subscribers.importing.entry import Choices, Entry, Standing
from subscribers.models import Subscriber, Suppression

COLUMNS = [
    "email",
    "status",
    "cause",
    "cadence",
    "chosen_only",
    "tags",
    "authors",
    "plain_text",
    "paused_until",
    "created",
    "confirmed",
    "left",
    "consent",
]
MARK = frozenset({"email", "status", "cadence", "chosen_only", "consent"})

# A spreadsheet takes what begins like this for a formula. An apostrophe before it makes it words again; it is put
# before apostrophes that already stand there, too, so that taking one away always gives back what was.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
LONGEST_CONSENT = 2000  # characters


def neutral(cell: str) -> str:
    """Return the cell so that no spreadsheet computes it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def as_it_was(cell: str) -> str:
    """Undo `neutral`."""
    return cell[1:] if NEUTRALISED.match(cell) else cell


def read(words: Mapping[str, str]) -> Entry:
    words = {column: as_it_was(cell).replace("\0", "") for column, cell in words.items()}
    created, confirmed = time_in(words.get("created", "")), time_in(words.get("confirmed", ""))
    summary = "".join(filter(str.isprintable, words.get("consent", "")))[:LONGEST_CONSENT]
    evidence = {"from": "byline", "summary": summary}
    if confirmed:
        evidence["confirmed"] = confirmed.isoformat()
    return Entry(
        words["email"],
        standing_in(words["status"], words.get("cause", "")),
        created_at=created,
        confirmed_at=confirmed,
        evidence=evidence,
        choices=choices_in(words),
    )


def standing_in(status: str, cause: str) -> Standing | Suppression.Cause:
    if status == Subscriber.Status.SUPPRESSED:
        return Suppression.Cause(cause) if cause in Suppression.FINAL else Suppression.Cause.STAFF
    if status == Subscriber.Status.UNSUBSCRIBED:
        return Suppression.Cause(cause) if cause in Suppression.Cause.values else Suppression.Cause.LEFT
    return Standing.ON if status == Subscriber.Status.ACTIVE else Standing.UNCONFIRMED


def choices_in(words: Mapping[str, str]) -> Choices:
    cadence = words["cadence"]
    return Choices(
        cadence=cadence if cadence in Subscriber.Cadence.values else Subscriber.Cadence.EACH,
        chosen_only=words["chosen_only"] == "yes",
        tags=tuple(words.get("tags", "").split()),
        authors=tuple(words.get("authors", "").split()),
        plain_text=words.get("plain_text", "") == "yes",
        paused_until=time_in(words.get("paused_until", "")),
    )


def time_in(text: str) -> datetime.datetime | None:
    """Return a time as `exporting` writes it."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
