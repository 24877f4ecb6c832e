"""What the moderation queue costs with a thousand waiting comments and with a hundred thousand: `make bench`.

Both are measured in this process, on a database each. Half of the comments came with one address, from one network and
with one text: the worst that a page can hold, whose counts have to stop early. What counts is how a page grows; the
milliseconds are this machine's: of CPU on SQLite, which works in this process, of a clock on PostgreSQL.

python -m bench.queue [--postgres] [--comments 100000]
"""

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.site import ROOT
from tests.postgres import running_server

FEW = 1000
CALLS = 25
QUEUE = "/admin/moderation/"


def main() -> None:
    parser = argparse.ArgumentParser(description="What the moderation queue costs as it grows.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, instead of SQLite")
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)  # what a run does in its own process
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.comments)))
    else:
        report(*(measure_apart(comments, postgres=options.postgres) for comments in (FEW, options.comments)))


def measure_apart(comments: int, *, postgres: bool) -> dict[str, Any]:
    """Measure a queue of this many comments in a process, and on a database, of its own."""
    with tempfile.TemporaryDirectory() as folder, running_server() if postgres else nullcontext() as url:
        Path(folder, "static").mkdir()  # WhiteNoise looks for it before collectstatic has run
        environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": folder}
        if url:
            environment["DATABASE_URL"] = url
        command = [sys.executable, "-m", "bench.queue", "--measure", "--comments", str(comments)]
        run = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def measure(comments: int) -> dict[str, Any]:
    """Fill the database that the environment names, and say of every page how long it took and what it asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from tests.factories import make_staff

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(comments)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # what its autovacuum does within minutes
    client = Client(SERVER_NAME="localhost")
    client.force_login(make_staff())
    first, busiest = numbers_of_interest()
    pages = {
        "first page": QUEUE,
        "a page from the middle": f"{QUEUE}?after={first}",
        "spam, which there is none of": f"{QUEUE}?status=spam",
        "by the busiest address": f"{QUEUE}?status=waiting&person={busiest}",
        "all with the commonest text": f"{QUEUE}?status=all&text={busiest}",
        "a word that many have": f"{QUEUE}?q=same",
        "a word that none has": f"{QUEUE}?q=xyzzy",
        "live counts": f"{QUEUE}counts/",
    }
    costs = {name: cost(client, lambda address=address: client.get(address)) for name, address in pages.items()}
    return {"database": connection.display_name, "pages": costs, "many": cost_of_many(client)}


def fill(comments: int) -> None:
    """Write waiting comments under ten posts, a second between each and the next."""
    from django.utils import timezone

    from comments.commenters import find_or_add
    from comments.models import Comment, Commenter
    from tests.factories import make_post

    posts = [make_post(title=f"Post {n}") for n in range(10)]
    busiest = find_or_add("busiest@example.org")
    start = timezone.now() - datetime.timedelta(seconds=comments)
    for begin in range(0, comments, 2000):
        numbers = range(begin, min(begin + 2000, comments))
        people = Commenter.objects.bulk_create(Commenter(email=f"reader{n}@example.org") for n in numbers)
        rows = [
            Comment(
                post=posts[n % 10],
                commenter=busiest if n % 2 else person,
                name=f"Reader {n}",
                email=busiest.email if n % 2 else person.email,
                source="The same text." if n % 2 else f"Comment number {n}, with words of its own.",
                network="one" if n % 2 else f"network {n % 1000}",
                status="waiting",
                created_at=start + datetime.timedelta(seconds=n),
                held_for=[["first", {}], ["links", {"count": 3}]],
                digest=f"digest {n}",
            )
            for n, person in zip(numbers, people, strict=True)
        ]
        for row in rows:
            row.prepare()
        Comment.objects.bulk_create(rows, batch_size=200)


def numbers_of_interest() -> tuple[str, int]:
    """The place of the comment in the middle of the queue, and a comment of the busiest address."""
    from comments.models import Comment
    from comments.moderation.choice import TABS, Place

    waiting = Comment.objects.waiting()
    middle = waiting[waiting.count() // 2]
    return str(Place.of(middle, TABS["waiting"])), waiting.get(name="Reader 1").pk


def cost(client: Any, call: Any, calls: int = CALLS) -> dict[str, Any]:
    """Milliseconds of each call, and how many queries one makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert call().status_code == 200
    with CaptureQueriesContext(connection) as queries:
        call()
    asked = len(queries)  # counted now: the next request empties the log
    clock = clock_of(connection)
    times = []
    for _ in range(calls):
        began = clock()
        call()
        times.append((clock() - began) * 1000)
    return {"times": times, "queries": asked}


def clock_of(connection: Any) -> Callable[[], float]:
    """SQLite works in this process, whose CPU time is its own; a server's has to be waited for."""
    return time.process_time if connection.vendor == "sqlite" else time.perf_counter


def cost_of_many(client: Any) -> dict[str, float]:
    """Milliseconds of approving the first thousand of the queue in one action, and of undoing it."""
    from django.db import connection

    from comments.models import Action

    clock = clock_of(connection)
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"}).text
    picked = page.partition('name="comment" value="')[2].partition('"')[0]
    began = clock()
    client.post(f"{QUEUE}many/", {"verb": "approve", "comment": picked})
    approved = clock()
    client.post(f"{QUEUE}actions/{Action.objects.get().pk}/undo/")
    return {"approving 1,000": (approved - began) * 1000, "undoing it": (clock() - approved) * 1000}


def report(few: dict[str, Any], many: dict[str, Any]) -> None:
    print(f"{many['database']}: milliseconds of a page of the short queue and of the long one, growth, queries on each")
    for name, page in many["pages"].items():
        before = few["pages"][name]
        small, large = statistics.median(before["times"]), statistics.median(page["times"])
        growth = min(page["times"]) / min(before["times"])  # the quietest moments of a machine that does more
        print(f"  {name:30} {small:7.1f} {large:7.1f}   × {growth:4.1f}   {before['queries']} {page['queries']}")
    for name, milliseconds in many["many"].items():
        before = few["many"][name]
        print(f"  {name:30} {before:7.1f} {milliseconds:7.1f}   × {milliseconds / before:4.1f}")


if __name__ == "__main__":
    main()
