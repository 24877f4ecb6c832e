"""A list that somebody uploaded, kept while they look at what it would do: an hour at most, and only for them.

Each lies in a folder of its own, whose name is random and begins with the person's number. What the file was called at
home is kept as far as letters and digits go: by their names Mailchimp's files say what is in them.
"""

import datetime
import os
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import slugify

KEPT = datetime.timedelta(hours=1)
LARGEST = 10 * 1024 * 1024  # bytes
NAME = re.compile(r"(?P<person>[0-9]+)-[0-9a-f]{32}")

Stopped = Callable[[], bool]


def root() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def keep(file: UploadedFile, person: int) -> Path:
    """Write the file where only the server may read it. The name of its folder is by what this person gets it again."""
    given = Path(file.name or "list.csv")
    folder = root() / f"{person}-{secrets.token_hex(16)}"
    folder.mkdir(mode=0o700, parents=True)
    path = folder / f"{slugify(given.stem)[:60] or 'list'}.{'zip' if given.suffix.lower() == '.zip' else 'csv'}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return path


def find(name: str, person: int) -> Path | None:
    """Return this person's file in the folder of that name; None for another's, and for one that is gone."""
    known = NAME.fullmatch(name)
    if known is None or int(known["person"]) != person or is_old(root() / name):
        return None
    return next((root() / name).glob("*"), None)


def drop(path: Path) -> None:
    """Delete the file, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)


def is_old(folder: Path) -> bool:
    try:
        return folder.stat().st_mtime < (timezone.now() - KEPT).timestamp()
    except FileNotFoundError:  # somebody else's clock was faster
        return True


def forget_old(stopped: Stopped = lambda: False) -> int:
    """Delete what was kept for an hour; return how many files. The clock calls this."""
    old = [folder for folder in root().glob("*") if is_old(folder)]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)
