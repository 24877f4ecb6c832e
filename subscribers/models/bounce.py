from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.models.delivery import Delivery
from subscribers.models.subscriber import Subscriber


class Bounce(models.Model):
    """What came back about a delivery, once of each kind: a mail server's report, or a reader's complaint."""

    class Kind(models.TextChoices):
        HARD = "hard", _("refused for good")
        SOFT = "soft", _("refused for now")
        COMPLAINT = "complaint", _("called spam")

    class Source(models.TextChoices):
        ANSWER = "answer", _("the answer of a mail server")
        REPORT = "report", _("a report by mail")
        PROVIDER = "provider", _("a message of the mail provider")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="bounces")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="bounces")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    status = models.CharField(_("status"), max_length=12, blank=True)  # enhanced status code (RFC 3463), as 5.1.1
    words = models.CharField(_("what was said"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        indexes = [models.Index(fields=["at"], name="bounce_by_day")]
        constraints = [models.UniqueConstraint(fields=["delivery", "kind"], name="bounce_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.delivery_id}"
