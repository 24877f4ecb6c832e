"""An issue to a million: what freezing, claiming and counting cost as the list grows. python -m bench.million

Each size is measured in a process, and on a database, of its own: seconds, peak memory of the process (PostgreSQL's is
its server's own affair), and how long SQLite's write lock is held, which is as long as the freeze.

python -m bench.million [--postgres] [--subscribers 1000000]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.site import ROOT
from tests.postgres import running_server

FEW = 1000
BATCHES = 30


def main() -> None:
    parser = argparse.ArgumentParser(description="What an issue costs as the list grows.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, instead of SQLite")
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)  # what a run does in its own process
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.subscribers)))
        return
    few, many = (measure_apart(number, postgres=options.postgres) for number in (FEW, options.subscribers))
    print(f"{many.pop('database')}: {FEW:,} subscribers, and {options.subscribers:,}")
    for name, value in many.items():
        print(f"  {name:42} {few[name]:10,.1f} {value:12,.1f}")


def measure_apart(subscribers: int, *, postgres: bool) -> dict[str, Any]:
    """Measure a list of this length in a process, and on a database, of its own."""
    with tempfile.TemporaryDirectory() as folder, running_server() if postgres else nullcontext() as url:
        environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": folder}
        Path(folder, "static").mkdir()
        if url:
            environment["DATABASE_URL"] = url
        command = [sys.executable, "-m", "bench.million", "--measure", "--subscribers", str(subscribers)]
        run = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def measure(subscribers: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from subscribers import ledger, newsletter
    from tests.factories import make_issue, make_post

    call_command("migrate", verbosity=0)
    fill(subscribers)
    issue = make_issue(make_post())
    before = peak()
    began = time.perf_counter()
    assert newsletter.start_issue(issue)
    found: dict[str, Any] = {"database": connection.display_name, "freeze, s": time.perf_counter() - began}
    found["memory before, MB"], found["memory after the freeze, MB"] = before, peak()
    issue.refresh_from_db()
    assert issue.audience == subscribers
    times = []
    for _ in range(min(BATCHES, subscribers // 100)):
        began = time.perf_counter()
        with transaction.atomic():
            claims = ledger.claim(issue, 100)
        times.append((time.perf_counter() - began) * 1000)
        assert len(claims) == 100 or subscribers == FEW
    found["claim of 100, ms (best)"], found["claim of 100, ms (median)"] = min(times), sorted(times)[len(times) // 2]
    began = time.perf_counter()
    assert sum(ledger.sums(issue).values()) == subscribers
    found["sums by state, ms"] = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    issue.finish()
    found["is it over?, ms"] = (time.perf_counter() - began) * 1000
    found["memory at the end, MB"] = peak()
    print(plan(issue), file=sys.stderr)
    return found


def fill(subscribers: int) -> None:
    """Write the list with one statement: a million objects would take longer than what is measured."""
    from django.db import connection

    numbers = (
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %s) SELECT n FROM c"
        if connection.vendor == "sqlite"
        else "SELECT generate_series(1, %s) AS n"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscribers_subscriber (email, status, created_at, confirmed_at, times_asked, cadence,"
            " chosen_only, plain_text, new_email, bounce_score)"
            " SELECT 'reader' || n || '@example.org', 'active', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 'each',"
            f" false, false, '', 0 FROM ({numbers}) AS numbers",
            [subscribers],
        )


def plan(issue: Any) -> str:
    """How the database finds the next ones."""
    from django.utils import timezone

    from subscribers.models import Delivery

    waiting = Delivery.objects.filter(issue=issue, state="pending", next_try_at__lte=timezone.now())
    return waiting.order_by("next_try_at", "pk")[:100].explain()


def peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
