from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet
from subscribers.models.issue import Issue
from subscribers.models.subscriber import Subscriber


class Delivery(QueuedMail):
    """One issue to one subscriber. The row stays when the person is erased, without person and address."""

    OPEN = [*QueuedMail.DUE, QueuedMail.State.TRANSMITTING]

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    address = models.CharField(_("address"), max_length=254, blank=True)
    answer = models.CharField(  # with which the server took it; holds the number by which its logs know the mail
        _("the server's answer"), max_length=200, blank=True
    )

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        # The key comes last, so that a batch of the next ones to send is a stretch of the index, of any million rows.
        indexes = [models.Index(fields=["issue", "state", "next_try_at", "id"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.address or '(erased)'}"
