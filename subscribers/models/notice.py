from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet
from subscribers.models.subscriber import Subscriber


class Notice(QueuedMail):
    """A mail to one person about their subscription."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("asks to confirm")
        ALREADY = "already", _("says that the address is on the list")
        MANAGE = "manage", _("brings the link to the subscription")
        NEW_ADDRESS = "new", _("asks at a new address whether it is right")
        OLD_ADDRESS = "old", _("tells the old address of the new one")

    kind = models.CharField(max_length=10, choices=Kind)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")
    address = models.CharField(  # where it goes, if not to the address the subscriber has when it is sent
        max_length=254, blank=True
    )

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_try_at"], name="notice_due", condition=Q(state__in=QueuedMail.DUE))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subscriber_id}"
