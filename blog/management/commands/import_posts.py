from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.importing import formats, posts
from blog.importing.document import UnreadableDocumentError


class Command(BaseCommand):
    help = (
        "Imports posts from Markdown with front matter (.md), HTML (.html) and plain text (.txt). "
        "A folder stands for the files in it. Imported posts are never mailed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="print the Markdown and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [file for path in options["paths"] for file in files_in(path)]
        counts = dict.fromkeys(posts.Result, 0)
        failed = 0
        for file in files:
            try:
                if options["dry_run"]:
                    self.print_document(file)
                    continue
                result, slug = posts.import_file(file)
            except UnreadableDocumentError as error:
                failed += 1
                self.stderr.write(f"{file}: {error}")
                continue
            counts[result] += 1
            self.stdout.write(f"{file.name}: {result} /posts/{slug}/{EXPLAINED.get(result, '')}")
        summary = ", ".join(f"{count} {result}" for result, count in counts.items() if count) or "nothing imported"
        if options["dry_run"]:
            summary = f"{len(files) - failed} files read, nothing stored"
        if failed or not files:
            raise CommandError(f"{summary}, {failed} of {len(files)} files could not be read.")
        self.stdout.write(f"{summary}.")

    def print_document(self, file: Path) -> None:
        document = formats.read(file)
        authors = [
            f"{author.name} ({author.tagline})" if author.tagline else author.name for author in document.authors
        ]
        self.stdout.write(f"# {document.title}\n\n")
        if authors:
            self.stdout.write(f"By {', '.join(authors)}\n\n")
        self.stdout.write(document.text)


EXPLAINED = {
    posts.Result.KEPT: " (a post that was written or changed here has this address; it stays as it is)",
}


def files_in(path: Path) -> list[Path]:
    """Return the files a path stands for: itself, or the readable ones in the folder."""
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in formats.READERS)
    return [path]
