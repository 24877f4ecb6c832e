"""Undoing what was done to comments: once, and only where nobody has decided anew since."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.models import Action, Comment, Decision, Report

if TYPE_CHECKING:
    from accounts.models import User

# What an undone action has to change besides the status.
REVERSALS: dict[str, Callable[[], dict[str, Any]]] = {
    Action.Verb.PIN: lambda: {"pinned_at": None},
    Action.Verb.UNPIN: lambda: {"pinned_at": timezone.now()},
    Action.Verb.KEEP: lambda: {"reports": reports_on_file()},
}
# What a comment's author did is theirs; an undoing is undone by deciding again.
FINAL = {Action.Verb.EDIT, Action.Verb.WITHDRAW, Action.Verb.ERASE, Action.Verb.UNDO}


class Undone(NamedTuple):
    """What came of it: the action that undid, unless there was nothing to undo, and the comments it put back."""

    action: Action | None
    comments: list[int]


class AlreadyUndoneError(Exception):
    """Somebody has undone this action before."""


def undo(action: Action, user: "User", via: str = Action.Via.QUEUE) -> Undone:
    """Put the comments of an action back where they were, and lift the blocks that came with it, as one action.

    A comment on which something else was done since stays as it is. Raises AlreadyUndoneError the second time: of two
    who undo at once, the constraint on `undoes` lets one. Costs a fixed number of queries.
    """
    if action.verb in FINAL:
        return Undone(None, [])
    try:
        with transaction.atomic():
            undoing = Action.objects.create(verb=Action.Verb.UNDO, via=via, user=user, undoes=action)
            comments = put_back(action, undoing)
            lifted = action.blocks.all().delete()[0]
            if not comments and not lifted:
                transaction.set_rollback(True)
                return Undone(None, [])
    except IntegrityError as error:
        raise AlreadyUndoneError from error
    return Undone(undoing, comments)


def put_back(action: Action, undoing: Action) -> list[int]:
    """Return the comments of which `action` is still the last to where each was before it; return their numbers."""
    changes = REVERSALS.get(action.verb, dict)
    numbers: list[int] = []
    for before in Comment.Status.values:
        decided = Decision.objects.filter(action=action, before=before)
        comments = Comment.objects.filter(last_action=action, pk__in=decided.values("comment_number"))
        numbers += comments.carry_out(undoing, before, **changes())
    return sorted(numbers)


def reports_on_file() -> Coalesce:
    """How many reports about a comment there are, as an expression for its UPDATE."""
    reports = Report.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
    return Coalesce(Subquery(reports.annotate(number=Count("pk")).values("number")), 0)
