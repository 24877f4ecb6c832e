"""From the paths that somebody gave to one entry after the other, in two rounds: first every no, then the rest."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from subscribers.importing import formats
from subscribers.importing.entry import Entry, Standing, UnreadableListError
from subscribers.importing.files import Encoding, Row, Sheet, encoding_of, rows_of, sheets_in
from subscribers.importing.formats import Format
from subscribers.importing.table import Place
from subscribers.models import Suppression

Cause = Suppression.Cause

KINDS = ["subscribed", "unsubscribed", "cleaned"]
IN_A_NAME = re.compile(r"(?<![a-z])(unsubscribed|nonsubscribed|cleaned)(?![a-z])")


@dataclass(frozen=True)
class Options:
    """What somebody says about files that do not say it themselves."""

    kind: str = ""  # one of KINDS
    consent: str = ""  # how the people on a plain list agreed to be mailed


class Line(NamedTuple):
    place: Place
    entry: Entry


@dataclass(frozen=True)
class Plan:
    """How one file is read."""

    sheet: Sheet
    encoding: Encoding
    format: Format
    header: list[str]
    headless: bool  # the first row is somebody already
    options: Options

    def lines(self) -> Iterator[Line]:
        for row in islice(rows_of(self.sheet, self.encoding), 0 if self.headless else 1, None):
            yield Line(Place(self.sheet.name, row.line), self.entry(row))

    def entry(self, row: Row) -> Entry:
        cells = [*row.cells, *[""] * (len(self.header) - len(row.cells))]
        entry = self.format.read(dict(zip(self.header, cells, strict=False)))
        return entry if self.format.says_standing or entry.says_no else replace(entry, standing=self.standing(entry))

    def standing(self, entry: Entry) -> Standing | Suppression.Cause:
        """Return what the person's own word, or the file's name, adds to a row that does not say no itself."""
        said = self.options.kind
        named = IN_A_NAME.search(self.sheet.name.lower())
        if not said and named and self.format.name == "mailchimp":
            said = named[1]
        if said in ("unsubscribed", "cleaned"):
            return Cause.LEFT if said == "unsubscribed" else Cause.BOUNCE
        if said == "nonsubscribed":
            return Standing.UNCONFIRMED
        return Standing.ON if self.format.name == "list" else entry.standing


def plans_for(paths: Iterable[Path], options: Options) -> tuple[list[Plan], list[str]]:
    """Return how the files behind these paths are read, and what there is to say about it.

    Raises UnreadableListError for files of which nobody can say what they are.
    """
    plans, notes = [], []
    for sheet in (sheet for path in paths for sheet in sheets_in(path)):
        plan = plan_for(sheet, options)
        if plan is None:
            notes.append(_("%(name)s was left out: it is no list of people.") % {"name": sheet.name})
            continue
        plans.append(plan)
        if plan.encoding.guessed:
            notes.append(
                _("%(name)s is not written in UTF-8; it was read as Western European (Windows-1252).")
                % {"name": sheet.name}
            )
    if not plans:
        raise UnreadableListError(_("There is no list of people in this."))
    return plans, notes


def plan_for(sheet: Sheet, options: Options) -> Plan | None:
    """Return how a file is read; None for a file in a ZIP which is not a list that is known."""
    encoding = encoding_of(sheet)
    first = next(rows_of(sheet, encoding), None)
    if first is None:
        if sheet.packed:
            return None
        raise UnreadableListError(_("%(name)s is empty.") % {"name": sheet.name})
    header = formats.header_of(first.cells)
    headless = any("@" in cell for cell in header)
    if headless:
        header = ["email" if "@" in cell else "" for cell in header]
    known = formats.recognise(header)
    # Substack's ZIP lists who opened which mail, too: in a ZIP only what says whose it is counts.
    if sheet.packed and (known is None or known.name == "list"):
        return None
    if known is None:
        raise UnreadableListError(_("%(name)s has no column for mail addresses.") % {"name": sheet.name})
    check_options(sheet, known, options)
    return Plan(sheet, encoding, known, header, headless, options)


def check_options(sheet: Sheet, known: Format, options: Options) -> None:
    names = {"name": sheet.name, "label": known.label}
    if known.says_standing and options.kind:
        raise UnreadableListError(
            _("%(name)s is a list of %(label)s, which says of everybody what they want. Leave out what it is.") % names
        )
    if known.name == "list" and not options.kind:
        raise UnreadableListError(
            _("%(name)s is a plain list. Say what it is: subscribed, unsubscribed or cleaned.") % names
        )
    if known.name == "list" and options.kind == "subscribed" and not options.consent.strip():
        raise UnreadableListError(
            _("%(name)s is a plain list. Say how these people agreed to be mailed: it is kept as evidence.") % names
        )


def batches(plans: list[Plan], *, saying_no: bool, size: int) -> Iterator[list[Line]]:
    """Yield the lines that say no, or all the others, so many at a time."""
    lines = (line for plan in plans for line in plan.lines() if line.entry.says_no == saying_no)
    while batch := list(islice(lines, size)):
        yield batch
