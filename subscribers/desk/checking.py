"""What was found before sending: looked up, kept with the issue, and read again for its page."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from subscribers import preflight
from subscribers.models import Issue

LEVELS = {"red": _("Stops the send"), "amber": _("Look at this"), "green": _("In order")}  # in the order of a page


class Found(NamedTuple):
    """A finding as it was kept, with its level in words."""

    level: str
    in_words: str
    name: str
    words: str
    what_to_do: str


def check(issue: Issue) -> list[Found]:
    """Look at the issue and its sender's domain now, and keep what is found. May ask DNS."""
    preflight.look(issue)
    return kept(issue)


def kept(issue: Issue) -> list[Found]:
    """Return what the last look found, the worst first."""
    found = [Found(one.level, str(LEVELS[one.level]), *one[1:]) for one in preflight.read(issue.preflight)]
    return sorted(found, key=lambda one: list(LEVELS).index(one.level))


def is_stopped(issue: Issue, found: list[Found]) -> bool:
    """Say whether something red keeps the issue from going out, and nobody has written why it shall all the same."""
    return not issue.override_reason and any(one.level == "red" for one in found)
