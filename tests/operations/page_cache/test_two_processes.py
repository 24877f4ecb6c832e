"""Two web processes on one database: what one writes, the other shows on its very next answer."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.operations.page_cache.process import ADDRESSES, VERBS

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.django_db(transaction=True)


class Process:
    """A web process, driven over its standard input (process.py)."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.operations.page_cache.process"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, *words: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "The process has ended."
        return json.loads(answer)

    def read(self, address: str, etag: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = self.say("read", address, etag)
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of processes that share a database: a copy of the tests' own on SQLite, that itself elsewhere."""
    shared = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(tmp_path)}
    (tmp_path / "static").mkdir()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "byline.sqlite3")])
        return shared
    known = connection.settings_dict
    address = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return {**shared, "DATABASE_URL": address}


@pytest.fixture
def processes(environment: dict[str, str]) -> Iterator[tuple[Process, Process]]:
    with closing(Process(environment)) as one, closing(Process(environment)) as other:
        one.say("write", "begin")
        yield one, other


def test_an_approved_comment_is_on_the_next_page_of_each_process(processes: tuple[Process, Process]) -> None:
    one, other = processes
    one.say("write", "a comment waits")
    for process in processes:
        process.read("/posts/post/")
        kept = process.read("/posts/post/")
        assert (kept["made"], "Waiting." in kept["text"]) == (0, False)

    one.say("write", "approve")

    for process in (other, one):
        shown = process.read("/posts/post/")
        assert (shown["made"], "Waiting." in shown["text"]) == (1, True)
        assert process.read("/posts/post/")["made"] == 0


def test_what_no_reader_sees_costs_no_page(processes: tuple[Process, Process]) -> None:
    one, other = processes
    other.read("/posts/post/")

    one.say("write", "a comment waits")

    assert other.read("/posts/post/")["made"] == 0


def test_a_process_that_was_killed_comes_back_with_the_same_pages(
    processes: tuple[Process, Process], environment: dict[str, str]
) -> None:
    one, other = processes
    before = other.read("/posts/post/")
    other.close()

    with closing(Process(environment)) as again:
        after = again.read("/posts/post/")
        assert (after["text"], after["etag"], after["made"]) == (before["text"], before["etag"], 1)
        assert again.read("/posts/post/", before["etag"])["status"] == 304
    assert one.read("/posts/post/")["text"] == before["text"]


def test_no_page_is_ever_older_than_the_last_write(processes: tuple[Process, Process]) -> None:
    """Whoever writes whatever in whatever order: a kept page is, byte for byte, the one that Django would make now."""
    who = st.integers(0, 1)
    read = st.tuples(st.just("read"), who, st.sampled_from(ADDRESSES))
    write = st.tuples(st.just("write"), who, st.sampled_from(sorted(VERBS)))
    wait = st.tuples(st.just("wait"), st.just(0), st.sampled_from([1, 5, 15]))
    clock = [time.time()]
    kept: list[int] = []

    def pass_time(minutes: int) -> None:
        clock[0] += 60 * minutes
        for process in processes:
            process.say("clock", clock[0])

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(read, read, write, wait), min_size=5, max_size=20))
    def play(steps: list[tuple[str, int, Any]]) -> None:
        pass_time(60)
        processes[0].say("write", "begin")
        for action, number, what in steps:
            if action == "wait":
                pass_time(what)
            elif action == "write":
                processes[number].say("write", what)
            for process in processes if action != "read" else [processes[number]]:
                address = what if action == "read" else "/posts/post/"
                answer = process.read(address)
                assert answer["is_right"], (address, steps)
                kept.append(answer["made"] == 0)

    play()
    assert any(kept), "the cache answered, too"
