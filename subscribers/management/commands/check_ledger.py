from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers import ledger
from subscribers.models import Issue


class Command(BaseCommand):
    help = "Checks that every issue has a delivery, in one state, for each of those it was meant for."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        checked = 0
        for issue in Issue.objects.filter(started_at__isnull=False).exclude(kind=Issue.Kind.WELCOME).order_by("pk"):
            states = ledger.sums(issue)
            checked += 1
            if sum(states.values()) != issue.audience:
                wrong += 1
                self.stderr.write(f"Issue {issue.pk} was meant for {issue.audience}, and has deliveries: {states}")
        if wrong:
            raise CommandError(f"{wrong} of {checked} issues do not add up.")
        self.stdout.write(f"Checked {checked} issues: all of them add up.")
