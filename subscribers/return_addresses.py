"""The addresses that mails to the list carry for other programs: where to report a bounce, where to ask to leave.

They are INBOUND_ADDRESS with a signed mark behind a + (VERP), so that a report names the row it is about, whatever else
it says, and nobody can make one up. `read` is the way back.
"""

import re
from typing import NamedTuple

from django.conf import settings

from blog.keys import Marker, Purpose

LETTERS = {"b": Purpose.BOUNCE, "l": Purpose.LEAVE_BY_MAIL}
EXTENSION = re.compile(r"(?P<letter>[bl])(?P<number>[0-9]{1,19})-(?P<mark>[a-z2-7]{26})", re.ASCII | re.IGNORECASE)


class Meant(NamedTuple):
    """What an address was made for, and the number of its row."""

    purpose: Purpose
    number: int


class ReturnAddresses:
    """Makes the addresses for one purpose. Reads the kept key once: use one for a batch."""

    def __init__(self, purpose: Purpose) -> None:
        self._letter = next(letter for letter, known in LETTERS.items() if known == purpose)
        self._marker = Marker(purpose)
        self._name, _at, self._host = settings.INBOUND_ADDRESS.partition("@")

    def of(self, number: int) -> str:
        """Return the address for the row of that number; nothing where no INBOUND_ADDRESS is set."""
        if not self._name:
            return ""
        return f"{self._name}+{self._letter}{number}-{self._marker.mark(number)}@{self._host}"


def read(address: str) -> Meant | None:
    """Return what an address was made for, or None if this site did not make it."""
    extension = address.rpartition("@")[0].partition("+")[2]
    found = EXTENSION.fullmatch(extension)
    if found is None:
        return None
    purpose = LETTERS[found["letter"].lower()]
    number = int(found["number"])
    return Meant(purpose, number) if Marker(purpose).made(number, found["mark"]) else None
