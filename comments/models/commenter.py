from contextlib import suppress
from typing import Any, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post


class Commenter(models.Model):
    """An address that somebody wrote under. Until its owner has followed a mailed link, nobody knows who that was."""

    email = models.EmailField(_("mail address"), max_length=254)
    created_at = models.DateTimeField(_("first wrote"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    asked_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    times_asked = models.PositiveIntegerField(_("mails since"), default=0, editable=False)
    muted_at = models.DateTimeField(_("wants no mail since"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("commenter")
        verbose_name_plural = _("commenters")
        constraints = [models.UniqueConstraint(Lower("email"), name="commenter_email_once")]

    def __str__(self) -> str:
        return f"commenter {self.pk}"

    def confirm(self) -> bool:
        """Take the owner's word that the address is theirs. Return whether this call did it."""
        confirmed = self._change({"confirmed_at": None}, confirmed_at=timezone.now(), muted_at=None)
        self.show_interest()
        return confirmed

    def show_interest(self) -> None:
        """Let the pauses between mails begin anew: somebody acted on one that came to this address."""
        self._change({}, times_asked=0)

    def mute(self) -> bool:
        """Send no mail of any kind to this address any more. Return whether this call did it."""
        return self._change({"muted_at": None}, muted_at=timezone.now())

    def unmute(self) -> bool:
        """Let mails come again. Return whether this call did it."""
        return self._change({"muted_at__isnull": False}, muted_at=None)

    def _change(self, condition: dict[str, Any], **values: Any) -> bool:
        changed = Commenter.objects.filter(pk=self.pk, **condition).update(**values) == 1
        with suppress(Commenter.DoesNotExist):  # the person was erased meanwhile: there is nothing to change
            self.refresh_from_db()
        return changed


class FollowQuerySet(models.QuerySet["Follow"]):
    def pending(self) -> Self:
        """What somebody asked for under an address whose owner has not said yes yet."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)

    def current(self) -> Self:
        """What was not ended: asked for, or said yes to."""
        return self.filter(ended_at__isnull=True)

    def active(self) -> Self:
        """What the owner of a confirmed address said yes to, and did not end since."""
        return self.filter(
            confirmed_at__isnull=False,
            ended_at__isnull=True,
            commenter__confirmed_at__isnull=False,
            commenter__muted_at__isnull=True,
        )

    def accept(self) -> int:
        """Take the owner's yes to those that wait for it; return how many did."""
        return self.pending().update(confirmed_at=timezone.now())

    def end(self) -> int:
        """Send no more mails about these conversations; return about how many some might have come."""
        return self.current().update(ended_at=timezone.now())


class Follow(models.Model):
    """Somebody's wish to be told about one conversation. It counts from when a mailed link has confirmed it."""

    class Scope(models.TextChoices):
        REPLIES = "replies", _("answers to me")
        THREAD = "thread", _("every comment under this post")

    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="follows")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="follows")
    scope = models.CharField(_("what about"), max_length=7, choices=Scope, default=Scope.REPLIES)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["commenter", "post"], name="follow_once_a_post")]

    def __str__(self) -> str:
        return f"{self.commenter_id} → {self.post_id}"
