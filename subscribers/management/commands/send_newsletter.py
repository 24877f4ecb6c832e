from typing import Any

from django.core.management.base import BaseCommand

from subscribers import newsletter


class Command(BaseCommand):
    help = "Starts the issues that are due and sends what is open, once. The worker does the same all the time."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = newsletter.run_once()
        self.stdout.write(f"Started {outcome.issues_started} issues, sent {outcome.mails_sent} mails.")
