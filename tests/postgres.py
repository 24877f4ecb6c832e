"""Runs the tests on a PostgreSQL of their own: made in a temporary folder, on a free port, gone afterwards.

python -m tests.postgres [pytest arguments]
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

MISSING = "No PostgreSQL server found. Install it: apt-get install postgresql"


def main(arguments: list[str]) -> int:
    with running_server() as url:
        os.environ["DATABASE_URL"] = url
        # The databases go with their server. Dropping them one by one would fail on whatever thread of a test server
        # has not yet hung up.
        return subprocess.call([sys.executable, "-m", "pytest", "--reuse-db", *arguments])


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Run a server with an empty database for as long as the block lasts, and give its DATABASE_URL.

    `durable`: it waits for the disk before it says that something is stored, as a real one does.
    """
    binaries = find_binaries()
    if binaries is None:
        sys.exit(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="byline-postgres-"))
    port = free_port()
    try:
        start(binaries, folder, port, durable=durable)
        yield f"postgres://byline@127.0.0.1:{port}/postgres"
    finally:
        as_server_user([str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path | None:
    """Return the folder with the newest server, on the PATH or where Debian keeps it."""
    places = [Path(path).resolve().parent for path in [shutil.which("pg_ctl")] if path]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


def start(binaries: Path, folder: Path, port: int, *, durable: bool) -> None:
    settings = f"-p {port} -k {folder} -h 127.0.0.1"
    if not durable:  # what tests write has to outlive nothing
        settings += " -F -c synchronous_commit=off -c full_page_writes=off"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    as_server_user([str(binaries / "initdb"), "-D", data, "-U", "byline", "-A", "trust", "-E", "UTF8", "--no-sync"])
    log = str(folder / "server.log")
    as_server_user([str(binaries / "pg_ctl"), "-D", data, "-l", log, "-o", settings, "-w", "start"])


def as_server_user(command: list[str]) -> None:
    """Run a command as the user that PostgreSQL accepts: it refuses to run as root."""
    user = None
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres").pw_name
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
