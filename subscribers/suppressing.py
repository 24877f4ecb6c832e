"""Addresses that must not be mailed, known again by a keyed digest that names nobody."""

from collections.abc import Iterable

from blog.mailboxes import normalised
from blog.networks import keyed_digests
from subscribers.models import Suppression


def digest_of(email: str) -> str:
    """Return the digest by which this address is known. Costs one query for the kept key."""
    return digests_of([email])[0]


def digests_of(emails: Iterable[str]) -> list[str]:
    """Return the digest of each of these addresses, in their order. Costs one query for all of them."""
    return keyed_digests(normalised(email).lower() for email in emails)


def is_suppressed(email: str) -> Suppression | None:
    """Return why this address must not be mailed, or None where nothing is known against it. Costs two queries."""
    return Suppression.objects.filter(digest=digest_of(email)).first()
