from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Subscriber


class FormText(models.Model):
    """The words that a form showed when somebody gave it their address. A new wording is a new row, never a change."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the text, in hexadecimal digits
    text = models.TextField()
    first_shown_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text[:50]


class Consent(models.Model):
    """One line of the account of what a person agreed to, and when. Lines are added, never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked for")
        CONFIRMED = "confirmed", _("confirmed")
        CHANGED = "changed", _("changed what they want")
        MOVED = "moved", _("changed the address")
        LEFT = "left", _("left")
        SUPPRESSED = "suppressed", _("not to be mailed again")
        LIFTED = "lifted", _("may be mailed again")
        IMPORTED = "imported", _("brought along from another list")

    class Place(models.TextChoices):
        PAGE = "page", _("the page for subscribing")
        POST = "post", _("the form under a post")
        FOOTER = "footer", _("the form at the foot of a page")
        COMMENT = "comment", _("the form for comments")
        MAIL = "mail", _("a mail to the list's address")
        LINK = "link", _("a page whose link was mailed")
        ONE_CLICK = "one-click", _("the mail program's own button")
        SERVER = "server", _("a mail server's answer or report")
        IMPORT = "import", _("an import")
        STAFF = "staff", _("somebody on the staff")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    place = models.CharField(_("where"), max_length=10, choices=Place)
    at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.ForeignKey(FormText, null=True, on_delete=models.PROTECT, related_name="+")
    network = models.CharField(max_length=64, blank=True)  # keyed digest; emptied after 30 days
    detail = models.JSONField(default=dict)  # what was chosen, or brought along as evidence

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["kind", "at"], name="consent_by_kind"),
            models.Index(fields=["at"], name="consent_with_network", condition=~models.Q(network="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subscriber_id}"
