import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operations import preparing, serving


class Command(BaseCommand):
    help = "Serves the publication: web processes and the worker in one process tree. Ctrl-C ends all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first bring database and static files up to date, and fill an empty database with the demo",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if is_taken(options["address"], settings.PORT):
            raise CommandError(f"Port {settings.PORT} is taken. Choose another one: PORT={settings.PORT + 1} make run")
        if options["prepare"]:
            preparing.prepare(self.stdout)
        elif preparing.pending_migrations():
            raise CommandError("The database is older than this version. Run: manage.py migrate")
        elif preparing.collect_static():
            self.stdout.write("Collected the static files.")
        self.stdout.write(f"Byline is at {settings.SITE_URL}/ (Ctrl-C stops it).")
        self.stdout.flush()
        serving.serve(options["address"])
        self.stdout.write("Byline has stopped.")


def is_taken(address: str, port: int) -> bool:
    """Say whether somebody listens there already: the server itself would share the port without a word."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address if address != "0.0.0.0" else "127.0.0.1", port)) == 0  # noqa: S104  compared, not listened on
