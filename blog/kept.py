"""Rows that one request asks for again and again, and that seldom change: read once while a block lasts.

Only where it is asked for, and never longer than that, so that no process goes on with a row that another has changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Row = TypeVar("Row")

_rows: ContextVar[dict[str, Any] | None] = ContextVar("rows", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Read each such row once inside the block, or inside the view that this decorates."""
    before = _rows.set({})
    try:
        yield
    finally:
        _rows.reset(before)


def once(name: str, read: Callable[[], Row]) -> Row:
    """Return what `read` returned for this name earlier in the block, or what it returns now."""
    rows = _rows.get()
    if rows is None:
        return read()
    if name not in rows:
        rows[name] = read()
    row: Row = rows[name]
    return row
