from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Action(models.Model):
    """One thing that somebody did, to one comment or to a thousand: the audit log. It holds ids, never words."""

    class Verb(models.TextChoices):
        APPROVE = "approve", _("approved")
        REMOVE = "remove", _("refused")
        SPAM = "spam", _("marked as spam")
        HOLD = "hold", _("put back into the queue")
        BAN = "ban", _("blocked the writer")
        REPLY = "reply", _("answered")
        KEEP = "keep", _("kept in spite of reports")
        PIN = "pin", _("pinned")
        UNPIN = "unpin", _("unpinned")
        EDIT = "edit", _("edited")
        WITHDRAW = "withdraw", _("taken back by its author")
        ERASE = "erase", _("erased by its author")
        UNDO = "undo", _("undone")

    class Via(models.TextChoices):
        QUEUE = "queue", _("in the queue")
        MAIL = "mail", _("from a mail")
        ADMIN = "admin", _("in the admin")
        READER = "reader", _("on the private page")

    verb = models.CharField(_("what"), max_length=8, choices=Verb)
    via = models.CharField(_("where"), max_length=6, choices=Via, default=Via.QUEUE)
    # Empty for what a comment's own author did.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undoes = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.pk})"


class Decision(models.Model):
    """What an action did to one comment. The comment is named by number, so that the account outlives it."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="decisions")
    comment_number = models.PositiveBigIntegerField(_("comment"), db_index=True)
    before = models.CharField(max_length=8)
    after = models.CharField(max_length=8)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "comment_number"], name="decision_once_an_action")]

    def __str__(self) -> str:
        return f"{self.comment_number}: {self.before} → {self.after}"
