"""What a check says."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args

Level = Literal["green", "amber", "red"]


class Finding(NamedTuple):
    """One thing that was looked at: whether it is well, in what words, and what to do if it is not."""

    level: Level
    name: str  # of the check, short and always the same: "spf"
    words: str
    what_to_do: str = ""


def is_red(findings: Iterable[Finding]) -> bool:
    """Say whether something is so wrong that nothing should be sent."""
    return any(finding.level == "red" for finding in findings)


def kept(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return the findings as they are kept in an issue's JSON field."""
    return [{name: str(value) for name, value in finding._asdict().items()} for finding in findings]


def read(rows: Iterable[dict[str, Any]]) -> list[Finding]:
    """Return what `kept` has kept. Leaves out what it cannot read: an older version may have written it."""
    found = ({name: str(row.get(name, "")) for name in Finding._fields} for row in rows)
    return [
        Finding(row["level"], row["name"], row["words"], row["what_to_do"])  # type: ignore[arg-type]  # looked at below
        for row in found
        if row["level"] in get_args(Level)
    ]
