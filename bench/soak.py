"""Kills the newsletter again and again while it sends, and counts what arrived: `make soak`.

A mail server in this process takes every mail and remembers for whom it was. `send_newsletter` is started and killed
(SIGKILL) at a random moment until it has been killed KILLS times; then it runs to its end. Leases are ended by hand
between two runs, as if a quarter of an hour had passed. What has to hold: nobody is mailed twice, every subscriber has
a row that says what happened, and at most one row per kill is "unknown".
"""

import ast
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.site import TemporarySite
from tests.ports import free_port

SUBSCRIBERS = 400
KILLS = 12
ANSWER_TAKES = 0.004  # seconds between a mail's last byte and the server's answer

FILL = f"""
from django.utils import timezone
from blog.models import Post
from subscribers.models import Subscriber
now = timezone.now()
Subscriber.objects.bulk_create(
    Subscriber(email=f"reader{{n}}@example.org", status="active", confirmed_at=now) for n in range({SUBSCRIBERS})
)
Post.objects.create(title="A post", slug="a-post", source="Its text.", published_at=now)
"""
END_LEASES = """
import datetime
from django.utils import timezone
from subscribers.models import Delivery
Delivery.objects.filter(state__in=Delivery.HELD).update(claimed_at=timezone.now() - datetime.timedelta(hours=1))
"""
COUNT = """
from collections import Counter
from subscribers.models import Delivery, Issue
print(dict(Counter(Delivery.objects.values_list("state", flat=True))), Issue.objects.get().state)
"""


class Sink:
    """A mail server's memory: how often each address was sent a whole mail."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.arrived.update(envelope.rcpt_tos)
        time.sleep(ANSWER_TAKES)
        return "250 Taken"


def main() -> int:
    sink = Sink()
    port = free_port()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            site = TemporarySite(Path(folder), EMAIL_URL=f"smtp://127.0.0.1:{port}", NEWSLETTER_DELAY="0")
            site.run("migrate", "-v0")
            site.run("shell", "-v0", "-c", FILL)
            kills = kill_repeatedly(site)
            site.run("send_newsletter")
            states = site.run("shell", "-v0", "-c", COUNT).strip()
    finally:
        server.stop()
    return report(sink.arrived, states, kills)


def kill_repeatedly(site: TemporarySite) -> int:
    rng = random.Random()
    kills = 0
    while kills < KILLS:
        process = site.start("send_newsletter")
        time.sleep(rng.uniform(0.6, 1.1))
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        site.run("shell", "-v0", "-c", END_LEASES)
    return kills


def report(arrived: Counter[str], states: str, kills: int) -> int:
    counts, _brace, issue = states.rpartition("} ")
    rows: dict[str, int] = ast.literal_eval(counts + "}")
    twice = sum(times > 1 for times in arrived.values())
    silent = SUBSCRIBERS - sum(rows.values())
    unsent = SUBSCRIBERS - len(arrived) - rows.get("unknown", 0)
    print(f"{kills} kills, {SUBSCRIBERS} subscribers, rows {rows}, issue {issue}")
    print(f"mailed twice {twice}, without a row {silent}, neither mailed nor unknown {max(unsent, 0)}")
    held = twice == 0 and silent == 0 and unsent <= 0 and rows.get("unknown", 0) <= kills and issue == "sent"
    print("held" if held else "DID NOT HOLD")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
