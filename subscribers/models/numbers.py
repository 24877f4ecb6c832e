from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.models.issue import Issue


class Leaving(models.Model):
    """That somebody left, and why if they said so. Names nobody, so that it can stay when the person is erased."""

    class Reason(models.TextChoices):
        TOO_MANY = "many", _("Too many mails")
        NOT_FOR_ME = "subject", _("It is not for me any more")
        NEVER_ASKED = "unasked", _("I never asked for it")
        ELSEWHERE = "elsewhere", _("I read it elsewhere")
        OTHER = "other", _("Something else")

    at = models.DateTimeField(default=timezone.now, db_index=True)
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    words = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return str(self.get_reason_display())


class ListSize(models.Model):
    """How many were on the list at the end of a day, or just now."""

    date = models.DateField(primary_key=True)
    active = models.PositiveIntegerField()
    pending = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.date}: {self.active}"


class MailVisits(models.Model):
    """How often the links of an issue's mails were opened on a day. A sum: nobody's visit is kept."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="visits")
    date = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "date"], name="visits_once_a_day")]

    def __str__(self) -> str:
        return f"{self.issue_id}, {self.date}: {self.count}"
