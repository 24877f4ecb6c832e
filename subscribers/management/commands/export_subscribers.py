import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers import exporting

PROGRESS = 10_000  # subscribers between one word and the next, on a terminal


class Command(BaseCommand):
    help = "Writes the list of subscribers to a CSV file, which import_subscribers and spreadsheets read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument(
            "--raw", action="store_true", help="leave cells as they are that a spreadsheet would take for formulas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        unfinished = path.with_name(f".{path.name}.unfinished")
        people = -1  # the heading is no person
        try:
            unfinished.touch(mode=0o600)  # addresses are nobody else's business
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                for people, line in enumerate(exporting.lines(raw=options["raw"])):
                    file.write(line)
                    if people % PROGRESS == 0 and sys.stderr.isatty():
                        self.stderr.write(f"\r{people:,} subscribers", ending="")
            unfinished.replace(path)
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{people:,} subscribers written to {path}.")
