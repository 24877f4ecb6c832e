import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from subscribers.inbound.acting import receive
from subscribers.inbound.messages import LARGEST

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Takes one mail from a mail server, on standard input: a bounce, a complaint, a wish to leave or to join."
    requires_system_checks = []  # a mail server waits

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="the address it came to; else its headers are looked at")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST)
        while sys.stdin.buffer.read(LARGEST):
            pass  # a mail server whose pipe is closed too early takes the mail for not delivered
        try:
            self.stdout.write(receive(raw, to.strip()).words)
        except DatabaseError as error:
            # EX_TEMPFAIL: the mail server keeps the mail and tries again.
            raise CommandError("The database is not there; try again later.", returncode=os.EX_TEMPFAIL) from error
        except Exception as error:
            # Any other code would send what stands here back to whom the mail says to be from.
            logger.error("A mail could not be dealt with: %s.", type(error).__name__)
            self.stdout.write("It could not be dealt with. Nothing to do.")
