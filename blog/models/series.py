from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from blog.models.post import PostQuerySet


class Series(models.Model):
    """Posts that belong together and are read in an order (`Post.series_position`)."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    description = models.CharField(_("description"), max_length=500, blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])

    def listed_posts(self) -> "PostQuerySet":
        """Return the posts that readers find here, in the order they are meant to be read."""
        return self.posts.listed().in_series_order()
