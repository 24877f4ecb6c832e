from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from comments import filter_files, learning
from comments.models import WordCount


class Command(BaseCommand):
    help = "Writes what the spam filter learned to a file, takes it from one, or forgets it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["export", "import", "reset"])
        parser.add_argument("path", nargs="?", type=Path, help="the file; not for reset")

    def handle(self, *args: Any, what: str, path: Path | None, **options: Any) -> None:
        if what == "reset":
            if path is not None:
                raise CommandError("reset takes no file.")
            self.stdout.write(f"Forgot what was learned from {learning.reset()} comments.")
        elif path is None:
            raise CommandError(f"{what} needs a file: spam_filter {what} PATH")
        else:
            try:
                self.stdout.write(export_to(path) if what == "export" else import_from(path))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: {error}") from error
            except ValidationError as error:
                raise CommandError(f"{path}: {' '.join(error.messages)}") from error


def export_to(path: Path) -> str:
    path.write_text(filter_files.written(), encoding="utf-8")
    return f"Wrote {WordCount.objects.count()} words to {path}."


def import_from(path: Path) -> str:
    return f"Took {filter_files.read(path.read_text(encoding='utf-8'))} words from {path}, instead of what was there."
