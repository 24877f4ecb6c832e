"""Django's SQLite, with its placeholders written once: the backend that DATABASES names.

Django writes `%s` and SQLite reads `?`, so a regular expression goes through every statement each time that it is run.
Of a comment, which runs fifteen, that was a twentieth of all computing.
"""

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

LONGEST = 8_000  # characters of a statement that is kept; longer ones come from rows in bulk, and not twice
KEPT = 500  # statements


class Cursor(base.SQLiteCursorWrapper):
    """Keeps what it made of a statement for the next time."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None and len(query) <= LONGEST:
            return with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))


@lru_cache(maxsize=KEPT)
def with_question_marks(query: str) -> str:
    """Return a statement as SQLite reads it. Django's method needs no cursor for that, and this is to hold none."""
    cursor: Any = None
    return str(base.SQLiteCursorWrapper.convert_query(cursor, query))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose cursors are these."""

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor
