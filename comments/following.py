"""Who is told of a new comment. The worker pulls: it asks for comments that nobody was told of yet.

Asking twice is harmless, and so is asking from several places at once.
"""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comments.models import Comment, CommentQuerySet, ConversationMail, Follow
from comments.models.commenter import FollowQuerySet

BATCH = 100  # comments looked at in one go
PATIENCE = datetime.timedelta(minutes=1)  # how long an approval can be undone before anybody is told


def tell_followers(stopped: Callable[[], bool] = lambda: False) -> int:
    """Write the rows of the mails about comments that have been on the page for a minute; return how many.

    Three queries a batch and, for a comment that somebody follows, four more.
    """
    numbers = list(untold().order_by("published_at", "pk").values_list("pk", flat=True)[:BATCH])
    batch = untold().filter(pk__in=numbers)
    if not numbers:
        return 0
    followed = list(batch.filter(Exists(Follow.objects.active().filter(post=OuterRef("post")))))
    batch.exclude(pk__in=[comment.pk for comment in followed]).update(followers_told_at=timezone.now())
    return sum(tell_of(comment) for comment in followed if not stopped())


def untold() -> CommentQuerySet:
    """Comments that are on the page, decided a minute ago, of which nobody was told."""
    long_ago = timezone.now() - PATIENCE
    settled = Q(decided_at=None) | Q(decided_at__lte=long_ago)
    return Comment.objects.approved().filter(settled, followers_told_at=None, published_at__lte=long_ago)


def tell_of(comment: Comment) -> int:
    """Write a row for everybody who is to be told of this comment, with the mark that it was done; return how many."""
    with transaction.atomic():
        mark = Comment.objects.approved().filter(pk=comment.pk, followers_told_at=None)
        if mark.update(followers_told_at=timezone.now()) != 1:  # another worker was first, or it left the page
            return 0
        readers = followers_of(comment).values_list("commenter", flat=True)
        kind = ConversationMail.Kind.ANSWER
        rows = [ConversationMail(kind=kind, commenter_id=reader, comment=comment) for reader in readers]
        ConversationMail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def followers_of(comment: Comment) -> FollowQuerySet:
    """Return the follows by which somebody is told of this comment: nobody of their own, nobody of older ones."""
    answered = Q(scope=Follow.Scope.REPLIES, commenter__in=Comment.objects.filter(replies=comment).values("commenter"))
    wanted = Follow.objects.active().filter(Q(scope=Follow.Scope.THREAD) | answered, post=comment.post)
    older = wanted.filter(confirmed_at__lte=comment.published_at)
    return older.exclude(commenter=comment.commenter_id).exclude(commenter__email__iexact=comment.email)
