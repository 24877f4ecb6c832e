import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet

QUARTER = 15 * 60  # seconds
MOST_A_DAY = 5  # mails of one kind to one address


class StaffMail(QueuedMail):
    """A mail with a link to choose a password: to somebody who is invited, or to whoever asked at the sign-in form.

    An address typed at the sign-in form gets its row whether or not anybody has it: only the worker looks that up, so
    that nothing about the answer, not even the time it takes, says who is on the staff. The row holds no link.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        PASSWORD = "password", _("new password")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.CharField(_("address"), max_length=254)  # in lower case
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="mails")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    quarter = models.PositiveBigIntegerField()  # which quarter of an hour since 1970 it was asked for in

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["next_try_at"], name="staff_mail_due", condition=Q(state__in=QueuedMail.DUE))]
        constraints = [
            models.UniqueConstraint(fields=["address", "kind", "quarter"], name="staff_mail_once_a_quarter"),
            models.CheckConstraint(
                condition=~Q(kind="invitation") | Q(user__isnull=False), name="staff_mail_invites_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.address}"

    @classmethod
    def queue(cls, kind: Kind, address: str, **values: object) -> bool:
        """Write a row to be sent, unless there was one in this quarter of an hour, or there were too many today.

        Return whether this call wrote one. It costs the same for every address.
        """
        now, address = timezone.now(), address.strip().lower()
        today = cls.objects.filter(kind=kind, address=address, created_at__gt=now - datetime.timedelta(days=1))
        if today.count() >= MOST_A_DAY:
            return False
        quarter = int(now.timestamp()) // QUARTER
        return cls.objects.get_or_create(kind=kind, address=address, quarter=quarter, defaults=values)[1]


class PageStamp(models.Model):
    """One row with a random value that is another one after every write of what readers see.

    The database renews it by triggers (operations/page_cache/triggers.py). A value never comes twice, so that not even
    a database that was restored looks like another state of itself. No row: no page may be kept.
    """

    stamp = models.CharField(max_length=36)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="page_stamp_is_one_row")]

    def __str__(self) -> str:
        return self.stamp
