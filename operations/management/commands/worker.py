import logging
import os
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from operations.clock import JOBS, Clock
from operations.memory import return_large_blocks

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs the background work: the task queue, and a clock for the newsletter and other mails. Ctrl-C stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent",
            type=int,
            metavar="PID",
            help="stop when this process, which started the worker, is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["with_parent"]:
            threading.Thread(target=leave_with_parent, args=[options["with_parent"]], daemon=True).start()
        return_large_blocks()
        clock = Clock(JOBS)
        clock.start()
        try:
            run_task_queue()
        finally:
            clock.stop()
            self.stdout.write("The worker has stopped.")


def run_task_queue() -> None:
    """Run the task engine's own loop until a signal ends it."""
    if settings.TASKS_URL == "database":
        call_command("db_worker", queue_name="*", reload=False, startup_delay=False, verbosity=0)
    else:
        # SimpleWorker runs a task where it is: forking a process that has the clock's threads is asking for trouble.
        classes = {"worker_class": "rq.worker.SimpleWorker", "job_class": "django_tasks_rq.Job"}
        call_command("rqworker", "default", **classes, verbosity=0)


def leave_with_parent(parent: int) -> None:
    """End this process when `parent` was killed and so could not end it."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1)
    logger.warning("The process that started this worker is gone.")
    os.kill(os.getpid(), 15)
