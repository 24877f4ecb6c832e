"""What to look at before an issue goes out."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from blog.models import Publication
from subscribers.models import Issue


class Finding(NamedTuple):
    """One thing that was looked at: green, amber or red, in words, with what to do about it."""

    level: str
    name: str
    words: str
    what_to_do: str


def examine(issue: Issue) -> list[Finding]:
    """Return what is found about an issue and its publication."""
    if Publication.load().postal_address:
        return [Finding("green", _("Postal address"), _("It stands at the foot of the mail."), "")]
    words = _("The mail has no postal address. Most countries' laws ask for one.")
    return [Finding("amber", _("Postal address"), words, _("Add it under Publication in the admin."))]


def is_red(findings: list[Finding]) -> bool:
    """Say whether something was found that stops the send."""
    return any(finding.level == "red" for finding in findings)
