"""An issue to a million: what freezing, claiming and counting cost as the list grows. python -m bench.million

Each size is measured in a process, and on a database, of its own: seconds, peak memory of the process (PostgreSQL's is
its server's own affair), and how long SQLite's write lock is held, which is as long as the freeze.

python -m bench.million [--postgres] [--subscribers 1000000]
"""

import argparse
import json
import resource
import sys
import time
from typing import Any

from bench.site import run_apart, surroundings

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
    with surroundings(postgres=postgres) as environment:
        return json.loads(run_apart("bench.million", environment, "--measure", "--subscribers", str(subscribers)))


def measure(subscribers: int) -> dict[str, Any]:
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
    """Write a list of people who all want each mail."""
    from django.db.models import F
    from django.db.models.functions import Coalesce

    from operations import load
    from subscribers.models import Subscriber

    load.generate(load.Size(0, 0, subscribers), seed=1, until=load.today())
    Subscriber.objects.update(
        status="active", cadence="each", chosen_only=False, confirmed_at=Coalesce("confirmed_at", F("created_at"))
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
