from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers import preflight

MARKS = {"green": "ok     ", "amber": "look   ", "red": "wrong  "}


class Command(BaseCommand):
    help = "Looks at what receivers will think of mails from this site: SPF, DKIM, DMARC, and how the last were taken."

    def handle(self, *args: Any, **options: Any) -> None:
        found = preflight.examine_site()
        for finding in found:
            self.stdout.write(f"{MARKS[finding.level]}{finding.name}: {finding.words}")
            if finding.what_to_do:
                self.stdout.write(f"{' ' * len(MARKS[finding.level])}→ {finding.what_to_do}")
        wrong = sum(finding.level == "red" for finding in found)
        if wrong:
            raise CommandError(f"Looked at {len(found)} things; {wrong} would stop a mail.")
        self.stdout.write(f"Looked at {len(found)} things; nothing would stop a mail.")
