from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from comments.models.decision import Action, Decision

if TYPE_CHECKING:
    from accounts.models import User
    from comments.models.comment import Comment  # noqa: F401  the rows, for the type checker

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

    def waiting(self) -> Self:
        """What a moderator has to decide, oldest first."""
        return self.filter(status=self.model.Status.WAITING).order_by("created_at", "pk")

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
        """Move these comments to a status as one action; return it, or None if all of them were there already.

        The one place where a status changes, withdrawing aside. Every comment is moved by a conditional UPDATE and
        gets one row of the audit log with it, so that of fifty who decide at once one does, on either database. What
        its author took back stays as it is. Costs a fixed number of queries for each status that the comments had
        before.
        """
        now = timezone.now()
        with transaction.atomic():
            self.lock_threads()
            rows = self.order_by("pk").exclude(status=status).filter(withdrawn_at=None)
            before = dict(rows.select_for_update(of=("self",)).values_list("pk", "status"))
            if not before:
                return None
            action = Action.objects.create(verb=verb, via=via, user=user, undoes=undoes, created_at=now)
            changes = {"status": status, "decided_at": now, "decided_by": user, "last_action": action, "to_learn": True}
            if status == self.model.Status.APPROVED:
                changes["published_at"] = Coalesce(F("published_at"), now)
            for old in sorted(set(before.values())):
                numbers = [number for number, was in before.items() if was == old]
                moved = self.model.objects.filter(pk__in=numbers, status=old)
                moved.update(**changes)
            self.model.objects.filter(last_action=action).account_for(action, before, status)
        return action

    def withdraw(self, *, via: str = Action.Via.READER, verb: str = Action.Verb.WITHDRAW) -> Action | None:
        """Take these comments back for their authors: nothing of what they gave stays, and this is not undone.

        The rows stay, in their places, so that answers below them still have something to stand under. Return the
        action, or None if all of them were taken back already. Costs a fixed number of queries.
        """
        now = timezone.now()
        with transaction.atomic():
            self.lock_threads()
            rows = self.order_by("pk").filter(withdrawn_at=None)
            before = dict(rows.select_for_update(of=("self",)).values_list("pk", "status"))
            if not before:
                return None
            action = Action.objects.create(verb=verb, via=via, created_at=now)
            removed = self.model.Status.REMOVED
            # Two empty comments are not the same comment: the digest that tells repetitions apart becomes a number.
            number = Concat(Value("withdrawn "), Cast("pk", CharField()))
            self.model.objects.filter(pk__in=before).update(
                **EMPTY, status=removed, withdrawn_at=now, last_action=action, digest=number
            )
            self.model.objects.filter(last_action=action).account_for(action, before, removed)
        return action

    def note(self, verb: str, *, via: str, user: "User | None" = None) -> None:
        """Write into the audit log what was done to these comments that leaves their status as it is."""
        with transaction.atomic():
            action = Action.objects.create(verb=verb, via=via, user=user)
            Decision.objects.bulk_create(
                Decision(action=action, comment_number=number, before=status, after=status)
                for number, status in self.values_list("pk", "status")
            )

    def account_for(self, action: Action, before: dict[int, str], after: str) -> None:
        """Write into the audit log what an action did to these comments, and count their threads' answers anew."""
        Decision.objects.bulk_create(
            Decision(action=action, comment_number=number, before=before[number], after=after)
            for number in self.values_list("pk", flat=True)
        )
        self.count_answers()

    def lock_threads(self) -> None:
        """Let nobody else count answers in these comments' threads until the transaction ends.

        Who decides holds the threads' first comments before any other, in one order for everybody: on PostgreSQL two
        would otherwise wait for each other's, or each count without the answer that the other approves.
        """
        first = self.model.objects.filter(path__in=self.order_by().values("thread")).order_by("pk")
        list(first.select_for_update(of=("self",)).values_list("pk"))

    def count_answers(self) -> None:
        """Count the approved answers below the first comment of each of these comments' threads.

        Costs two queries for any number of them, and has to be part of a transaction.
        """
        self.lock_threads()
        counted = self.model.objects.filter(post=OuterRef("post"), thread=OuterRef("thread"), depth__gt=0).approved()
        number = counted.order_by().values("thread").annotate(number=models.Count("*")).values("number")
        threads = self.order_by().values("thread")
        self.model.objects.filter(depth=0, thread__in=threads).update(answers=Coalesce(Subquery(number), 0))
