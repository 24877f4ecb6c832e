"""What tells a program from a person in the form itself: a field that people do not see, and the time between.

Only a form that was made for one request carries the time; the form on a post's page is the same for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone

from blog.traps import is_trapped

OPENED = "opened"
SALT = "comments.form"
OLDEST = 24 * 3600  # seconds; a form that lay open longer says nothing


@dataclass(frozen=True)
class Signs:
    """What the form gave away about who filled it in."""

    is_trapped: bool = False
    seconds: float | None = None  # since it was opened, where that is known


NO_SIGNS = Signs()


def stamp() -> str:
    """Return the time, signed, for a form that is made for one request."""
    return signing.Signer(salt=SALT).sign(str(int(timezone.now().timestamp())))


def signs_in(data: Mapping[str, Any]) -> Signs:
    """Read the signs in what was sent."""
    return Signs(is_trapped=is_trapped(data), seconds=seconds_since(str(data.get(OPENED, ""))))


def seconds_since(stamped: str) -> float | None:
    """Return how long ago a form was opened; None without a time, or with one that is not ours or too old."""
    try:
        opened = int(signing.Signer(salt=SALT).unsign(stamped))
    except signing.BadSignature:
        return None
    seconds = timezone.now().timestamp() - opened
    return seconds if seconds < OLDEST else None
