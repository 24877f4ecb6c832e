from django.db import models
from django.utils.translation import gettext_lazy as _


class Image(models.Model):
    """A picture, stored re-encoded under a random name (blog/images.py), with the words that stand in for it."""

    file = models.ImageField(_("file"), upload_to="images", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for who cannot see it. Leave empty if it only decorates."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt or self.caption or str(self.file.name)
