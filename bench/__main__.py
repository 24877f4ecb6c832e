"""Ratios of one run on one machine: `make bench`. What each row means is in docs/measuring.md.

python -m bench [--postgres] [--growth] [--quick]

Loads servers over the loopback device with wrk, prints a table and writes it into bench/results/. About five minutes;
with --growth as much again as it takes to write a site of 100,000 posts.
"""

import argparse
import datetime
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from bench import growth, report
from bench.load import WRK_IS_MISSING
from bench.site import run_apart, surroundings
from operations.serving import THREADS_PER_WORKER
from tests.ports import free_port

RESULTS = Path(__file__).with_name("results")
SIZE = [1000, 10_000, 10_000]  # posts, comments, subscribers
SECONDS, ROUNDS = 2, 5
QUICK = {"size": [200, 1000, 1000], "seconds": 1, "rounds": 1}


def main() -> None:
    options = parse()
    if not shutil.which("wrk") and not options.only_growth:
        sys.exit(WRK_IS_MISSING)
    began = datetime.datetime.now(tz=datetime.UTC)
    facts = report.machine_facts(["python", "-m", "bench", *sys.argv[1:]], f"{began:%Y-%m-%d}")
    databases = [False, True] if options.postgres else [False]
    how = QUICK if options.quick else {"size": SIZE, "seconds": options.seconds, "rounds": options.rounds}
    runs = [] if options.only_growth else [run(how, postgres=postgres) for postgres in databases]
    grows = options.growth or options.only_growth
    grown = [growth.grow(options.sizes, postgres=postgres) for postgres in databases] if grows else []
    for one in runs:
        facts[one["database"]] = one["version"]
    if runs:
        facts["servers"] = (
            f"{runs[0]['workers']} web workers of {THREADS_PER_WORKER} threads each, for every contestant"
        )
    said = report.write(runs, grown, facts)
    print(f"\r\033[K{said}" if sys.stderr.isatty() else said)
    path = RESULTS / f"{facts['date']}-{'-'.join(one['database'].lower() for one in runs or grown)}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(said)
    print(f"Written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}.")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios of one run on one machine.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, too")
    parser.add_argument("--growth", action="store_true", help="also how pages grow with the data")
    parser.add_argument("--only-growth", action="store_true", help="nothing but that")
    parser.add_argument(
        "--sizes", type=growth.sizes_of, default=growth.SIZES, help="posts of the growing sites, 1000 or more each"
    )
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of one turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of turns (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="one round of one second: says whether all of it works")
    return parser.parse_args()


def run(how: dict[str, Any], *, postgres: bool) -> dict[str, Any]:
    """Measure every contestant on a database of its own, in a process of its own."""
    with surroundings(postgres=postgres, durable=True) as environment:
        environment["PORT"] = str(free_port())
        found: dict[str, Any] = json.loads(run_apart("bench.measuring", environment, json.dumps(how)))
    return found


if __name__ == "__main__":
    main()
