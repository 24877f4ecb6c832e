"""What the writer of a comment is told about it."""

from comments.models import Comment


def own_state(comment: Comment) -> str:
    """Return the name of the state that a comment's private page puts into words.

    What was put aside as spam, and what is held because it looks suspicious, both wait until somebody reads it: that
    is true, and whoever tries out what gets through learns nothing from it.
    """
    if comment.withdrawn_at:
        return "withdrawn"
    if comment.status in {Comment.Status.APPROVED, Comment.Status.REMOVED}:
        return comment.status
    reasons = {name for name, _parameters in comment.held_for}
    if Comment.HELD_UNCONFIRMED in reasons:
        is_confirmed = comment.commenter is not None and comment.commenter.confirmed_at is not None
        return Comment.HELD_FIRST if is_confirmed else Comment.HELD_UNCONFIRMED
    if Comment.HELD_FIRST in reasons:
        return Comment.HELD_FIRST
    return "waiting"
