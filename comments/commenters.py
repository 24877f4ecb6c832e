"""Addresses that people write under, and what is known of their owners."""

import datetime
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from blog import mailboxes
from blog.prepared import Prepared, PreparedInsert
from comments.models import Comment, Commenter, ConversationMail, Follow

KEPT = datetime.timedelta(days=30)

WRITTEN_ALIKE = Prepared(lambda email: mailboxes.alike(Commenter.objects.all(), email))

ADD = PreparedInsert(Commenter)

OVER = [ConversationMail.State.SENT, ConversationMail.State.FAILED, ConversationMail.State.SKIPPED]


def find(email: str) -> Commenter | None:
    """Return the row of an address under which somebody has written before."""
    return WRITTEN_ALIKE.first(mailboxes.normalised(email))


def add(email: str) -> Commenter:
    """Return the row of an address that `find` did not find a moment ago."""
    commenter = Commenter(email=mailboxes.normalised(email))
    return commenter if ADD.add(commenter) else mailboxes.written_alike(Commenter.objects.all(), email).get()


def find_or_add(email: str) -> Commenter:
    """Return the row of an address, made if there is none; the same two queries whether there was."""
    return mailboxes.find_or_add(Commenter.objects.all(), email)


def is_known(commenter: Commenter) -> bool:
    """Say whether the owner has confirmed the address and a comment under it was approved before."""
    return commenter.confirmed_at is not None and commenter.comments.filter(status=Comment.Status.APPROVED).exists()


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Forget addresses that anybody can have typed, and wishes that nobody said yes to; return how many addresses.

    An address goes a month after the last mail on somebody's asking, if its owner never confirmed it and nothing is
    left that was written under it. Who wants no mail stays known, so that the wish can be kept. What became of mails to
    commenters is kept for as long.
    """
    long_ago = timezone.now() - KEPT
    Follow.objects.pending().filter(asked_at__lt=long_ago).delete()
    kinds = [ConversationMail.Kind.CONFIRM, ConversationMail.Kind.LINK]
    ConversationMail.objects.filter(kind__in=kinds, state__in=OVER, created_at__lt=long_ago).delete()
    rested = Q(asked_at=None) | Q(asked_at__lt=long_ago)
    idle = Commenter.objects.filter(rested, confirmed_at=None, muted_at=None, created_at__lt=long_ago)
    silent = idle.filter(~Exists(Comment.objects.filter(commenter=OuterRef("pk"))))
    return silent.delete()[1].get(Commenter._meta.label, 0)
