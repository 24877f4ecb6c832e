from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.networks import keyed_digests


def digest_of(email: str) -> str:
    """Return the keyed digest by which an address is known again, in whatever letters. Costs a query for the key."""
    return digests_of([email])[0]


def digests_of(emails: Iterable[str]) -> list[str]:
    """Return the digest of each of these addresses, in their order. Costs one query for all of them."""
    return keyed_digests(f"subscriber\n{email.strip().lower()}" for email in emails)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def of(self, email: str) -> Self:
        """The row of this address, or none."""
        return self.filter(digest=digest_of(email))

    def final(self) -> Self:
        """What only the owner or the staff can lift."""
        return self.filter(cause__in=Suppression.FINAL)

    def weak(self) -> Self:
        """What keeps an import from putting the address back, and ends when its owner asks again and confirms."""
        return self.exclude(cause__in=Suppression.FINAL)


class Suppression(models.Model):
    """An address that must not be mailed, kept as a keyed digest: it outlives the person's row, and says no name.

    Two strengths. What its owner, their mail provider or the staff said is final until they themselves lift it. Having
    left, bounced or been erased only keeps an import from putting the address back: its owner may ask again.
    """

    class Cause(models.TextChoices):
        OWNER = "owner", _("its owner wants no mail at all")
        COMPLAINT = "complaint", _("its owner called a mail spam")
        STAFF = "staff", _("somebody on the staff said so")
        BOUNCE = "bounce", _("mails to it came back")
        LEFT = "left", _("its owner left the list")
        ERASED = "erased", _("its owner was erased")

    FINAL = [Cause.OWNER, Cause.COMPLAINT, Cause.STAFF]

    digest = models.CharField(max_length=64, unique=True)
    cause = models.CharField(_("cause"), max_length=9, choices=Cause)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        indexes = [models.Index(fields=["cause", "created_at"], name="suppression_by_cause")]
        constraints = [models.CheckConstraint(condition=~Q(digest=""), name="suppression_has_digest")]

    def __str__(self) -> str:
        return str(self.get_cause_display())
