"""The links in a moderator's mail: each is for one verb, one comment as it stood, and one moderator.

See docs/decisions/0021-links-in-a-moderators-mail-are-bound-to-the-comments-state.md.
"""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.keys import Purpose, Signer
from comments import undoing
from comments.models import Action, Comment
from comments.moderators import moderators

LASTS = datetime.timedelta(days=14)

# What a verb makes of a comment that waits; the likeliest first.
OUTCOMES = {
    Action.Verb.APPROVE: Comment.Status.APPROVED,
    Action.Verb.SPAM: Comment.Status.SPAM,
    Action.Verb.REMOVE: Comment.Status.REMOVED,
}
LABELS = {Action.Verb.APPROVE: _("Approve"), Action.Verb.SPAM: _("Spam"), Action.Verb.REMOVE: _("Refuse")}


class Claim(NamedTuple):
    """What a token says. Two times are in it as numbers: microseconds of an edit, seconds of the end, since 1970."""

    verb: str
    comment: int
    moderator: int
    action: int  # the last thing that was done to the comment before the link was made; 0 for nothing
    edited: int  # when its author had last changed the text; 0 for never
    until: int


class Maker:
    """Makes the links for one moderator. Reads the kept key once."""

    def __init__(self, moderator: User, until: int = 0) -> None:
        self._signer = Signer(Purpose.MODERATE)
        self._moderator = moderator.pk
        # A link made on a page that was itself reached by a link ends with that one.
        self._until = until or int((timezone.now() + LASTS).timestamp())

    def path(self, verb: str, comment: Comment) -> str:
        claim = Claim(
            verb, comment.pk, self._moderator, comment.last_action_id or 0, stamp(comment.edited_at), self._until
        )
        return reverse("moderate_from_mail", args=[self._signer.token(".".join(map(str, claim)))])


@dataclass(frozen=True)
class Link:
    """A link that was opened: what it claims, and the comment and the moderator as they are now."""

    claim: Claim
    comment: Comment
    moderator: User

    @property
    def is_open(self) -> bool:
        """Say whether the comment waits and nobody has decided since the link was made. Its author may have edited."""
        last = self.comment.last_action
        same = self.comment.last_action_id == (self.claim.action or None)
        edited = last is not None and last.verb == Action.Verb.EDIT
        return self.claim.verb in OUTCOMES and self.comment.status == Comment.Status.WAITING and (same or edited)

    @property
    def is_reworded(self) -> bool:
        return stamp(self.comment.edited_at) != self.claim.edited

    @property
    def undoable(self) -> Action | None:
        """Return the last thing that was done to the comment, if it was this moderator's and came from a mail."""
        last = self.comment.last_action
        if last is None or last.user_id != self.moderator.pk or last.via != Action.Via.MAIL:
            return None
        return last if last.verb in OUTCOMES else None

    def act(self) -> bool:
        """Do what the link says. Return False, and change nothing, if the comment is not as the link knows it."""
        if self.is_reworded:
            return False
        if self.claim.verb in OUTCOMES:
            untouched = Comment.objects.filter(
                pk=self.comment.pk, last_action=self.claim.action or None, edited_at=self.comment.edited_at
            )
            status = OUTCOMES[Action.Verb(self.claim.verb)]
            decided = untouched.waiting().decide(status, self.moderator, verb=self.claim.verb, via=Action.Via.MAIL)
            return decided is not None
        last = self.undoable
        return last is not None and last.pk == self.claim.action and self.undo(last)

    def undo(self, action: Action) -> bool:
        """Undo what this moderator did from a mail. Return False if somebody was faster."""
        try:
            return bool(undoing.undo(action, self.moderator, via=Action.Via.MAIL).comments)
        except undoing.AlreadyUndoneError:
            return False


def read(token: str) -> Link:
    """Return the link of a token.

    Raises Http404, always the same, for one that is forged, for another purpose or too old, for a comment that is gone,
    and for a person who may moderate no more.
    """
    verb, *numbers = Signer(Purpose.MODERATE).value(token, max_age=LASTS).split(".")
    claim = Claim(verb, *map(int, numbers))
    moderator = moderators().filter(pk=claim.moderator).first()
    comments = Comment.objects.select_related("post", "parent", "last_action__user")
    comment = comments.filter(pk=claim.comment).first()
    if moderator is None or comment is None or claim.until <= timezone.now().timestamp():
        raise Http404("This link is not valid any more.")
    return Link(claim, comment, moderator)


def stamp(moment: datetime.datetime | None) -> int:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (moment - epoch) // datetime.timedelta(microseconds=1) if moment else 0
