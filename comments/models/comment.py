import datetime
import hashlib
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import keys, markup
from blog.address import path_with
from blog.models import Post
from blog.prepared import PreparedInsert
from comments.models.comment_queryset import CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.decision import Action

if TYPE_CHECKING:
    from accounts.models import User
    from comments.judging import Verdict

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
DIGITS = "0123456789abcdefghijklmnopqrstuv"
BITS = 5  # that one of them stands for
MOMENT = 11  # characters of a path that say when a comment was written, in microseconds
SEGMENT = MOMENT + 6  # characters that stand for one comment; six are random, for the imported ones of one moment
BY_CHANCE = len(DIGITS) ** (SEGMENT - MOMENT)
DEEPEST = 8  # levels that a path tells apart; an answer below them stands beside what it answers


class Comment(models.Model):
    """What a reader answers to a post, or to another comment."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        REMOVED = "removed", _("removed")

    class Learned(models.TextChoices):
        HAM = "ham", _("as a good one")
        SPAM = "spam", _("as spam")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    # A new comment seldom has a parent, a user or a decision. Indexes of these hold only those that do (below), since
    # each index is written while nobody else may write.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        db_index=False,
    )
    # Whose address it came with. Empty for staff, and once the person has erased what they gave.
    commenter = models.ForeignKey(
        Commenter, null=True, editable=False, on_delete=models.SET_NULL, related_name="comments", db_index=False
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("mail address"), max_length=254)
    website = models.URLField(_("website"), max_length=300, blank=True)
    source = models.TextField(_("comment"), validators=[MaxLengthValidator(markup.COMMENT_LIMIT)])
    rendered_html = models.TextField(editable=False)
    renderer_version = models.PositiveIntegerField(editable=False, default=0)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("first shown"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited by its author"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back by its author"), null=True, editable=False)
    pinned_at = models.DateTimeField(_("pinned"), null=True, editable=False)

    # One digest over post, parent, address and text: a double click or a reload is the same comment, not a second.
    digest = models.CharField(max_length=64, editable=False)
    # Where it stands: a segment for each comment above it and one for itself, so that sorting by `path` gives the
    # reading order and the database can hand out one page of a long thread. `thread` is the first of the segments.
    path = models.CharField(max_length=SEGMENT * (DEEPEST + 1), editable=False)
    thread = models.CharField(max_length=SEGMENT, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False, default=0)
    answers = models.PositiveIntegerField(editable=False, default=0)  # approved ones below the first of a thread
    thumbs = models.PositiveIntegerField(_("thumbs-up"), editable=False, default=0)
    reports = models.PositiveIntegerField(_("reports"), editable=False, default=0)

    # Why it is held: names of reasons, each with what the sentence about it needs, as in ["links", {"count": 3}].
    held_for = models.JSONField(_("held because"), default=list, blank=True, editable=False)
    score = models.FloatField(_("spam score"), null=True, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)  # a keyed digest, kept for 30 days
    text_digest = models.CharField(max_length=64, blank=True, editable=False)  # equal for texts that read the same
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    last_action = models.ForeignKey(
        Action, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # What the filter has learned it as, and whether a decision has come since that it does not know of.
    learned = models.CharField(max_length=4, choices=Learned, blank=True, editable=False)
    to_learn = models.BooleanField(default=False, editable=False)
    followers_told_at = models.DateTimeField(null=True, editable=False)
    moderators_told_at = models.DateTimeField(null=True, editable=False)

    # Why a comment waits: names of reasons, which the queue puts into words.
    HELD_BY_POLICY = "policy"
    HELD_FIRST = "first"
    HELD_UNCONFIRMED = "unconfirmed"

    RENDERED_FIELDS = ["rendered_html", "renderer_version"]
    EDIT_FOR = datetime.timedelta(minutes=15)  # how long its author may change a comment that nobody answered

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", "Can approve and refuse comments")]
        indexes = [
            models.Index(fields=["post", "path"], name="comment_in_thread", condition=Q(published_at__isnull=False)),
            # Whole, not of the approved alone: without statistics SQLite would rather sort them all than use a part.
            models.Index(fields=["status", "-published_at", "-id"], name="comment_newest"),
            models.Index(fields=["status", "created_at", "id"], name="comment_by_status"),
            models.Index(fields=["network", "status"], name="comment_by_network", condition=~Q(network="")),
            models.Index(fields=["text_digest", "status"], name="comment_by_text", condition=~Q(text_digest="")),
            models.Index(fields=["commenter", "status"], name="comment_by_commenter"),
            models.Index(fields=["parent"], name="comment_by_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["user"], name="comment_by_user", condition=Q(user__isnull=False)),
            models.Index(fields=["decided_by"], name="comment_by_decider", condition=Q(decided_by__isnull=False)),
            models.Index(fields=["last_action"], name="comment_by_action", condition=Q(last_action__isnull=False)),
            models.Index(fields=["id"], name="comment_to_learn", condition=Q(to_learn=True)),
            # Whole: no statement with a bound number of reports matches a part, and SQLite walked every approved one.
            models.Index(fields=["status", "-reports", "id"], name="comment_reported"),
            models.Index(
                fields=["status", "published_at", "id"],
                name="comment_followers_to_tell",
                condition=Q(status="approved", followers_told_at__isnull=True),
            ),
            models.Index(
                fields=["status", "created_at", "id"],  # SQLite takes an index that begins with what is asked for
                name="comment_moderators_to_tell",
                condition=Q(status="waiting", moderators_told_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint("digest", name="comment_posted_once"),
            models.UniqueConstraint("path", name="comment_has_one_place"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="comment_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(status="removed"), name="comment_withdrawn_is_removed"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(published_at__isnull=False), name="comment_approved_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"  # what the admin's own log keeps: no name, no text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The permalink, which leads to the comment on its post's page."""
        return path_with("comment", self.pk)

    def add(self) -> bool:
        """Store a new comment as it was prepared. Return False, and store nothing, if its author has sent it before."""
        if ADD.add(self):
            return True
        if not Comment.objects.filter(digest=self.digest).exists():
            raise IntegrityError(f"A constraint refused comment {self.path}.")
        return False

    def own_url(self) -> str:
        """The private page of the person who wrote this. Costs a query for the kept key."""
        return path_with("own_comment", keys.Signer(keys.Purpose.OWN_COMMENT).token(self.pk))

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def editable_until(self) -> datetime.datetime:
        """When its author's time to change it ends; an answer ends it earlier."""
        return self.created_at + self.EDIT_FOR

    def is_editable(self) -> bool:
        """Say whether its author may change the text now. Costs a query."""
        return Comment.objects.filter(pk=self.pk).editable().exists()

    def prepare(self) -> None:
        """Fill every field that follows from the others; saves nothing."""
        if not self.digest:
            self.fill_digest()
        if not self.path:
            self.place()
        if self.status == self.Status.APPROVED and self.published_at is None:
            self.published_at = timezone.now()
        self.text_digest = text_digest_of(self.source)
        self.render()

    def render(self) -> None:
        """Fill the rendered fields from the source; saves nothing."""
        self.rendered_html = markup.render_comment(self.source)
        self.renderer_version = markup.RENDERER_VERSION

    def fill_digest(self) -> None:
        self.digest = digest_of(
            "\n".join(map(str, [self.post_id, self.parent_id or 0, self.email.lower(), self.source]))
        )

    def place(self) -> None:
        """Give the comment its place below what it answers, after everything that was written before it."""
        above = self.parent.path[: SEGMENT * DEEPEST] if self.parent else ""
        self.path = above + segment(self.created_at, secrets.randbelow(BY_CHANCE))
        self.thread = self.path[:SEGMENT]
        self.depth = len(self.path) // SEGMENT - 1

    # Every verb below returns False, too, if the comment was deleted meanwhile.

    def approve(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Show the comment on its post. Return False if it already was."""
        return self._decide(self.Status.APPROVED, moderator, Action.Verb.APPROVE, via)

    def remove(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Refuse the comment, or take it off the page. Return False if it already was."""
        return self._decide(self.Status.REMOVED, moderator, Action.Verb.REMOVE, via)

    def mark_spam(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Put the comment aside as spam. Return False if it already was."""
        return self._decide(self.Status.SPAM, moderator, Action.Verb.SPAM, via)

    def hold(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Put the comment back into the queue. Return False if it already was there."""
        return self._decide(self.Status.WAITING, moderator, Action.Verb.HOLD, via)

    def withdraw(self) -> bool:
        """Take the comment back, as its author. Return False if that was done already."""
        action = Comment.objects.filter(pk=self.pk).withdraw()
        self._read_again()
        return action is not None

    def edit(self, source: str, verdict: "Verdict") -> bool:
        """Give the comment another text, as its author, with the verdict on that text.

        An edit can take a comment off the page, and never brings one onto it: of the status before and the verdict's,
        the stricter counts. Return False, and change nothing, if it is too late or the author has sent the same text
        as another comment.
        """
        self.source = source
        self.fill_digest()
        self.prepare()
        fields = ["source", "digest", "text_digest", *self.RENDERED_FIELDS]
        values = {**{field: getattr(self, field) for field in fields}, "edited_at": timezone.now()}
        if verdict.status != self.Status.APPROVED:
            values |= {"held_for": verdict.reasons, "score": verdict.score}
        this = Comment.objects.filter(pk=self.pk)
        try:
            with transaction.atomic():
                if not this.editable().update(**values):
                    return False
                before = this.values_list("status", flat=True).get()
                after = max(before, verdict.status, key=STRICTNESS.index)
                if not this.decide(after, None, verb=Action.Verb.EDIT, via=Action.Via.READER):
                    this.note(None, verb=Action.Verb.EDIT, via=Action.Via.READER)
        except IntegrityError:
            return False
        self._read_again()
        return True

    def correct(self, editor: "User", fields: list[str]) -> bool:
        """Store these fields as staff corrected them. Return False if its author took the comment back meanwhile."""
        self.prepare()
        follow = ["text_digest", *self.RENDERED_FIELDS] if "source" in fields else []
        this = Comment.objects.filter(pk=self.pk)
        with transaction.atomic():
            stored = this.filter(withdrawn_at=None).update(**{name: getattr(self, name) for name in [*fields, *follow]})
            if stored:
                this.note(editor, verb=Action.Verb.EDIT, via=Action.Via.ADMIN)
        return bool(stored)

    def pin(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Put the thread that this comment begins before the others. Return False if it is there, or cannot be."""
        pinnable = Comment.objects.approved().filter(pk=self.pk, depth=0, pinned_at=None)
        return self._noted(pinnable.note(moderator, verb=Action.Verb.PIN, via=via, pinned_at=timezone.now()))

    def unpin(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Let the comment's thread take its own place again. Return False if it was not pinned."""
        pinned = Comment.objects.filter(pk=self.pk, pinned_at__isnull=False)
        return self._noted(pinned.note(moderator, verb=Action.Verb.UNPIN, via=via, pinned_at=None))

    def keep(self, moderator: "User", via: str = Action.Via.QUEUE) -> bool:
        """Leave a reported comment on the page. Return False if nobody has reported it since it was last kept."""
        reported = Comment.objects.approved().filter(pk=self.pk, reports__gt=0)
        return self._noted(reported.note(moderator, verb=Action.Verb.KEEP, via=via, reports=0))

    def _noted(self, action: Action | None) -> bool:
        self._read_again("status", "pinned_at", "reports", "last_action")
        return action is not None

    def _decide(self, status: Status, moderator: "User", verb: str, via: str) -> bool:
        action = Comment.objects.filter(pk=self.pk).decide(status, moderator, verb=verb, via=via)
        self._read_again("status", "decided_at", "decided_by", "published_at", "last_action")
        return action is not None

    def _read_again(self, *fields: str) -> None:
        """Read these fields, or all, as they are by now. A comment that was deleted meanwhile keeps what it had."""
        with suppress(Comment.DoesNotExist):
            self.refresh_from_db(fields=fields or None)


ADD = PreparedInsert(Comment)

# What an edit can only go down in, never up.
STRICTNESS: list[str] = [Comment.Status.APPROVED, Comment.Status.WAITING, Comment.Status.SPAM]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def text_digest_of(source: str) -> str:
    """Return a digest that is equal for texts that read the same, whatever their letters' size and their spaces."""
    return digest_of(" ".join(source.lower().split())) if source else ""


def segment(moment: datetime.datetime, number: int) -> str:
    """Return the part of a path that stands for a comment of that moment; later moments sort after it.

    `number`, below BY_CHANCE, tells those of one moment apart.
    """
    number += (moment - EPOCH) // datetime.timedelta(microseconds=1) * BY_CHANCE
    return "".join(DIGITS[number >> BITS * place & len(DIGITS) - 1] for place in reversed(range(SEGMENT)))
