import datetime
import hashlib
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import markup
from blog.models import Post
from subscribers.models.subscriber import Subscriber

NEVER_ENDS = "welcome"  # a welcome goes to whoever comes next, for as long as it is switched on


class IssueQuerySet(models.QuerySet["Issue"]):
    def due(self) -> Self:
        """Issues that have waited long enough for somebody to stop them."""
        return self.filter(state=Issue.State.WAITING, send_at__lte=timezone.now())

    def sending(self) -> Self:
        """Issues whose mails go out now: begun, not paused, and not resting until the mail server is back."""
        return self.filter(Q(rests_until=None) | Q(rests_until__lte=timezone.now()), state=Issue.State.SENDING)


class Issue(models.Model):
    """One mail to the list. Who gets it is settled once, when sending begins, as one Delivery each."""

    class Kind(models.TextChoices):
        POST = "post", _("a post")
        LETTER = "letter", _("a letter")
        DIGEST = "digest", _("a digest")
        WELCOME = "welcome", _("a welcome")

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        STOPPED = "stopped", _("stopped")

    OPEN = [State.WAITING, State.SENDING, State.PAUSED]

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.POST)
    post = models.OneToOneField(
        Post, verbose_name=_("post"), null=True, blank=True, on_delete=models.SET_NULL, related_name="issue"
    )
    subject = models.CharField(_("subject"), max_length=300)
    source = models.TextField(_("text"), blank=True)  # Markdown: of a letter, a welcome, or above a digest
    rendered_html = models.TextField(blank=True, editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    cadence = models.CharField(max_length=8, choices=Subscriber.Cadence, blank=True, editable=False)  # of a digest
    period_start = models.DateTimeField(null=True, editable=False)  # a digest holds what was published from then …
    period_end = models.DateTimeField(null=True, editable=False)  # … to just before then
    posts = models.ManyToManyField(Post, blank=True, related_name="digests")  # of a digest, settled when it begins

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    send_at = models.DateTimeField(_("goes out"))
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    audience = models.PositiveIntegerField(_("audience"), default=0, editable=False)
    why_paused = models.CharField(_("why it is paused"), max_length=500, blank=True, editable=False)
    rests_until = models.DateTimeField(null=True, editable=False)  # no server could be reached: tried again then
    rests = models.PositiveSmallIntegerField(default=0, editable=False)  # how often since a mail was last taken
    fallback = models.BooleanField(_("by the second route"), default=False, editable=False)
    preflight = models.JSONField(default=list, editable=False)  # what the last look before sending found
    checked_at = models.DateTimeField(null=True, editable=False)
    override_reason = models.CharField(_("why it goes out in spite of that"), max_length=500, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        permissions = [("send_issue", "Can write letters, and stop and resume what is mailed")]
        indexes = [models.Index(fields=["state", "send_at"], name="issue_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["cadence", "period_start"], name="issue_digest_once", condition=Q(kind="digest")
            ),
            models.UniqueConstraint(fields=["kind"], name="issue_welcome_is_one", condition=Q(kind="welcome")),
            models.CheckConstraint(
                name="issue_digest_has_period",
                condition=~Q(kind="digest") | Q(period_start__isnull=False, period_end__isnull=False) & ~Q(cadence=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def stop(self) -> bool:
        """Send nothing more of this issue, for good. Return whether this call did it."""
        return self._become(self.State.STOPPED, self.OPEN, ended_at=timezone.now())

    def pause(self, why: str) -> bool:
        """Send nothing more until somebody resumes it. Return whether this call did it."""
        return self._become(self.State.PAUSED, [self.State.SENDING], why_paused=why[:500])

    def resume(self) -> bool:
        """Go on with a paused issue, or with one that rests, at once. Return whether this call did it.

        One that was held back before it began waits again, and is looked at anew.
        """
        values: dict[str, Any] = {"why_paused": "", "rests_until": None, "rests": 0}
        if self._become(
            self.State.WAITING, [self.State.PAUSED], only=Q(started_at=None) & ~Q(kind=NEVER_ENDS), **values
        ):
            return True
        return self._become(self.State.SENDING, [self.State.PAUSED, self.State.SENDING], **values)

    def hold(self, why: str) -> bool:
        """Do not begin, until somebody resumes it. Return whether this call did it."""
        return self._become(self.State.PAUSED, [self.State.WAITING], why_paused=why[:500])

    def rest(self, until: datetime.datetime, why: str) -> bool:
        """Leave the mail server alone until then; sending goes on by itself. Return whether this call did it.

        Of several workers who find no server, one counts the rest.
        """
        values: dict[str, Any] = {"rests_until": until, "why_paused": why[:500], "rests": models.F("rests") + 1}
        return self._become(self.State.SENDING, [self.State.SENDING], only=Q(rests=self.rests), **values)

    def take_route(self, *, fallback: bool) -> bool:
        """Go on by the second route, or by the first again; at once if it was paused. Return whether this did it."""
        other = Issue.objects.filter(pk=self.pk, state__in=self.OPEN).exclude(fallback=fallback)
        done = other.update(fallback=fallback, rests=0) == 1
        if done:
            self.resume()
        self.refresh_from_db()
        return done

    def note_progress(self) -> None:
        """Forget the rests: a mail was taken. No query where there were none."""
        if self.rests:
            self._become(self.State.SENDING, [self.State.SENDING], rests=0, rests_until=None, why_paused="")

    def finish(self) -> bool:
        """Close the issue when none of its deliveries is open any more. Return whether this call did it."""
        if self.kind == NEVER_ENDS:
            return False
        with transaction.atomic():
            return self._finish()

    def _finish(self) -> bool:
        Issue.objects.select_for_update().get(pk=self.pk)  # who adds deliveries or asks for others again does it first
        open_deliveries = self.deliveries.model.objects.filter(issue=self, state__in=self.deliveries.model.OPEN)
        sending = Issue.objects.filter(~models.Exists(open_deliveries), pk=self.pk, state=self.State.SENDING)
        return sending.update(state=self.State.SENT, ended_at=timezone.now(), rests_until=None, why_paused="") == 1

    @classmethod
    def draft(cls, subject: str, source: str, made_by: Any) -> "Issue":
        """Begin a letter, as a draft that goes out only when somebody sends it on its way."""
        words = {"subject": subject, "source": source, **rendered(source)}
        return cls.objects.create(
            kind=cls.Kind.LETTER, state=cls.State.DRAFT, send_at=timezone.now(), made_by=made_by, **words
        )

    def write(self, subject: str, source: str, seen: str) -> bool:
        """Keep the words of a draft, rendered, if it still says what it said when its writer opened it (`seen`).

        Return whether this call did it: not if somebody else has saved meanwhile, or sent it on its way.
        """
        stored = Issue.objects.filter(pk=self.pk).first()
        if stored is None or stored.words_digest != seen:
            return False
        same = Issue.objects.filter(pk=self.pk, state=self.State.DRAFT, subject=stored.subject, source=stored.source)
        words = {"subject": subject, "source": source, **rendered(source)}
        done = same.update(**words, preflight=[], checked_at=None) == 1  # what was found was about other words
        self.refresh_from_db()
        return done

    @property
    def words_digest(self) -> str:
        """A mark of what the issue says, by which a form knows whether somebody changed it meanwhile."""
        return hashlib.sha256(f"{self.subject}\0{self.source}".encode()).hexdigest()

    def schedule(self, send_at: datetime.datetime) -> bool:
        """Let a draft go out at that time. Return whether this call did it."""
        return self._become(self.State.WAITING, [self.State.DRAFT], send_at=send_at)

    def recall(self) -> bool:
        """Make a letter a draft again that has not begun. Return whether this call did it."""
        before = [self.State.WAITING, self.State.PAUSED]
        waiting = Issue.objects.filter(pk=self.pk, kind=self.Kind.LETTER, state__in=before, started_at=None)
        done = waiting.update(state=self.State.DRAFT, override_reason="", why_paused="") == 1
        self.refresh_from_db()
        return done

    def override(self, reason: str) -> bool:
        """Let the issue go out in spite of what was found before sending. Return whether this call did it."""
        open_ones = Issue.objects.filter(pk=self.pk, state__in=[self.State.DRAFT, *self.OPEN])
        done = open_ones.update(override_reason=reason[:500]) == 1
        self.refresh_from_db()
        return done

    def discard(self) -> bool:
        """Delete a letter that was never sent on its way. Return whether this call did it."""
        mine = Issue.objects.filter(pk=self.pk, kind=self.Kind.LETTER, state=self.State.DRAFT)
        return mine.delete()[1].get("subscribers.Issue", 0) == 1

    def _become(self, after: State, before: list[State], only: Q = Q(), **values: Any) -> bool:  # noqa: B008  a Q never changes
        done = Issue.objects.filter(only, pk=self.pk, state__in=before).update(state=after, **values) == 1
        self.refresh_from_db()
        return done


def rendered(source: str) -> dict[str, Any]:
    """The fields that follow from an issue's own text."""
    return {"rendered_html": markup.render_post(source).html, "renderer_version": markup.RENDERER_VERSION}
