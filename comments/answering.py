"""A moderator's answer, given while reading the queue."""

from typing import TYPE_CHECKING

from django.db import transaction

from comments.models import Action, Comment

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def answer(comment: Comment, text: str, user: "User", via: str = Action.Via.QUEUE) -> Action | None:
    """Put a comment on its page with a moderator's answer below it, as one action; return the action.

    Return None if that answer is there already, if the comment is not any more what it was when it was fetched, or if
    its author has taken it back. Undoing the action takes the answer off the page again.
    """
    seen = Comment.objects.filter(pk=comment.pk, status=comment.status, withdrawn_at=None)
    parent = seen.select_for_update().first()
    if parent is None:
        return None
    reply = Comment(
        post_id=parent.post_id,
        parent=parent,
        user=user,
        name=user.display_name[:80],
        email=user.email,
        source=text,
        status=Comment.Status.REMOVED,  # where undoing takes it back to
    )
    reply.fill_digest()
    if Comment.objects.filter(digest=reply.digest).exists():
        return None
    reply.save()
    action = Action(verb=Action.Verb.REPLY, via=via, user=user)
    Comment.objects.filter(pk__in=[parent.pk, reply.pk]).carry_out(action, Comment.Status.APPROVED)
    return action
