"""What became of every line of a list: the reconciliation table, which adds up."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

MOST_SHOWN = 20  # lines that are named


class Outcome(Enum):
    """What becomes of one line. Every line has exactly one of these."""

    ADDED = gettext_lazy("put on the list")
    CONFIRMED = gettext_lazy("put on the list: asked here, confirmed there")
    HERE = gettext_lazy("already on the list here")
    LEFT_HERE = gettext_lazy("stays off: left before")
    BARRED = gettext_lazy("stays off: not to be mailed")
    UNCONFIRMED = gettext_lazy("not brought in: never confirmed")
    LEFT_THERE = gettext_lazy("left there: noted, and kept off")
    BOUNCED_THERE = gettext_lazy("mails came back there: noted, and kept off")
    REFUSED_THERE = gettext_lazy("complained or blocked there: never to be mailed")
    STAYS = gettext_lazy("left there, but confirmed here: stays on the list")
    KNOWN_NO = gettext_lazy("left or refused there: noted before")
    DUPLICATE = gettext_lazy("the same address once more")
    INVALID = gettext_lazy("no mail address")


class TableRow(NamedTuple):
    label: "StrOrPromise"
    number: int


class Place(NamedTuple):
    """A line that somebody may want to look at."""

    file: str
    line: int


@dataclass
class Reconciliation:
    """The account of one import. Sums only, and a few line numbers: no address is kept."""

    dry_run: bool
    counts: Counter[Outcome] = field(default_factory=Counter)
    lines: int = 0  # that were read, headings aside
    invalid: list[Place] = field(default_factory=list)  # the first of them
    roles: int = 0  # addresses of an office and not a person, among those put on the list
    sources: list[str] = field(default_factory=list)  # which file was read as what
    notes: list[str] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        return self.lines == self.counts.total()

    @property
    def on_the_list(self) -> int:
        """How many this import puts, or put, on the list."""
        return self.counts[Outcome.ADDED] + self.counts[Outcome.CONFIRMED]

    @property
    def changes(self) -> int:
        noted = (Outcome.LEFT_THERE, Outcome.BOUNCED_THERE, Outcome.REFUSED_THERE)
        return self.on_the_list + sum(self.counts[outcome] for outcome in noted)

    def rows(self) -> list[TableRow]:
        """Return the lines of the table, without those that are zero."""
        return [TableRow(outcome.value, self.counts[outcome]) for outcome in Outcome if self.counts[outcome]]

    def remarks(self) -> list[str]:
        """Return sentences about what a person may want to look at."""
        remarks = list(self.notes)
        if self.counts[Outcome.UNCONFIRMED]:
            remarks.append(_("Whoever never confirmed gets no mail. Ask them on your site to subscribe."))
        if self.roles:
            remarks.append(
                ngettext(
                    "%(count)d address is an office's, such as admin@ or abuse@. Perhaps nobody there asked.",
                    "%(count)d addresses are an office's, such as admin@ or abuse@. Perhaps nobody there asked.",
                    self.roles,
                )
                % {"count": self.roles}
            )
        return remarks + self._where_invalid()

    def _where_invalid(self) -> list[str]:
        shown = [_("%(file)s, line %(line)d") % place._asdict() for place in self.invalid]
        more = self.counts[Outcome.INVALID] - len(shown)
        if more > 0:
            shown.append(_("and %(count)d more") % {"count": more})
        return [_("No mail address: %(lines)s.") % {"lines": "; ".join(shown)}] if shown else []

    def note_invalid(self, place: Place) -> None:
        self.counts[Outcome.INVALID] += 1
        if len(self.invalid) < MOST_SHOWN:
            self.invalid.append(place)
