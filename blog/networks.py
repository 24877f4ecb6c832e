"""The digest by which a network is known again, for as long as a limit or a block needs it."""

import hmac
from collections.abc import Iterable

from django.http import HttpRequest

from accounts.networks import network_of
from blog import keys

NETWORKS = "networks"


def network_digest(request: HttpRequest) -> str:
    """Return a keyed digest of the network that asks (IPv4 /24, IPv6 /48). Costs a query for the kept key.

    Without the key, which lies in the database, nobody can try all networks until one fits.
    """
    return keyed_digest(network_of(request))


def keyed_digest(text: str) -> str:
    """Return a digest that only this site's kept key can make: 64 hexadecimal digits. Costs a query."""
    return keyed_digests([text])[0]


def keyed_digests(texts: Iterable[str]) -> list[str]:
    """Return the keyed digest of each of these texts. Costs one query for all of them."""
    key = keys.secret(NETWORKS).encode()
    return [hmac.digest(key, text.encode(), "sha256").hex() for text in texts]
