from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentsHeld(models.TextChoices):
    """Which comments a moderator reads before they appear."""

    ALL = "all", _("all")
    FIRST = "first", _("those from an address that is not confirmed, or of which none was approved yet")
    SUSPICIOUS = "suspicious", _("none but suspicious ones")
