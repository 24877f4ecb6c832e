import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from subscribers import newsletter

SIGNALS = [signal.SIGTERM, signal.SIGINT]


class Command(BaseCommand):
    help = "Starts the issues that are due and sends what is open, once. The worker does the same all the time."

    def handle(self, *args: Any, **options: Any) -> None:
        told_to_stop = threading.Event()
        # Both finish what is on its way; without that, mails in hand would be unknown.
        before = {number: signal.signal(number, lambda *_: told_to_stop.set()) for number in SIGNALS}
        try:
            outcome = newsletter.run_once(told_to_stop.is_set)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.stdout.write(f"Started {outcome.issues_started} issues, sent {outcome.mails_sent} mails.")
