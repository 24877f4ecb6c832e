import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers.importing import bringing
from subscribers.importing.entry import UnreadableListError
from subscribers.importing.lines import KINDS, Options
from subscribers.importing.table import Reconciliation


class Command(BaseCommand):
    help = (
        "Brings a list of subscribers in: CSV, or a ZIP of CSVs, of Mailchimp, Substack, Ghost, Buttondown, listmonk, "
        "Byline itself, or a plain list of addresses. Mails nobody. Whoever left or was blocked there stays off here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="print the table and change nothing")
        parser.add_argument("--as", dest="kind", choices=KINDS, default="", help="what a file is that does not say it")
        parser.add_argument(
            "--consent", default="", metavar="TEXT", help="how the people on a plain list agreed to be mailed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = bringing.bring(
                options["paths"],
                Options(options["kind"], options["consent"]),
                dry_run=options["dry_run"],
                progress=self.show_progress,
            )
        except UnreadableListError as error:
            raise CommandError(str(error)) from error
        self.print_table(table)
        changed = "would be" if table.dry_run else "were"
        closing = f"{table.lines:,} lines read, {table.on_the_list:,} people {changed} put on the list"
        self.stdout.write(f"{closing}{', nothing stored' if table.dry_run else ''}.")

    def show_progress(self, lines: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{lines:,} lines", ending="")

    def print_table(self, table: Reconciliation) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
        for source in table.sources:
            self.stdout.write(source)
        for row in table.rows():
            self.stdout.write(f"{row.number:>12,}  {row.label}")
        self.stdout.write(f"{table.lines:>12,}  lines read")
        for remark in table.remarks():
            self.stdout.write(remark)
