from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from blog.models.text import Text


class Page(Text):
    """A text beside the stream: About, Privacy. No date, no comments, no mail."""

    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(excluded_fields=[*Text.RENDERED_FIELDS, "updated_at"])

    class Meta:
        ordering = ["title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])
