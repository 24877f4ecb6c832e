"""Whether a comment comes from somebody who is blocked."""

from collections.abc import Iterable

from blog.networks import keyed_digests
from comments.models import Block, Comment
from comments.words import hosts_in


def normalised(value: str) -> str:
    """Return the form in which an address, a domain or a network is compared."""
    return value.strip().lower()


def digests(kind: str, values: Iterable[str]) -> list[str]:
    """Return the digest by which a block of each value is found. A network's value is the digest kept with comments."""
    return keyed_digests(f"{kind}\n{normalised(value)}" for value in values)


def domains_above(host: str) -> list[str]:
    """Return a host and every domain that it lies in: a.example.org, example.org, org."""
    labels = [label for label in normalised(host).split(".") if label]
    return [".".join(labels[at:]) for at in range(len(labels))]


def kinds_blocked(comment: Comment) -> list[str]:
    """Return the kinds of blocks that a comment meets: its address, its network, a domain it comes from or links to.

    Costs two queries, however many links there are.
    """
    hosts = [comment.email.rpartition("@")[2], *hosts_in(comment.source, comment.website)]
    values = {
        Block.Kind.ADDRESS: [comment.email],
        Block.Kind.DOMAIN: sorted({domain for host in hosts for domain in domains_above(host)}),
        Block.Kind.NETWORK: [comment.network] if comment.network else [],
    }
    texts = [f"{kind}\n{normalised(value)}" for kind, some in values.items() for value in some if value]
    found = Block.objects.active().filter(digest__in=keyed_digests(texts)).values_list("kind", flat=True)
    return sorted(set(found))
