"""Several who act at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.db import connection, connections

Result = TypeVar("Result")


@contextmanager
def real_database(folder: Path) -> Iterator[None]:
    """Put SQLite's tests into a file for as long as the block lasts: in memory, connections do not wait for each other.

    Other databases are real already.
    """
    if connection.vendor != "sqlite":
        yield
        return
    file = folder / "at-once.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    in_memory, name = connections["default"], connection.settings_dict["NAME"]
    in_memory.settings_dict["NAME"] = str(file)  # the dictionary from which every thread connects
    connections["default"] = connections.create_connection("default")
    connections["default"].ensure_connection()  # changes the file to a log, for which several at once do not wait
    yield
    connections["default"].close()
    in_memory.settings_dict["NAME"] = name
    connections["default"] = in_memory


def at_once(*acts: Callable[[], Result]) -> list[Result]:
    """Do all of this at the same moment; return the results in the order of `acts`, or raise what one raised."""
    ready = threading.Barrier(len(acts))

    def act(number: int) -> Result:
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            return acts[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, range(len(acts))))
