"""Who is blocked: whether a comment comes from them, and how somebody gets there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from blog.networks import keyed_digests
from blog.prepared import Prepared
from comments.models import Action, Block, Comment, CommentQuerySet
from comments.words import hosts_in

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 200  # characters

KINDS_MET = Prepared(lambda now, digests: Block.objects.active(now).filter(digest__in=digests).values("kind"))


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
    return sorted(set(KINDS_MET.column(timezone.now(), keyed_digests(texts))))


def block(kind: str, values: Iterable[str], action: Action, reason: str = "") -> int:
    """Block these for good, as part of an action; return how many were not blocked before.

    Costs five queries however many they are. A block that has expired begins anew.
    """
    known = {normalised(value): value.strip() for value in values}
    wanted = dict(zip(digests(kind, known), known.values(), strict=True))
    same = Block.objects.filter(kind=kind, digest__in=wanted)
    values_of_all = {"reason": reason[:LONGEST_REASON], "created_by": action.user, "action": action}
    expired = same.filter(expires_at__lte=timezone.now())
    renewed = expired.update(expires_at=None, created_at=action.created_at, **values_of_all)
    missing = wanted.keys() - set(same.values_list("digest", flat=True))
    Block.objects.bulk_create(
        (Block(kind=kind, digest=digest, shown=wanted[digest], **values_of_all) for digest in sorted(missing)),
        ignore_conflicts=True,  # somebody else's block of the same moment does as well
    )
    return renewed + len(missing)


def ban(comments: CommentQuerySet, user: "User", *, reason: str = "", via: str = Action.Via.QUEUE) -> Action | None:
    """Mark readers' comments as spam and block the addresses they came with, as one action.

    Return it, or None if all of that was done already. What staff wrote is left alone, and so is who has erased their
    address.
    """
    of_readers = comments.filter(user=None).exclude(email="")
    with transaction.atomic():
        action = Action.objects.create(verb=Action.Verb.BAN, via=via, user=user)
        fresh = of_readers.exclude(status=Comment.Status.SPAM).exists()
        numbers = of_readers.carry_out(action, Comment.Status.SPAM)
        addresses = Comment.objects.filter(pk__in=numbers).values_list("email", flat=True)
        blocked = block(Block.Kind.ADDRESS, addresses, action, reason)
        if not (fresh or blocked):
            transaction.set_rollback(True)
            return None
    return action
