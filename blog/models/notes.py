"""What stands around a post's text: where it comes from, and what was put right since."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.post import Post


class Source(models.Model):
    """One entry of the list of sources under a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="sources")
    text = models.CharField(_("source"), max_length=500, help_text=_("Author, title, where and when it appeared."))
    url = models.URLField(_("address"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.text


class Correction(models.Model):
    """What a published post said wrong, and when it was put right. Shown under the text and in the feed."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(_("what was corrected"), max_length=1000)
    corrected_on = models.DateField(_("day"), default=timezone.localdate)

    class Meta:
        ordering = ["corrected_on", "pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return self.text

    @property
    def corrected_at(self) -> datetime.datetime:
        """The beginning of the day, in the site's time zone, for whom a day is not exact enough."""
        return timezone.make_aware(datetime.datetime.combine(self.corrected_on, datetime.time.min))
