"""Wakes the worker for what was just written, instead of at its clock's next turn."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django_tasks.base import Task

logger = logging.getLogger(__name__)


def wake_after_commit(task: Task[Any, Any]) -> None:
    """Have the worker run a task as soon as this transaction is committed."""
    transaction.on_commit(partial(wake, task))


def wake(task: Task[Any, Any]) -> None:
    """Have the worker run a task now. A queue that does not answer is no error: the clock finds the row as well."""
    try:
        task.enqueue()
    except Exception as error:  # each queue's client has its own errors
        logger.warning("The worker was not woken, and will find by itself what there is to do: %s", error)
