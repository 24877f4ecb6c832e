from django.conf import settings
from django.db import models
from django.db.models import Q

from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet
from subscribers.models.issue import Issue


class TestMail(QueuedMail):
    """An issue, mailed to the member of staff who asked to see it. It counts nowhere: the ledger knows readers only."""

    __test__ = False  # to pytest

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="test_mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_try_at"], name="test_mail_due", condition=Q(state__in=QueuedMail.DUE))]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.user_id}"
