"""Addresses that must not be mailed, known again by a keyed digest that names nobody."""

from blog.networks import keyed_digest
from subscribers.models import Suppression


def digest_of(email: str) -> str:
    """Return the digest by which this address is known. Costs one query for the kept key."""
    return keyed_digest(f"subscriber\n{email.strip().lower()}")


def is_suppressed(email: str) -> Suppression | None:
    """Return why this address must not be mailed, or None where nothing is known against it. Costs two queries."""
    return Suppression.objects.filter(digest=digest_of(email)).first()
