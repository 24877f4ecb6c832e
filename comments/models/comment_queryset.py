from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from blog.models import Post
from comments.models.decision import Action, Decision

if TYPE_CHECKING:
    from accounts.models import User
    from comments.models.comment import Comment  # noqa: F401  the rows, for the type checker

AFTER = "z"  # sorts after every digit of a path, in every collation

# The status of comments that are found by number. As it is, it has indexes, and without statistics SQLite would rather
# walk all comments that wait than look these up.
STATUS = Cast("status", CharField())

# What somebody gave, and what was made of it: all that goes when a comment is taken back.
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
    "user": None,
    "score": None,
    "pinned_at": None,
    "to_learn": False,  # there is nothing left to learn from
}


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """What readers see."""
        return self.filter(status=self.model.Status.APPROVED)

    def public(self) -> Self:
        """What readers can reach: approved comments under posts that have a page."""
        return self.approved().filter(Exists(Post.objects.published().filter(pk=OuterRef("post"))))

    def reported(self) -> Self:
        """What readers see and some of them have reported, the most reported first."""
        return self.approved().filter(reports__gt=0).order_by("-reports", "pk")

    def waiting(self) -> Self:
        """What a moderator has to decide, oldest first."""
        return self.filter(status=self.model.Status.WAITING).order_by("created_at", "pk")

    def as_seen(self, picked: dict[int, str]) -> Self:
        """The picked comments (number → status) that still are what they were: nobody flips another's decision."""
        seen = Q(pk__in=[])
        for status in set(picked.values()):
            seen |= Q(was=status, pk__in=[pk for pk, was in picked.items() if was == status])
        return self.alias(was=STATUS).filter(seen)

    def editable(self) -> Self:
        """Those whose authors may still change them: for a quarter of an hour, or until an answer is shown.

        What was put aside as spam is among them: its author is told that it waits, and must find that it behaves so.
        """
        answers = self.model.objects.filter(parent=OuterRef("pk")).approved()
        since = timezone.now() - self.model.EDIT_FOR
        return self.filter(~Exists(answers), created_at__gt=since).exclude(status=self.model.Status.REMOVED)

    def decide(
        self, status: str, user: "User | None", *, verb: str, via: str = Action.Via.QUEUE, undoes: Action | None = None
    ) -> Action | None:
        """Move these comments to a status as one action; return it, or None if all of them were there already."""
        action = Action(verb=verb, via=via, user=user, undoes=undoes)
        return action if self.exclude(status=status).carry_out(action, status) else None

    def withdraw(self, *, via: str = Action.Via.READER, verb: str = Action.Verb.WITHDRAW) -> Action | None:
        """Take these comments back for their authors: nothing of what they gave stays, and this is not undone.

        The rows stay, in their places, so that answers below them still have something to stand under. Return the
        action, or None if all of them were taken back already. Costs a fixed number of queries.
        """
        action = Action(verb=verb, via=via)
        taken_back = {**emptied(), "withdrawn_at": action.created_at}
        rows = self.filter(withdrawn_at=None)
        return action if rows.carry_out(action, self.model.Status.REMOVED, **taken_back) else None

    def note(self, user: "User | None", *, verb: str, via: str = Action.Via.QUEUE, **changes: Any) -> Action | None:
        """Change these comments where they stand, as one action; return it, or None if there were none of them."""
        action = Action(verb=verb, via=via, user=user)
        return action if self.carry_out(action, **changes) else None

    @transaction.atomic
    def carry_out(self, action: Action, status: str | None = None, **changes: Any) -> list[int]:
        """Do all that an action does to these comments; return their numbers. Saves the action if there are any.

        The one place where a status changes (`status` None leaves everybody's as it is). Every comment is moved by a
        conditional UPDATE and gets one row of the audit log with it, so that of fifty who decide at once one does, on
        either database. Nothing brings back what its author has taken back. Costs a fixed number of queries for each
        status that the comments had before, and one more for each 249 comments on SQLite.
        """
        if status is not None:
            self.lock_threads()
        rows = self if status in {None, self.model.Status.REMOVED} else self.filter(withdrawn_at=None)
        before = dict(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", "status"))
        if not before:
            return []
        if action.pk is None:
            action.save()
        changes["last_action"] = action
        if status is not None:
            changes = {"decided_at": action.created_at, "decided_by": action.user, "to_learn": True, **changes}
        if status == self.model.Status.APPROVED:
            changes["published_at"] = Coalesce(F("published_at"), action.created_at)
        for old in sorted(set(before.values())):
            numbers = [number for number, was in before.items() if was == old]
            self.model.objects.as_seen(dict.fromkeys(numbers, old)).update(status=status or old, **changes)
        moved = self.model.objects.filter(pk__in=before, last_action=action)
        numbers = list(moved.order_by("pk").values_list("pk", flat=True))
        Decision.objects.bulk_create(
            Decision(action=action, comment_number=number, before=before[number], after=status or before[number])
            for number in numbers
        )
        if status is not None:
            moved.count_answers()
        return numbers

    def empty(self) -> int:
        """Remove these comments and all that their authors gave; return how many there were. Not to be undone."""
        return self.update(status=self.model.Status.REMOVED, **emptied())

    def lock_threads(self) -> None:
        """Let nobody else count answers in these comments' threads until the transaction ends.

        Who decides holds the threads' first comments before any other, in one order for everybody: on PostgreSQL two
        would otherwise wait for each other's, or each count without the answer that the other approves.
        """
        first = self.model.objects.filter(path__in=self.order_by().values("thread")).order_by("pk")
        list(first.select_for_update(of=("self",)).values_list("pk"))

    @transaction.atomic(savepoint=False)
    def count_answers(self) -> None:
        """Count the approved answers below the first comment of each of these comments' threads.

        Costs two queries for any number of them.
        """
        self.lock_threads()
        # The places of a thread lie between that of its first comment and the same with a letter behind it that is no
        # digit of a path: together in the index comment_in_thread, however many others the post has.
        below = Q(path__gt=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value(AFTER)))
        counted = self.model.objects.filter(below, post=OuterRef("post"), published_at__isnull=False).approved()
        number = counted.order_by().values("post").annotate(number=models.Count("*")).values("number")
        # The first of a thread is found by its path, which is the thread's name, as that has an index.
        firsts = self.model.objects.filter(path__in=self.order_by().values("thread"))
        firsts.update(answers=Coalesce(Subquery(number), 0))


def emptied() -> dict[str, Any]:
    """Return the values of a comment of which nothing is left. Two empty ones are not the same comment."""
    return {**EMPTY, "digest": Concat(Value("withdrawn "), Cast("pk", CharField()))}
