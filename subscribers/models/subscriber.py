import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Author, Post, Tag


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def active(self) -> Self:
        """Who is on the list."""
        return self.filter(status=Subscriber.Status.ACTIVE)

    def awake(self, at: datetime.datetime | None = None) -> Self:
        """Who is on the list and has not asked for a pause that still lasts."""
        return self.active().exclude(paused_until__gt=at or timezone.now())

    def wanting(self, post: Post) -> Self:
        """Of these, who wants everything, or a tag or an author of this post. Counts nobody twice."""
        chosen = Q(tags__posts=post) | Q(authors__posts=post)
        of_it = Subscriber.objects.filter(pk=models.OuterRef("pk"), chosen_only=True).filter(chosen)
        return self.filter(Q(chosen_only=False) | models.Exists(of_it))


class Subscriber(models.Model):
    """An address that asked to be told about new posts, and what its owner wants."""

    class Status(models.TextChoices):
        PENDING = "pending", _("asked, not confirmed yet")
        ACTIVE = "active", _("on the list")
        UNSUBSCRIBED = "unsubscribed", _("left")
        SUPPRESSED = "suppressed", _("never to be mailed")

    class Cadence(models.TextChoices):
        EACH = "each", _("each post at once")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")
        MONTHLY = "monthly", _("once a month")

    email = models.EmailField(_("mail address"), max_length=254)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("first asked"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    times_asked = models.PositiveIntegerField(_("mails since"), default=0, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, editable=False)
    cadence = models.CharField(_("how often"), max_length=8, choices=Cadence, default=Cadence.EACH)
    chosen_only = models.BooleanField(_("only chosen tags and authors"), default=False)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="+")
    authors = models.ManyToManyField(Author, verbose_name=_("authors"), blank=True, related_name="+")
    plain_text = models.BooleanField(_("mails as plain text"), default=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    new_email = models.EmailField(  # where the owner wants mails to go, until they confirm there
        _("new address"), max_length=254, blank=True
    )
    bounce_score = models.DecimalField(_("bounce score"), max_digits=4, decimal_places=1, default=0, editable=False)
    bounced_on = models.DateField(_("last bounce"), null=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        permissions = [("move_list", "Can bring in and take out the whole list")]
        indexes = [models.Index(fields=["status", "id"], name="subscriber_by_status")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_once"),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(confirmed_at__isnull=False),
                name="subscriber_active_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def confirm(self) -> bool:
        """Put the address on the list, if nothing changed since this row was read. Return whether this call did it."""
        return self._become(
            self.Status.ACTIVE,
            [self.Status.PENDING],
            Q(confirmed_at=self.confirmed_at, left_at=self.left_at),
            confirmed_at=timezone.now(),
            left_at=None,
            times_asked=0,
            bounce_score=0,
            bounced_on=None,
        )

    def leave(self) -> bool:
        """Take the address off the list, at once. Return whether this call did it."""
        return self._become(
            self.Status.UNSUBSCRIBED,
            [self.Status.PENDING, self.Status.ACTIVE],
            left_at=timezone.now(),
            times_asked=0,
        )

    def suppress(self) -> bool:
        """Never mail the address again, whoever asks. Return whether this call did it."""
        others = [self.Status.PENDING, self.Status.ACTIVE, self.Status.UNSUBSCRIBED]
        return self._become(self.Status.SUPPRESSED, others, left_at=timezone.now())

    def lift(self) -> bool:
        """Let the address ask again; it is not on the list by that. Return whether this call did it."""
        return self._become(self.Status.UNSUBSCRIBED, [self.Status.SUPPRESSED], times_asked=0)

    def _become(self, after: Status, before: list[Status], unchanged: Q | None = None, **values: object) -> bool:
        same = Subscriber.objects.filter(unchanged or Q(), pk=self.pk, status__in=before)
        done = same.update(status=after, **values) == 1
        self.refresh_from_db()
        return done
