"""Asks the database for the page stamp: the value that is another one after every write of what readers see.

What is read is never older than the last transaction that had ended when the question was asked: that is all that a
kept page's freshness rests on (docs/decisions/0034).
"""

import sqlite3
import threading
from collections.abc import Callable
from urllib.parse import quote

from django.db import DatabaseError, connection

QUERY = "SELECT stamp FROM operations_pagestamp"

Stamp = Callable[[], str | None]


def database_stamp() -> Stamp:
    """Return the function that reads the stamp from the site's database.

    It returns None where the stamp is missing, or where the database does not answer: then nothing may be kept.
    """
    if connection.vendor == "sqlite":
        return SqliteStamp(str(connection.settings_dict["NAME"]))
    return postgresql_stamp


class SqliteStamp:
    """Reads the stamp by a connection of its own in each thread, and only when the database file has changed.

    `PRAGMA data_version` is another number, for one connection, whenever any other one has committed, in this process
    or another (https://sqlite.org/pragma.html#pragma_data_version). It reads no page of the file.
    """

    def __init__(self, path: str) -> None:
        self.address = f"file:{quote(path)}?mode=rw"  # a file that is not there is not made
        self.own = threading.local()

    def __call__(self) -> str | None:
        own = self.own
        try:
            (version,) = own.execute("PRAGMA data_version").fetchone()
            if version != own.version:
                own.stamp = (own.execute(QUERY).fetchone() or (None,))[0]
                own.version = version  # the stamp is at least as new
        except AttributeError:
            return self.open()
        except sqlite3.Error:
            own.__dict__.clear()
            return None
        stamp: str | None = own.stamp
        return stamp

    def open(self) -> str | None:
        """Open this thread's connection, and ask again."""
        try:
            connection = sqlite3.connect(self.address, uri=True, isolation_level=None)
            connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            return None
        self.own.execute = connection.execute  # holds the connection
        self.own.version = None
        return self()


def postgresql_stamp() -> str | None:
    """Read the stamp by this thread's connection: one query, prepared by the server."""
    try:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            row = connection.connection.execute(QUERY, prepare=True).fetchone()
    except DatabaseError:
        connection.close()
        return None
    return row[0] if row else None
