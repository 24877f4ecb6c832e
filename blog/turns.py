"""Taking turns at SQLite, which lets one write at a time.

Who finds it taken looks again after 1, 2, 5 and up to 100 milliseconds (sqlite3_busy_timeout), and meanwhile it lies
idle, or somebody who came later has it. The threads of one process can do better: they stand in line.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = 10  # seconds; who waited as long as that asks SQLite, which then says how things are

_line = threading.Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Begin a short transaction inside when the threads before have ended theirs. Does nothing on other databases.

    Nothing either inside a transaction: who has SQLite already must not wait for those who wait for it.
    """
    stands = connection.vendor == "sqlite" and not connection.in_atomic_block and _line.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if stands:
            _line.release()
