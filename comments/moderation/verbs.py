"""What a moderator can do: the one table of verbs, and what is said afterwards."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments import blocks
from comments.models import Action, Comment, CommentQuerySet

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from accounts.models import User

Act = Callable[[CommentQuerySet, "User", str], Action | None]

MOST_AT_ONCE = 1000  # comments of one action


class Verb(NamedTuple):
    """What a button says, which key presses it, and what it does to comments, for a reason that some verbs keep."""

    label: "StrOrPromise"
    key: str
    act: Act


def to(status: str, verb: str) -> Act:
    return lambda comments, user, _reason: comments.decide(status, user, verb=verb)


def keep(comments: CommentQuerySet, user: "User", _reason: str) -> Action | None:
    return comments.approved().filter(reports__gt=0).note(user, verb=Action.Verb.KEEP, reports=0)


def pin(comments: CommentQuerySet, user: "User", _reason: str) -> Action | None:
    fresh = comments.approved().filter(pinned_at=None)
    return fresh.note(user, verb=Action.Verb.PIN, pinned_at=timezone.now())


def unpin(comments: CommentQuerySet, user: "User", _reason: str) -> Action | None:
    return comments.filter(pinned_at__isnull=False).note(user, verb=Action.Verb.UNPIN, pinned_at=None)


def ban(comments: CommentQuerySet, user: "User", reason: str) -> Action | None:
    return blocks.ban(comments, user, reason=reason)


VERBS = {
    "approve": Verb(_("Approve"), "a", to(Comment.Status.APPROVED, Action.Verb.APPROVE)),
    "keep": Verb(_("Keep"), "a", keep),
    "spam": Verb(_("Spam"), "s", to(Comment.Status.SPAM, Action.Verb.SPAM)),
    "remove": Verb(_("Refuse"), "d", to(Comment.Status.REMOVED, Action.Verb.REMOVE)),
    "hold": Verb(_("Back to waiting"), "w", to(Comment.Status.WAITING, Action.Verb.HOLD)),
    "pin": Verb(_("Pin"), "p", pin),
    "unpin": Verb(_("Unpin"), "p", unpin),
    "ban": Verb(_("Block"), "b", ban),
}

# status of a comment → the verbs that make sense for it, the likeliest first
OFFERED = {
    Comment.Status.WAITING: ["approve", "spam", "remove", "ban"],
    Comment.Status.APPROVED: ["spam", "remove", "ban", "hold"],
    Comment.Status.SPAM: ["approve", "hold", "ban"],
    Comment.Status.REMOVED: ["approve", "hold"],
}
# tab → the verbs for many of its comments at once
OFFERED_FOR_MANY = {
    "waiting": ["approve", "spam", "remove", "ban"],
    "reported": ["keep", "spam", "remove", "ban"],
    "approved": ["spam", "remove", "ban", "hold"],
    "spam": ["approve", "hold"],
    "removed": ["approve", "hold"],
    "all": ["approve", "spam", "remove", "ban"],
}

# verb of an action → what is told of that many comments; never a name, so that it may stand anywhere
TOLD: dict[str, Any] = {
    Action.Verb.APPROVE: ngettext_lazy(
        "One comment is on its page now.", "%(count)s comments are on their pages now.", "count"
    ),
    Action.Verb.KEEP: ngettext_lazy(
        "One comment stays on its page.", "%(count)s comments stay on their pages.", "count"
    ),
    Action.Verb.SPAM: ngettext_lazy(
        "One comment was put aside as spam.", "%(count)s comments were put aside as spam.", "count"
    ),
    Action.Verb.REMOVE: ngettext_lazy("One comment was refused.", "%(count)s comments were refused.", "count"),
    Action.Verb.HOLD: ngettext_lazy("One comment waits again.", "%(count)s comments wait again.", "count"),
    Action.Verb.PIN: ngettext_lazy("One comment is pinned.", "%(count)s comments are pinned.", "count"),
    Action.Verb.UNPIN: ngettext_lazy(
        "One comment is back in its place.", "%(count)s comments are back in their places.", "count"
    ),
    Action.Verb.BAN: ngettext_lazy(
        "One comment is spam, and its address is blocked.",
        "%(count)s comments are spam, and their addresses are blocked.",
        "count",
    ),
    Action.Verb.REPLY: _("Your answer is on the page, below the comment."),
    Action.Verb.UNDO: ngettext_lazy(
        "Undone. One comment is back where it was.", "Undone. %(count)s comments are back where they were.", "count"
    ),
}


def told(verb: str, count: int) -> str:
    """Return what an action of this verb did to that many comments, as a sentence."""
    return str(TOLD[verb] % {"count": count})


def offered(comment: Comment) -> list[str]:
    """Return the names of the verbs that make sense for a comment."""
    if comment.withdrawn_at:
        return []
    names = OFFERED[Comment.Status(comment.status)]
    if comment.user_id or not comment.email:
        names = [name for name in names if name != "ban"]
    if comment.status == Comment.Status.APPROVED:
        first = ["keep"] if comment.reports else []
        return [*first, *names, "unpin" if comment.pinned_at else "pin"]
    return names


def may_be_answered(comment: Comment) -> bool:
    shown = comment.status in {Comment.Status.WAITING, Comment.Status.APPROVED}
    return shown and comment.withdrawn_at is None
