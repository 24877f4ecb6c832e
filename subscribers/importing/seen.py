import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """Which addresses of a list were there before, of any number, in flat memory.

    A file of SQLite's own without a name, which is gone when it is closed. It holds keyed digests, no addresses.
    """

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, digest: str) -> bool:
        """Remember the digest; return whether it was not there before."""
        # Half of the digest tells a million addresses apart.
        key = bytes.fromhex(digest[:32])
        return self._file.execute("INSERT OR IGNORE INTO seen VALUES (?)", [key]).rowcount == 1
