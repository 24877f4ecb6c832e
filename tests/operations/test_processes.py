"""The real thing: `serve` and `worker` as processes, on a database of their own."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until a test gives up on a process


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until the condition holds, for as long as PATIENCE; a process has no other way to say that it is ready."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.05)


class Site:
    """A site in a folder of its own, with `serve --prepare` as `make run` starts it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": "",
            "DEBUG": "on",
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "var"),
            "NEWSLETTER_DELAY": "0",
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        with (self.folder / "output.txt").open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--prepare"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )
        wait_for(self.answers)

    def stop(self, number: int = signal.SIGINT) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def said(self) -> str:
        return (self.folder / "output.txt").read_text()

    def processes(self) -> dict[int, str]:
        """The numbers and command lines of every process that serves this folder or listens for it."""
        marker = f"DATA_DIR={self.environment['DATA_DIR']}"
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if marker in (process / "environ").read_text(errors="replace"):
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return {number: line for number, line in found.items() if line}

    def finished_tasks(self) -> int:
        """How many tasks the worker has done; a lock held meanwhile is waited for."""
        with closing(sqlite3.connect(self.folder / "var" / "byline.sqlite3")) as database:
            query = "SELECT COUNT(*) FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'"
            return int(database.execute(query).fetchone()[0])

    def worker(self) -> int:
        """The number of the worker's process, 0 while there is none."""
        return next((number for number, line in self.processes().items() if "manage.py worker" in line), 0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from ended(Site(tmp_path))


class FirstStart(NamedTuple):
    """What a site that was started and stopped once has shown and said, and where it lies."""

    folder: Path
    home: str
    running: int
    said: str


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Start and stop a new site: making the database and the demo takes its seconds once."""
    site = Site(tmp_path_factory.mktemp("site"))
    for _ in ended(site):
        site.start()
        with urllib.request.urlopen(f"{site.url}/") as response:
            home = response.read().decode()
        wait_for(site.worker)
        running = len(site.processes())
        site.stop(signal.SIGINT)
    return FirstStart(site.folder, home, running, site.said())


@pytest.fixture
def prepared(first_start: FirstStart, tmp_path: Path) -> Iterator[Site]:
    """A site that has nothing left to prepare."""
    shutil.copytree(first_start.folder, tmp_path / "site")
    yield from ended(Site(tmp_path / "site"))


def ended(site: Site) -> Iterator[Site]:
    yield site
    if site.process and site.process.poll() is None:
        os.killpg(site.process.pid, signal.SIGKILL)


def test_the_first_start_prepares_everything_and_ctrl_c_leaves_no_process(first_start: FirstStart) -> None:
    assert "Second Skin" in first_start.home
    assert first_start.said.count("with the password") == 1
    assert first_start.running == 3  # the server, one web process, the worker
    assert "Byline has stopped." in first_start.said
    wait_for(lambda: not Site(first_start.folder).processes())


def test_a_second_start_prepares_nothing_and_a_second_server_is_told_that_the_port_is_taken(prepared: Site) -> None:
    before = prepared.said()
    prepared.start()

    assert "password" not in prepared.said().removeprefix(before)
    assert "Collected" not in prepared.said().removeprefix(before)
    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=prepared.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"Port {prepared.port} is taken" in second.stderr
    prepared.stop()


def test_a_killed_server_takes_its_worker_along(prepared: Site) -> None:
    prepared.start()
    wait_for(lambda: len(prepared.processes()) == 3)

    prepared.stop(signal.SIGKILL)

    wait_for(lambda: not prepared.processes())


def test_a_worker_that_dies_is_started_again(prepared: Site) -> None:
    prepared.start()
    wait_for(prepared.worker)
    first = prepared.worker()

    os.kill(first, signal.SIGKILL)

    wait_for(lambda: prepared.worker() not in {0, first})
    prepared.stop()
    wait_for(lambda: not prepared.processes())


def test_a_subscription_is_mailed_by_the_worker(prepared: Site) -> None:
    prepared.start()

    form = urllib.request.Request(f"{prepared.url}/subscribe/", data=b"email=new%40example.org", method="POST")
    with urllib.request.urlopen(form) as response:
        assert response.url.endswith("/subscribe/asked/")

    outbox = prepared.folder / "var" / "outbox"
    wait_for(lambda: list(outbox.glob("*.eml")))
    (mail,) = outbox.glob("*.eml")
    assert "To: new@example.org" in mail.read_text()
    wait_for(prepared.finished_tasks)
    prepared.stop()
    assert "The worker has stopped." in prepared.said()  # not killed: it had time to finish what it had in hand


def test_serve_asks_for_migrate_where_the_database_is_not_ready(site: Site) -> None:
    refused = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "manage.py migrate" in refused.stderr
