"""Addresses that people write under, and what is known of their owners."""

from blog import mailboxes
from comments.models import Comment, Commenter


def find_or_add(email: str) -> Commenter:
    """Return the row of an address, made when somebody first writes under it."""
    return mailboxes.find_or_add(Commenter.objects.all(), email)


def is_known(commenter: Commenter) -> bool:
    """Say whether the owner has confirmed the address and a comment under it was approved before."""
    return commenter.confirmed_at is not None and commenter.comments.filter(status=Comment.Status.APPROVED).exists()
