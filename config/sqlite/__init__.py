"""Which SQLite this process uses.

SQLite before 3.51.3 can corrupt a WAL database that two processes write at once, which is what a web server and
a worker do (https://sqlite.org/wal.html, "the WAL-reset bug"). Debian 12 ships 3.40.1, so the build on the package
index stands in wherever the system's is older. docs/decisions/0002-sqlite-from-the-package-index.md says more.
"""

import sqlite3
import sys

FIRST_SAFE_VERSION = (3, 51, 3)


def use_safe_sqlite() -> None:
    """Put the packaged SQLite in the place of the standard library's, if that one is too old and it is there.

    Has to run before Django imports its SQLite backend. Costs nothing where the system's SQLite is new enough.
    """
    if sqlite3.sqlite_version_info >= FIRST_SAFE_VERSION:
        return
    try:
        import pysqlite3
    except ImportError:
        return  # operations/checks.py warns about the version that remains
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
