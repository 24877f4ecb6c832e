"""A site in a temporary folder, for benchmarks and soak tests."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.processes import Server
from tests.postgres import running_server

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for a server to come up or to end


class TemporarySite:
    """Runs manage.py on a data folder of its own, with nothing of a developer's settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(folder), **settings}

    def run(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed. Raises CalledProcessError if it failed."""
        return subprocess.run(self.command(*arguments), **self.options(), capture_output=True, check=True).stdout

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command and return its process."""
        return subprocess.Popen(self.command(*arguments), **self.options(), stdout=subprocess.DEVNULL)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def options(self) -> dict:
        return {"cwd": ROOT, "env": self.environment, "text": True}


@contextmanager
def surroundings(*, postgres: bool, durable: bool = False) -> Iterator[dict[str, str]]:
    """Give the environment of a site of its own: a data folder, and a PostgreSQL if that is wanted."""
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        Path(folder, "static").mkdir()  # WhiteNoise looks for it before collectstatic has run
        environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        if not postgres:
            yield environment
            return
        with running_server(durable=durable) as url:
            yield {**environment, "DATABASE_URL": url}


def run_apart(module: str, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a module in a process of its own and return what it printed. What it says of its progress is seen."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True).stdout


@contextmanager
def serving(command: list[str], port: int, path: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server for as long as the block lasts, and give its processes once it answers."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_answers(process, port, path)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", path)
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            line.close()
        time.sleep(0.1)
    raise SystemExit(f"No server came up: {process.args!r}")
