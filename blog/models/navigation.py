from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.markup import web_address


def validate_address(address: str) -> None:
    """Raise ValidationError unless it is a path on this site, an http(s) address, or a mail address to write to."""
    on_this_site = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not (on_this_site or web_address(address) or address.startswith("mailto:")):
        raise ValidationError(_("Give a path such as /pages/about/ or an address that starts with https://."))


class NavigationLink(models.Model):
    """One link in the site's masthead or footer, in the order an editor gives them."""

    class Place(models.TextChoices):
        MASTHEAD = "masthead", _("at the top")
        FOOTER = "footer", _("at the foot")

    place = models.CharField(_("place"), max_length=8, choices=Place, default=Place.FOOTER)
    label = models.CharField(_("label"), max_length=60)
    address = models.CharField(_("address"), max_length=500, validators=[validate_address])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["place", "position", "pk"]
        verbose_name = _("navigation link")
        verbose_name_plural = _("navigation links")

    def __str__(self) -> str:
        return self.label
