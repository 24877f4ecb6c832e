import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from subscribers import newsletter


class Command(BaseCommand):
    help = "Starts the issues that are due and sends what is open, once. The worker does the same all the time."

    def handle(self, *args: Any, **options: Any) -> None:
        told_to_stop = threading.Event()
        before = signal.signal(signal.SIGTERM, lambda number, frame: told_to_stop.set())
        try:
            outcome = newsletter.run_once(told_to_stop.is_set)
        finally:
            signal.signal(signal.SIGTERM, before)
        self.stdout.write(f"Started {outcome.issues_started} issues, sent {outcome.mails_sent} mails.")
