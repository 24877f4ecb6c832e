"""Mails per second of an issue beside plain smtplib.

The yardstick sends ready-made messages of the same size with smtplib on one connection, and commits the same UPDATEs as
Byline, as often, to the same database through the bare driver: one transaction between one mail and the next. Byline
makes its mails meanwhile. The mail server (bench/sink.py) is a process of its own. Runs alternate, and each is compared
with its neighbour, as what disturbs this machine disturbs both; of the ratios the median counts.

python -m bench.newsletter [--postgres] [--mails 2000] [--rounds 5] [--stub]
"""

import argparse
import json
import smtplib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench import sink
from bench.site import run_apart, surroundings
from tests.ports import free_port

REPLY_TAKES = 0.005  # seconds, of the slow server
SLOW = 1600  # mails to it
# What is measured, and beside what: on one connection and on two, and on one and eight to a slow server.
YARDSTICKS = {
    "plain": "plain",
    "byline": "plain",
    "byline, 2": "plain",
    "slow plain": "slow plain",
    "slow byline, 8": "slow plain",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Mails per second beside plain smtplib.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, instead of SQLite")
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stub", action="store_true", help="send one ready-made text: what the engine alone costs")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)  # what a run does in its own process
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options)))
        return
    with surroundings(postgres=options.postgres) as environment:
        report(json.loads(run_apart("bench.newsletter", environment, "--measure", *sys.argv[1:])))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    import logging

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_TIMEOUT = 60
    bench = Bench(max(options.mails, SLOW), stub=options.stub)
    results: dict[str, list[float]] = {
        "plain": [],
        "byline": [],
        "byline, 2": [],
        "slow plain": [],
        "slow byline, 8": [],
    }
    with running_sink() as port:
        settings.EMAIL_PORT = port
        for _ in range(options.rounds):
            results["plain"].append(bench.plain(port, options.mails))
            results["byline"].append(bench.byline(1, options.mails))
            results["byline, 2"].append(bench.byline(2, options.mails))
    with running_sink("--delay", str(REPLY_TAKES)) as port:
        settings.EMAIL_PORT = port
        for _ in range(options.rounds):
            results["slow plain"].append(bench.plain(port, SLOW // 8))
            results["slow byline, 8"].append(bench.byline(8, SLOW))
    return {"database": connection.display_name, "size": bench.size, "results": results}


@contextmanager
def running_sink(*options: str) -> Iterator[int]:
    port = free_port()
    process = sink.start(port, *options)
    try:
        yield port
    finally:
        sink.stop(process)


class Bench:
    """A list, and an issue made anew for each run over it."""

    def __init__(self, mails: int, *, stub: bool) -> None:
        from django.utils import timezone

        from blog import routes
        from subscribers import sending
        from subscribers.letters import Letter
        from subscribers.models import Subscriber
        from tests.factories import make_author, make_tag

        now = timezone.now()
        Subscriber.objects.bulk_create(
            (Subscriber(email=f"reader{n}@example.org", status="active", confirmed_at=now) for n in range(mails)),
            batch_size=500,
        )
        self._author, self._tag = make_author(), make_tag()
        self._made = sending.make
        issue = self._issue(1)
        person = Subscriber.objects.order_by("pk").first()
        assert person is not None
        letter = Letter(issue)
        claim = sending.Claim(1, person.pk, person.email, 0, False, now)
        with routes.open_route() as route:
            ready = self._made(letter, claim, route)
        self._text = ready.content if isinstance(ready.content, bytes) else routes.as_bytes(ready.content)
        self._sender = ready.sender
        self.size = len(self._text)
        if stub:
            sending.make = lambda letter, claim, route: routes.Ready(self._sender, claim.address, self._text)

    def _issue(self, mails: int) -> Any:
        """An issue that has begun, with so many deliveries."""
        from subscribers import newsletter
        from subscribers.models import Issue, Subscriber
        from tests.factories import make_issue, make_post

        Issue.objects.all().delete()
        Subscriber.objects.update(status="unsubscribed")
        chosen = Subscriber.objects.order_by("pk").values("pk")[:mails]
        Subscriber.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(status="active")
        text = "A paragraph of some length, with *emphasis* and a [link](https://example.org/).\n\n" * 30
        issue = make_issue(make_post([self._author], [self._tag], source=text))
        assert newsletter.start_issue(issue)
        issue.refresh_from_db()
        return issue

    def byline(self, connections: int, mails: int) -> float:
        from django.conf import settings

        from subscribers import newsletter, sending

        settings.MAIL_CONNECTIONS = connections
        sending.TURN = 3600
        issue = self._issue(mails)
        began = time.perf_counter()
        sent = newsletter.send_issue(issue)
        seconds = time.perf_counter() - began
        assert sent == mails, sent
        return mails / seconds

    def plain(self, port: int, mails: int) -> float:
        from django.db import connection

        from subscribers import ledger
        from subscribers.models import Issue

        issue = self._issue(mails)
        connection.ensure_connection()
        bare = connection.connection.cursor()
        mark = "?" if connection.vendor == "sqlite" else "%s"
        settle, begin = ledger.SETTLE.replace("%s", mark), ledger.BEGIN.format(places="%s").replace("%s", mark)
        server = smtplib.SMTP("127.0.0.1", port, timeout=60)
        began = time.perf_counter()
        before: ledger.Claim | None = None
        claims: list[ledger.Claim] = []
        adapted = ledger.adapted
        from django.db import transaction
        from django.utils import timezone

        while True:
            if not claims:
                with transaction.atomic():
                    claims = ledger.claim(issue, 100)[::-1]
            now = adapted(timezone.now())
            bare.execute("BEGIN IMMEDIATE" if mark == "?" else "BEGIN")
            if before:
                known = (before.delivery, before.fence, "claimed", "transmitting", "unknown")
                bare.execute(settle, ("sent", now, "", "250 2.0.0 taken", None, 0, *known))
            claim = claims.pop() if claims else None
            if claim:
                values = (claim.delivery, "claimed", adapted(claim.fence), "active", now, issue.pk, "sending")
                bare.execute(begin, ("transmitting", now, *values))
                assert bare.fetchone() is not None
            bare.execute("COMMIT")
            if claim is None:
                break
            server.sendmail(self._sender, [claim.address], self._text)
            before = claim._replace(fence=now)
        seconds = time.perf_counter() - began
        server.quit()
        assert ledger.sums(Issue.objects.get(pk=issue.pk)) == {"sent": mails}
        return mails / seconds


def report(found: dict[str, Any]) -> None:
    results: dict[str, list[float]] = found["results"]
    print(f"{found['database']}, mails of {found['size']:,} bytes: mails per second, and beside plain smtplib")
    for name, yardstick in YARDSTICKS.items():
        ratio = median(run / beside for run, beside in zip(results[name], results[yardstick], strict=True))
        runs = ", ".join(f"{run:,.0f}" for run in results[name])
        print(f"  {name:16} {median(results[name]):8,.0f}   × {ratio:4.2f}   (runs: {runs})")


if __name__ == "__main__":
    main()
