"""What becomes of a comment when it is sent: it appears, waits for a moderator, or is put aside as spam."""

from dataclasses import dataclass, field
from typing import Any

from blog.models import CommentsHeld, Publication
from comments import commenters, policy
from comments.models import Comment

Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """The status a new comment gets, and why: names of reasons with what their sentences need."""

    status: Comment.Status
    reasons: list[Reason] = field(default_factory=list)
    score: float | None = None


def judge(comment: Comment) -> Verdict:
    """Judge a comment that is filled in and not stored yet. Staff, who are signed in, are trusted."""
    if comment.user is not None:
        return Verdict(Comment.Status.APPROVED)
    reasons = held_by_policy(comment)
    return Verdict(Comment.Status.WAITING if reasons else Comment.Status.APPROVED, reasons)


def held_by_policy(comment: Comment) -> list[Reason]:
    """Return the reason for which the conversation's rules hold this comment, if they do."""
    held = policy.terms(comment.post, Publication.load()).held
    if held == CommentsHeld.ALL:
        return [(Comment.HELD_BY_POLICY, {})]
    if held == CommentsHeld.SUSPICIOUS:
        return []
    commenter = comment.commenter
    if commenter is None or commenter.confirmed_at is None:
        return [(Comment.HELD_UNCONFIRMED, {})]
    return [] if commenters.is_known(commenter) else [(Comment.HELD_FIRST, {})]
