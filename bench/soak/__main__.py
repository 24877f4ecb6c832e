"""Kills the newsletter at every step, stops it, doubles it, and gives it bad mail servers: `make soak`.

A mail server in its own process remembers for whom each mail was; senders are started as `send_newsletter`. Leases are
ended by hand between two runs, as if a quarter of an hour had passed. What has to hold: nobody is mailed twice, every
subscriber has a row that says what happened, what a row says is true, and at most one row for each connection and kill
is "unknown". The table goes into docs/newsletter.md. About a quarter of an hour.

python -m bench.soak [--only failpoints …] [--database sqlite|postgres]
"""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from bench.site import ROOT
from bench.soak import scenarios
from bench.soak.stage import Stage
from tests.postgres import running_server

HEAD = "| Scenario | Kills | Rows | Unknown | Mailed twice | Lost | |\n|---|---|---|---|---|---|---|"


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the newsletter suffer and counts what arrived.")
    parser.add_argument("--only", nargs="*", default=[], help="names of scenarios")
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="one of the two")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)  # what a run does in its own process
    options = parser.parse_args()
    if options.inside:
        return suffer(options.only, Path(options.inside))
    databases = [options.database] if options.database else ["sqlite", "postgres"]
    return max(suffer_apart(database, options.only) for database in databases)


def suffer_apart(database: str, only: list[str]) -> int:
    """Run the scenarios on a database, and in a process, of their own; return 0 if all of them held."""
    on_postgres = database == "postgres"
    with tempfile.TemporaryDirectory() as folder, running_server() if on_postgres else nullcontext() as url:
        environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": folder, "NEWSLETTER_DELAY": "0"}
        if url:
            environment["DATABASE_URL"] = url
        print(f"\n{'PostgreSQL' if on_postgres else 'SQLite'}\n\n{HEAD}", flush=True)
        wanted = only or [
            scenario.__name__ for scenario in scenarios.EVERYWHERE + ([] if on_postgres else scenarios.ONCE)
        ]
        command = [sys.executable, "-m", "bench.soak", "--inside", folder, "--only", *wanted]
        return subprocess.call(command, cwd=ROOT, env=environment)


def suffer(names: list[str], folder: Path) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    import logging

    from django.core.management import call_command

    logging.disable(logging.ERROR)
    call_command("migrate", verbosity=0)
    stage = Stage(folder)
    held = True
    try:
        for name in names:
            for finding in getattr(scenarios, name)(stage):
                print(finding.line(), flush=True)
                held = held and finding.held
    finally:
        stage.close_sinks()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
