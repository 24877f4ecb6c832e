from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.post import Post


class Publication(models.Model):
    """What an editor decides about the whole site: one row, made when it is first read."""

    THE_ONE = 1

    name = models.CharField(_("name"), max_length=100, default="Byline")
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("One line under the name, and for search engines."),
    )
    comment_policy = models.TextField(
        _("comment policy"),
        max_length=1000,
        blank=True,
        default="A person reads every comment before it appears. Be kind, and stay with the subject.",
        help_text=_("Shown above the comment form."),
    )
    postal_address = models.TextField(
        _("postal address"),
        max_length=500,
        blank=True,
        help_text=_("Stands at the foot of every newsletter. Most countries' laws ask for it."),
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publication")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="publication_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; a new name has every post's picture looked at again (blog/social.py)."""
        self.pk = self.THE_ONE
        renamed = not Publication.objects.filter(name=self.name).exists()
        super().save(*args, **kwargs)
        if renamed:
            Post.objects.exclude(social_digest="").update(social_digest="")

    @classmethod
    def load(cls) -> "Publication":
        """Return the row; one query, two the first time ever."""
        return cls.objects.get_or_create(pk=cls.THE_ONE)[0]
