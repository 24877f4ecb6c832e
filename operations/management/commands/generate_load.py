import datetime
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations import load


class Command(BaseCommand):
    help = (
        "Writes made-up posts, comments and subscribers, to measure and to try things with. "
        "The same seed and day give the same data. Stop the site meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--posts", type=int, default=1000, help="default: %(default)s")
        parser.add_argument("--comments", type=int, default=10_000, help="default: %(default)s")
        parser.add_argument("--subscribers", type=int, default=10_000, help="default: %(default)s")
        parser.add_argument("--seed", type=int, default=1, help="another one gives other data (default: %(default)s)")
        parser.add_argument(
            "--until",
            type=datetime.date.fromisoformat,
            default=load.today(),
            metavar="DAY",
            help="the day before which everything happened (default: today, %(default)s)",
        )
        parser.add_argument("--add", action="store_true", help="even if there are posts, comments or subscribers")

    def handle(self, *args: Any, **options: Any) -> None:
        size = load.Size(options["posts"], options["comments"], options["subscribers"])
        if min(size) < 0 or (size.comments and not size.posts):
            raise CommandError("Comments need posts to stand under, and there are no fewer than none of anything.")
        if not options["add"] and not load.is_empty():
            raise CommandError("There is content already. Say --add to write what nobody wrote among it.")
        began = time.perf_counter()
        load.generate(size, options["seed"], options["until"], self.show_progress)
        if sys.stderr.isatty():
            self.stderr.write("")
        seconds = time.perf_counter() - began
        self.stdout.write(
            f"Wrote {size.posts:,} posts, {size.comments:,} comments and {size.subscribers:,} subscribers "
            f"in {seconds:.0f} s (seed {options['seed']}, up to {options['until']})."
        )

    def show_progress(self, what: str, done: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} {what}   ", ending="")
