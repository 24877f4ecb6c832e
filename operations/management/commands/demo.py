from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import Post
from operations import demo


class Command(BaseCommand):
    help = "Writes the demo publication into an empty database; --empty takes it out again and leaves what you wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="remove what the demo brought")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["empty"]:
            self.stdout.write(f"Removed {demo.empty()} demo posts, with their comments and the demo's subscribers.")
            return
        if Post.objects.exists():
            raise CommandError("There are posts already; the demo is for an empty publication.")
        self.stdout.write(f"Wrote {demo.load()} demo posts.")
