"""Waking the worker for rows that were just written, which it would otherwise find at its clock's next round."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

logger = logging.getLogger(__name__)


def wake(task: "Task[[], Any]") -> None:
    """Have the worker do this once the rows of the transaction around are there.

    A task that is itself a row goes with them: a commit of its own would be a second wait for the disk.
    """
    if isinstance(task.get_backend(), DatabaseBackend):
        task.enqueue()
    else:
        transaction.on_commit(partial(ask, task))


def ask(task: "Task[[], Any]") -> None:
    """Put a task into a queue outside of the database. If it does not answer, the clock finds the row all the same."""
    try:
        task.enqueue()
    except Exception as error:  # each queue's client has its own errors
        logger.warning("The worker was not woken, and will find by itself what there is to do: %s", error)
