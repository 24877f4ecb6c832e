"""Addresses of a post beside its own: those it had before, and those lent out before it is public."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.post import Post

PREVIEW_LASTS = datetime.timedelta(days=14)


def preview_end() -> datetime.datetime:
    return timezone.now() + PREVIEW_LASTS


class FormerSlug(models.Model):
    """An address at which a post was public before. It leads to the post itself, so that chains cannot grow."""

    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="former_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def live(self) -> Self:
        """Links that still open their post."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PreviewLink(models.Model):
    """Leave to read one unpublished post, for whoever has the link, until it expires or is revoked."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="preview_links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"), default=preview_end)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return str(self.post)

    def revoke(self) -> bool:
        """Make the link useless at once. Return whether this call did it."""
        done = PreviewLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1
        self.refresh_from_db(fields=["revoked_at"])
        return done
