"""Threads and processes take turns at SQLite."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from blog.turns import _line, alone, in_turn

HOLD = """
import sys
from pathlib import Path
from blog.turns import alone
with alone(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.readline()
"""


def holding(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that is alone in the folder until it reads a line or ends."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    return process


def comes_in(folder: Path) -> threading.Event:
    """Have a thread wait for its turn; return what it sets when it had it."""
    had = threading.Event()

    def come() -> None:
        with alone(folder):
            had.set()

    threading.Thread(target=come, daemon=True).start()
    return had


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("postgres" in settings.DATABASE_URL, reason="only SQLite has one writer")
def test_on_sqlite_the_threads_of_a_process_write_one_after_the_other() -> None:
    with in_turn():
        assert _line.locked()
    assert not _line.locked()


@pytest.mark.django_db(transaction=True)
def test_who_is_in_a_transaction_waits_for_nobody() -> None:
    came = threading.Event()
    with _line, transaction.atomic(), in_turn():  # would wait for itself
        came.set()

    assert came.is_set()


def test_another_process_has_its_turn_when_the_one_before_is_done(tmp_path: Path) -> None:
    other = holding(tmp_path)
    had = comes_in(tmp_path)

    assert not had.wait(0.2)
    other.communicate("done\n")
    assert had.wait(10)


def test_who_is_killed_in_its_turn_keeps_nobody_waiting(tmp_path: Path) -> None:
    other = holding(tmp_path)
    had = comes_in(tmp_path)
    other.kill()

    assert had.wait(10)
    other.communicate()
