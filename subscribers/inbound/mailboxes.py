"""Looking for mail in a mailbox of the site's own (MAILBOX_URL), where no mail server hands it over.

A mail stays as it is until what follows from it is committed. What came to a signed address is then deleted; all other
mail stays, marked as read.
"""

import imaplib
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError

from subscribers.inbound.acting import receive
from subscribers.inbound.messages import LARGEST

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500
IMAP_PORT, IMAPS_PORT = 143, 993
PATIENCE = 30  # seconds for each answer of a mail server
SEEN, SEEN_AND_MARKED = "S", "FS"  # Maildir's letters: read; read, and for a person to look at


class Box(Protocol):
    """A mailbox. A mail in it that was seen is not looked at again."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name of every mail that nobody has seen, and its first LARGEST bytes."""

    def remove(self, name: str) -> None:
        """Delete a mail that is done with."""

    def keep(self, name: str, *, marked: bool = False) -> None:
        """Leave a mail where it is, as read; marked, if a person should look at it."""


class Maildir:
    """A folder with a file for each mail; those in new/ have not been seen (https://cr.yp.to/proto/maildir.html)."""

    def __init__(self, path: Path) -> None:
        self._new, self._cur = path / "new", path / "cur"

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self._new.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                with suppress(FileNotFoundError), path.open("rb") as file:  # another worker was faster
                    yield path.name, file.read(LARGEST)

    def remove(self, name: str) -> None:
        (self._new / name).unlink(missing_ok=True)

    def keep(self, name: str, *, marked: bool = False) -> None:
        letters = SEEN_AND_MARKED if marked else SEEN
        with suppress(FileNotFoundError):
            (self._new / name).rename(self._cur / f"{name.partition(':')[0]}:2,{letters}")


class Imap:
    """A mailbox on a mail server (RFC 3501)."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        _state, found = self._line.uid("SEARCH", "UNSEEN", "UNDELETED")
        for number in (found[0] or b"").split()[:MOST_AT_ONCE]:
            _state, answer = self._line.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
            content = next((item[1] for item in answer if isinstance(item, tuple)), None)
            if content is not None:  # else somebody deleted it
                yield number.decode(), content

    def remove(self, name: str) -> None:
        self._line.uid("STORE", name, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        # Without UIDPLUS (RFC 4315) expunging would delete what others marked, too: there it is left to the server.
        if "UIDPLUS" in self._line.capabilities:
            self._line.uid("EXPUNGE", name)

    def keep(self, name: str, *, marked: bool = False) -> None:
        self._line.uid("STORE", name, "+FLAGS.SILENT", r"(\Seen \Flagged)" if marked else r"(\Seen)")


@contextmanager
def open_box(url: str) -> Iterator[Box]:
    """Lend the mailbox of MAILBOX_URL. Raises OSError or imaplib's error where it cannot be opened."""
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield Maildir(Path(unquote(parts.path)))
        return
    line = connect(parts)
    try:
        line.login(unquote(parts.username or ""), unquote(parts.password or ""))
        name = unquote(parts.path.strip("/")) or "INBOX"
        state, answer = line.select('"' + name.replace("\\", r"\\").replace('"', r"\"") + '"')
        if state != "OK":
            raise imaplib.IMAP4.error(f"no such mailbox: {answer}")
        yield Imap(line)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            line.logout()


def connect(parts: SplitResult) -> imaplib.IMAP4:
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        trusted = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, parts.port or IMAPS_PORT, ssl_context=trusted, timeout=PATIENCE)
    return imaplib.IMAP4(host, parts.port or IMAP_PORT, timeout=PATIENCE)


def run_once(stopped: Callable[[], bool] = lambda: False) -> int:
    """Take in what lies in the mailbox; return how many mails changed something.

    Safe to run in several places at once. Raises DatabaseError, with every mail that is not done left as it was.
    """
    if not settings.MAILBOX_URL:
        return 0
    try:
        with open_box(settings.MAILBOX_URL) as box:
            return sum(take_in(box, name, raw) for name, raw in islice(unless(stopped, box.waiting()), MOST_AT_ONCE))
    except (OSError, UnicodeError, imaplib.IMAP4.error) as error:
        logger.warning("The mailbox of MAILBOX_URL cannot be read: %s", error)
        return 0


def unless(stopped: Callable[[], bool], mails: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for mail in mails:
        if stopped():
            return
        yield mail


def take_in(box: Box, name: str, raw: bytes) -> bool:
    """Act on one mail, and settle where it lies; return whether it changed something."""
    try:
        result = receive(raw)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("A mail in the mailbox could not be dealt with. It is marked, for somebody to look at.")
        box.keep(name, marked=True)
        return False
    if result.done_with:
        box.remove(name)
    else:
        box.keep(name)
    return result.changed
