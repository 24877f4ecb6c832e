from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post, QueuedMail
from blog.models.mail import QueuedMailQuerySet


class Subscriber(models.Model):
    """An address that asked to be told about new posts."""

    class Status(models.TextChoices):
        PENDING = "pending", _("asked, not confirmed yet")
        ACTIVE = "active", _("on the list")
        UNSUBSCRIBED = "unsubscribed", _("left")
        SUPPRESSED = "suppressed", _("never to be mailed")

    email = models.EmailField(_("mail address"), max_length=254)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("first asked"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    times_asked = models.PositiveIntegerField(_("mails since"), default=0, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        indexes = [models.Index(fields=["status", "id"], name="subscriber_by_status")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_once"),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(confirmed_at__isnull=False),
                name="subscriber_active_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def confirm(self) -> bool:
        """Put the address on the list. Return whether this call did it."""
        return self._become(
            self.Status.ACTIVE,
            [self.Status.PENDING],
            confirmed_at=timezone.now(),
            left_at=None,
            times_asked=0,
        )

    def leave(self) -> bool:
        """Take the address off the list, at once. Return whether this call did it."""
        return self._become(
            self.Status.UNSUBSCRIBED,
            [self.Status.PENDING, self.Status.ACTIVE],
            left_at=timezone.now(),
            times_asked=0,
        )

    def suppress(self) -> bool:
        """Never mail the address again, whoever asks. Return whether this call did it."""
        others = [self.Status.PENDING, self.Status.ACTIVE, self.Status.UNSUBSCRIBED]
        return self._become(self.Status.SUPPRESSED, others, left_at=timezone.now())

    def _become(self, after: Status, before: list[Status], **values: object) -> bool:
        done = Subscriber.objects.filter(pk=self.pk, status__in=before).update(status=after, **values) == 1
        self.refresh_from_db()
        return done


class Notice(QueuedMail):
    """A mail to one person about their subscription."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("asks to confirm")
        ALREADY = "already", _("says that the address is on the list")

    kind = models.CharField(max_length=10, choices=Kind)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="notice_due", condition=Q(state__in=["pending", "claimed"]))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subscriber_id}"


class IssueQuerySet(models.QuerySet["Issue"]):
    def due(self) -> Self:
        """Issues that have waited long enough for somebody to stop them."""
        return self.filter(state=Issue.State.WAITING, send_at__lte=timezone.now())

    def sending(self) -> Self:
        return self.filter(state=Issue.State.SENDING)


class Issue(models.Model):
    """One mail to the whole list. Who gets it is settled once, when sending begins, as one Delivery each."""

    class Kind(models.TextChoices):
        POST = "post", _("a post")
        LETTER = "letter", _("a letter")
        DIGEST = "digest", _("a digest")
        WELCOME = "welcome", _("a welcome")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        STOPPED = "stopped", _("stopped")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.POST)
    post = models.OneToOneField(
        Post, verbose_name=_("post"), null=True, blank=True, on_delete=models.SET_NULL, related_name="issue"
    )
    subject = models.CharField(_("subject"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    send_at = models.DateTimeField(_("goes out"))
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    audience = models.PositiveIntegerField(_("audience"), default=0, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("issue")
        verbose_name_plural = _("issues")

    def __str__(self) -> str:
        return self.subject

    def stop(self) -> bool:
        """Send nothing more of this issue. Return whether this call did it."""
        open_states = [self.State.WAITING, self.State.SENDING]
        stopped = Issue.objects.filter(pk=self.pk, state__in=open_states)
        done = stopped.update(state=self.State.STOPPED, ended_at=timezone.now()) == 1
        self.refresh_from_db()
        return done

    def finish(self) -> bool:
        """Close the issue when none of its deliveries is open any more. Return whether this call did it."""
        open_deliveries = Delivery.objects.filter(issue=self, state__in=Delivery.OPEN)
        sending = Issue.objects.filter(~models.Exists(open_deliveries), pk=self.pk, state=self.State.SENDING)
        return sending.update(state=self.State.SENT, ended_at=timezone.now()) == 1


class Delivery(QueuedMail):
    """One issue to one subscriber. The row stays when the person is erased, without person and address."""

    OPEN = [QueuedMail.State.PENDING, QueuedMail.State.CLAIMED, QueuedMail.State.TRANSMITTING]

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    address = models.CharField(_("address"), max_length=254, blank=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["issue", "state", "next_try_at"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.address or '(erased)'}"
