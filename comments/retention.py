"""What is not kept for ever: spam, the networks that comments came from, and blocks that have ended."""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from comments.models import Block, Comment

KEPT = datetime.timedelta(days=30)
BATCH = 500  # comments in one transaction
Stopped = Callable[[], bool]


def forget_spam(stopped: Stopped = lambda: False) -> int:
    """Delete what has been spam for 30 days; return how many. What has answers stays, empty, in its thread."""
    gone = 0
    while not stopped():
        old = timezone.now() - KEPT
        spam = Comment.objects.filter(status=Comment.Status.SPAM).exclude(source="")
        due = spam.filter(created_at__lt=old).exclude(decided_at__gte=old).order_by("pk")
        numbers = list(due.values_list("pk", flat=True)[:BATCH])
        if not numbers:
            break
        gone += forget(numbers)
    return gone


def forget(numbers: list[int]) -> int:
    """Empty or delete these comments, those that are still spam; return how many were."""
    with transaction.atomic():
        spam = Comment.objects.select_for_update(of=("self",)).filter(pk__in=numbers, status=Comment.Status.SPAM)
        comments = set(spam.values_list("pk", flat=True))
        replies = Comment.objects.filter(parent__in=comments)
        answered = comments & set(replies.values_list("parent_id", flat=True))
        Comment.objects.filter(pk__in=answered).empty()
        Comment.objects.filter(pk__in=comments - answered).delete()
    return len(comments)


def forget_networks(stopped: Stopped = lambda: False) -> int:
    """Empty the network of every comment that is 30 days old; return of how many."""
    old = Comment.objects.exclude(network="").filter(created_at__lt=timezone.now() - KEPT)
    return old.update(network="")


def end_blocks(stopped: Stopped = lambda: False) -> int:
    """Delete blocks whose time is over; return how many."""
    return Block.objects.filter(expires_at__lte=timezone.now()).delete()[0]
