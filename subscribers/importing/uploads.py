"""A list that somebody uploaded, kept while they look at what it would do: an hour at most, and only for them.

The name on disk is random and begins with the person's number; what the file was called at home is only kept as far as
it tells what is in it, for Mailchimp's files.
"""

import datetime
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import slugify

KEPT = datetime.timedelta(hours=1)
LARGEST = 10 * 1024 * 1024  # bytes
NAME = re.compile(r"(?P<person>\d+)-[0-9a-f]{32}_[a-z0-9_-]{1,60}\.(csv|zip)")

Stopped = Callable[[], bool]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def keep(file: UploadedFile, person: int) -> str:
    """Write the file where only the server may read it; return the name by which this person gets it again."""
    given = Path(file.name or "list.csv")
    kind = "zip" if given.suffix.lower() == ".zip" else "csv"
    name = f"{person}-{secrets.token_hex(16)}_{slugify(given.stem)[:60] or 'list'}.{kind}"
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return name


def find(name: str, person: int) -> Path | None:
    """Return this person's file of that name; None for another's, and for one that is gone."""
    known = NAME.fullmatch(name)
    path = folder() / name
    if known is None or int(known["person"]) != person or not path.is_file() or is_old(path):
        return None
    return path


def drop(path: Path) -> None:
    path.unlink(missing_ok=True)


def is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < (timezone.now() - KEPT).timestamp()
    except FileNotFoundError:  # somebody else's clock was faster
        return False


def forget_old(stopped: Stopped = lambda: False) -> int:
    """Delete what was kept for an hour; return how many files. The clock calls this."""
    old = [path for path in folder().glob("*") if is_old(path)] if folder().is_dir() else []
    for path in old:
        drop(path)
    return len(old)
