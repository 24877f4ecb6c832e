"""Erasing everything that was written under an address."""

from django.db import transaction
from django.db.models import Q

from comments.models import Action, Block, Comment, Commenter, ConversationMail

State = ConversationMail.State


def erase(commenter: Commenter) -> int:
    """Forget the address and all that came with it, at once and for good; return how many comments that were.

    The comments' rows stay, empty, in their places, so that the answers below them still have something to stand under.
    Rows of mails stay without person and without what a server said, in which the address may stand; one that a worker
    holds right now cannot be written to by it any more. Nobody can undo it.
    """
    with transaction.atomic():
        # A comment that is being stored under the address comes in before, or not at all.
        if Commenter.objects.select_for_update().filter(pk=commenter.pk).first() is None:
            return 0
        comments = Comment.objects.filter(commenter=commenter)
        numbers = list(comments.values_list("pk", flat=True))
        cut_mails(commenter, numbers)
        comments.withdraw(verb=Action.Verb.ERASE)
        named = Q(shown__iexact=commenter.email) | Q(reason__icontains=commenter.email)
        Block.objects.filter(named).update(shown="", reason="")
        commenter.delete()
    return len(numbers)


def cut_mails(commenter: Commenter, comments: list[int]) -> None:
    """Take the person out of the rows of mails: those to them, and what went wrong with those about their comments."""
    rows = ConversationMail.objects.filter(Q(commenter=commenter) | Q(comment__in=comments))
    rows.exclude(error="").update(error="")
    theirs = ConversationMail.objects.filter(commenter=commenter)
    theirs.filter(state__in=ConversationMail.DUE).update(state=State.SKIPPED)
    theirs.filter(state=State.TRANSMITTING).update(state=State.UNKNOWN)
    theirs.update(commenter=None)
