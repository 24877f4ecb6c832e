"""Addresses that people write under, and what is known of their owners."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from comments.models import Comment, Commenter


def normalised(email: str) -> str:
    """Return the address with its domain in lower case; the part before the @ is its owner's business (RFC 5321)."""
    local, _at, domain = email.strip().rpartition("@")
    return f"{local}@{domain.lower()}"


def find_or_add(email: str) -> Commenter:
    """Return the row of an address, made when somebody first writes under it."""
    # The database lowers both sides: Python and SQLite do not agree on every letter.
    key = Lower(Value(normalised(email)))
    same: QuerySet[Commenter] = Commenter.objects.alias(key=Lower("email")).filter(key=key)
    try:
        return same.get()
    except Commenter.DoesNotExist:
        try:
            with transaction.atomic():
                return Commenter.objects.create(email=normalised(email))
        except IntegrityError:  # the other of two who wrote at once was first
            return same.get()


def is_known(commenter: Commenter) -> bool:
    """Say whether the owner has confirmed the address and a comment under it was approved before."""
    return commenter.confirmed_at is not None and commenter.comments.filter(status=Comment.Status.APPROVED).exists()
