"""Where the newsletter is made to suffer: a site, its senders as processes, and a mail server that remembers."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import sink
from bench.site import ROOT
from tests.ports import free_port

PATIENCE = 240  # seconds for one run of a sender


@dataclass
class Finding:
    """What a scenario left behind: its numbers, and whether what was promised held."""

    name: str
    kills: int
    states: dict[str, int]
    twice: int  # readers who were mailed twice
    lost: int  # readers of whom no row says what happened, or whose row says sent and nothing arrived
    held: bool
    seconds: float

    def line(self) -> str:
        states = ", ".join(f"{state} {count:,}" for state, count in sorted(self.states.items()))
        unknown = self.states.get("unknown", 0)
        verdict = "held" if self.held else "**did not hold**"
        return f"| {self.name} | {self.kills} | {states} | {unknown} | {self.twice} | {self.lost} | {verdict} |"


class Stage:
    """One database, used from this process too; everything is laid anew for each scenario."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "arrived.log"
        self.port = free_port()
        self._sinks: list[subprocess.Popen[str]] = []

    def lay(self, addresses: list[str], *options: str) -> None:
        """A published post that nobody was told of yet, this list, and a mail server with these options."""
        from django.utils import timezone

        from blog.models import Post
        from subscribers.models import Issue, Subscriber

        self.close_sinks()
        self.log.write_text("")
        Issue.objects.all().delete()
        Subscriber.objects.all().delete()
        Post.objects.all().delete()
        now = timezone.now()
        Subscriber.objects.bulk_create(
            (Subscriber(email=address, status="active", confirmed_at=now) for address in addresses), batch_size=500
        )
        Post.objects.create(title="A post", slug="a-post", source="Its text.", published_at=now)
        self.began = time.perf_counter()
        self.size = len(addresses)
        self.listen(*options)

    def listen(self, *options: str) -> None:
        self.close_sinks()
        self._sinks.append(sink.start(self.port, "--log", str(self.log), *options))

    def close_sinks(self) -> None:
        for process in self._sinks:
            sink.stop(process)
        self._sinks.clear()

    def start(self, *, scheme: str = "smtp", connections: int = 2, failpoint: str = "") -> "subprocess.Popen[bytes]":
        """Start a sender: one pass of the newsletter."""
        environment = {
            **os.environ,
            "EMAIL_URL": f"{scheme}://127.0.0.1:{self.port}",
            "MAIL_CONNECTIONS": str(connections),
            "BYLINE_FAILPOINT": failpoint,
        }
        command = [sys.executable, "manage.py", "send_newsletter"]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Let this process be a sender itself."""
        from django.test import override_settings

        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=self.port, EMAIL_TIMEOUT=60):
            yield

    def run(self, **options: Any) -> bool:
        """Run a sender to its end; return whether it was killed."""
        return self.start(**options).wait(PATIENCE) == -signal.SIGKILL

    def wait_for_mails(self, number: int) -> None:
        """Return when so many have arrived."""
        end = time.monotonic() + PATIENCE
        while len(self.arrived()) < number and time.monotonic() < end:
            time.sleep(0.01)

    def arrived(self) -> list[str]:
        return self.log.read_text().split()

    def end_leases(self) -> None:
        """Let the leases of dead senders and the rests of the issue be over, as if their time had passed."""
        from django.utils import timezone

        from subscribers.models import Delivery, Issue

        past = timezone.now() - datetime.timedelta(hours=1)
        Delivery.objects.filter(state__in=Delivery.HELD).update(claimed_at=past)
        Delivery.objects.filter(state="deferred").update(next_try_at=past)
        Issue.objects.update(rests_until=None)

    def finish(self, **options: Any) -> None:
        """Run senders until the issue is over."""
        from subscribers.models import Issue

        for _ in range(6):
            self.end_leases()
            self.run(**options)
            if Issue.objects.filter(state="sent").exists():
                return

    def account(
        self, name: str, *, kills: int = 0, unknown: int = 0, expected: dict[str, int] | None = None
    ) -> Finding:
        """Compare the ledger with what arrived. At most `unknown` rows may not know."""
        from subscribers import ledger
        from subscribers.models import Delivery, Issue

        issue = Issue.objects.get()
        states = ledger.sums(issue)
        arrived = Counter(self.arrived())
        says_sent = set(Delivery.objects.filter(state="sent").values_list("address", flat=True))
        lost = self.size - sum(states.values()) + len(says_sent - arrived.keys())
        unaccounted = (
            arrived.keys()
            - says_sent
            - set(Delivery.objects.filter(state__in=["unknown", "failed"]).values_list("address", flat=True))
        )
        twice = sum(times > 1 for times in arrived.values())
        held = (
            twice == 0
            and lost == 0
            and not unaccounted
            and issue.audience == sum(states.values()) == self.size
            and states.get("unknown", 0) <= unknown
            and issue.state == Issue.State.SENT
            and (expected is None or expected == states)
        )
        return Finding(name, kills, states, twice, lost, held, time.perf_counter() - self.began)


def addresses(number: int) -> list[str]:
    return [f"reader{n}@example.org" for n in range(number)]
