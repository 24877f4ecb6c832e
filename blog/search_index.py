"""Upkeep of the search index, which triggers write (decision 10)."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from blog.models import SearchEntry
from blog.turns import in_turn

PAGES = 500  # of the index that are written at once: some 40 ms in which nobody else writes


def tidy(stopped: Callable[[], bool] = lambda: False) -> None:
    """Merge the parts in which the index was written, one for each few changes, and of which a search reads every one.

    For FTS5; PostgreSQL's autovacuum does the like. Does nothing where nothing has changed since the last time.
    """
    if connection.vendor != "sqlite":
        return
    merge(-PAGES)  # begins to merge whatever there is (https://sqlite.org/fts5.html, section 6.9)
    while not stopped() and merge(PAGES):
        pass


def merge(pages: int) -> bool:
    """Go on merging, and write so many pages at most. Return whether there was anything to do."""
    database: Any = connection
    table = SearchEntry._meta.db_table
    with in_turn(), database.cursor() as cursor:
        before = database.connection.total_changes
        cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608  its own name
        return bool(database.connection.total_changes - before > 1)  # one is this statement's own
