import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from subscribers.models import Suppression


class UnreadableListError(ValueError):
    """A file that cannot be brought in; the message says why in a sentence."""


class Standing(StrEnum):
    """What another list says of somebody who did not say no."""

    ON = "on"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Choices:
    """What somebody wanted of their mails. Tags and authors are slugs."""

    cadence: str = "each"
    chosen_only: bool = False
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    plain_text: bool = False
    paused_until: datetime.datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a list, whatever its format."""

    email: str
    standing: Standing | Suppression.Cause  # a cause: this person, or their mail provider, said no
    created_at: datetime.datetime | None = None
    confirmed_at: datetime.datetime | None = None
    network: str = ""  # the address from which they confirmed; never stored as it is
    evidence: dict[str, str] = field(default_factory=dict)  # what goes into the account of consent
    choices: Choices | None = None

    @property
    def says_no(self) -> bool:
        return isinstance(self.standing, Suppression.Cause)


class Candidate(NamedTuple):
    """An entry with an address that can be one."""

    entry: Entry
    email: str
    digest: str
    first: bool  # not there before in these files
