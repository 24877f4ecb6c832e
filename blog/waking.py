"""Waking the worker for rows that were just written, which it would otherwise find at its clock's next round."""

from typing import Any

from django.db import transaction
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend


def wake(task: "Task[[], Any]") -> None:
    """Have the worker do this once the rows of the transaction around are there.

    A task that is itself a row goes with them: a commit of its own would be a second wait for the disk.
    """
    if isinstance(task.get_backend(), DatabaseBackend):
        task.enqueue()
    else:
        transaction.on_commit(task.enqueue)
