from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Action


class BlockQuerySet(models.QuerySet["Block"]):
    def active(self, now: Any = None) -> Self:
        """Those that have not expired; `now` for a query that is prepared."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now or timezone.now()))


class Block(models.Model):
    """An address, a domain or a network whose comments are put aside as spam.

    It is matched by a keyed digest. `shown` is for the people who look after the list; erasing a person empties it.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", _("mail address")
        DOMAIN = "domain", _("domain")
        NETWORK = "network", _("network")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    digest = models.CharField(max_length=64, editable=False)
    shown = models.CharField(_("what"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    action = models.ForeignKey(Action, null=True, editable=False, on_delete=models.SET_NULL, related_name="blocks")

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="block_once")]

    def __str__(self) -> str:
        return f"block {self.pk}"
