from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet
from comments.models.comment import Comment
from comments.models.commenter import Commenter


class ConversationMail(QueuedMail):
    """A mail about the conversation, to a commenter or a moderator. The row holds ids; the worker finds the words."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("asks whether an address is somebody's")
        LINK = "link", _("brings a commenter their link")
        ANSWER = "answer", _("tells of an answer")
        HELD = "held", _("tells a moderator of one comment")
        DIGEST = "digest", _("tells a moderator what waits")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    commenter = models.ForeignKey(Commenter, null=True, on_delete=models.SET_NULL, related_name="mails")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="conversation_mails"
    )
    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="mails")
    period = models.DateTimeField(null=True)  # when the hour or day began that a digest is about

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="conversation_mail_due", condition=Q(state__in=QueuedMail.DUE))
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "commenter", "comment"], name="conversation_mail_once_a_reader"),
            models.UniqueConstraint(fields=["kind", "user", "comment"], name="conversation_mail_once_a_moderator"),
            models.UniqueConstraint(fields=["kind", "user", "period"], name="conversation_digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"


class NoticePreference(models.Model):
    """How often a moderator wants a mail about what waits."""

    class Pace(models.TextChoices):
        NOW = "now", _("at once, one mail a comment")
        HOURLY = "hourly", _("every hour, if something waits")
        DAILY = "daily", _("every day, if something waits")
        NEVER = "never", _("never")

    DEFAULT = Pace.HOURLY

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    pace = models.CharField(_("mails about the queue"), max_length=6, choices=Pace, default=DEFAULT)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pace}"
