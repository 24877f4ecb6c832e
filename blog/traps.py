"""A field that people do not see (templates/_trap.html): programs like to fill it in."""

from collections.abc import Mapping
from typing import Any

FIELD = "subject"  # sounds like something to fill in; nobody's browser keeps a value for it


def is_trapped(data: Mapping[str, Any]) -> bool:
    """Say whether what was sent has something in the field that people leave empty."""
    return bool(data.get(FIELD))
