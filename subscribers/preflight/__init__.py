"""A look at an issue before anything of it leaves."""

from collections.abc import Sequence
from typing import NamedTuple

from subscribers.models import Issue


class Finding(NamedTuple):
    level: str  # green, amber, red
    name: str
    words: str
    what_to_do: str


def examine(issue: Issue) -> list[Finding]:
    return []


def is_red(findings: Sequence[Finding]) -> bool:
    return any(finding.level == "red" for finding in findings)
