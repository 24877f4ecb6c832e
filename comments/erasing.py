"""Erasing everything that was written under an address."""

from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from comments.models import Action, Block, Comment, Commenter, CommentQuerySet, ConversationMail, Decision

State = ConversationMail.State

# What somebody gave, and what was made of it.
EMPTY: dict[str, Any] = {
    "name": "",
    "email": "",
    "website": "",
    "source": "",
    "rendered_html": "",
    "text_digest": "",
    "network": "",
    "held_for": [],
    "commenter": None,
    "score": None,
    "pinned_at": None,
    "to_learn": False,
}


def erase(commenter: Commenter) -> int:
    """Forget the address and all that came with it, at once and for good; return how many comments that were.

    The comments' rows stay, empty, in their places, so that the answers below them still have something to stand under.
    Rows of mails stay without person and without what a server said, in which the address may stand; one that a worker
    holds right now cannot be written to by it any more. Nobody can undo it.
    """
    with transaction.atomic():
        comments = Comment.objects.filter(commenter=commenter)
        numbers = list(comments.values_list("pk", flat=True))
        cut_mails(commenter, numbers)
        empty(comments)
        named = Q(shown__iexact=commenter.email) | Q(reason__icontains=commenter.email)
        Block.objects.filter(named).update(shown="", reason="")
        commenter.delete()
    return len(numbers)


def cut_mails(commenter: Commenter, comments: list[int]) -> None:
    """Take the person out of the rows of mails: those to them, and what went wrong with those about their comments."""
    rows = ConversationMail.objects.filter(Q(commenter=commenter) | Q(comment__in=comments))
    rows.exclude(error="").update(error="")
    theirs = ConversationMail.objects.filter(commenter=commenter)
    theirs.filter(state__in=[State.PENDING, State.CLAIMED]).update(state=State.SKIPPED)
    theirs.filter(state=State.TRANSMITTING).update(state=State.UNKNOWN)
    theirs.update(commenter=None)


def empty(comments: CommentQuerySet) -> None:
    """Take these comments off the page and everything out of them, as one action of their author."""
    with transaction.atomic():
        before = dict(comments.order_by("pk").select_for_update(of=("self",)).values_list("pk", "status"))
        if not before:
            return
        action = Action.objects.create(verb=Action.Verb.ERASE, via=Action.Via.READER)
        # Two empty comments are not the same comment: the digest that tells repetitions apart becomes a number.
        number = Concat(Value("withdrawn "), Cast("pk", CharField()))
        removed = Comment.Status.REMOVED
        emptied = Comment.objects.filter(pk__in=before)
        emptied.update(**EMPTY, status=removed, withdrawn_at=timezone.now(), last_action=action, digest=number)
        Decision.objects.bulk_create(
            Decision(action=action, comment_number=number, before=status, after=removed)
            for number, status in before.items()
        )
        emptied.count_answers()
