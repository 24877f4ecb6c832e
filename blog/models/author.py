from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class Author(models.Model):
    """A name that posts are signed with. A writer who never signs in (a guest, an imported one) has no user."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    tagline = models.CharField(_("tagline"), max_length=300, blank=True, help_text=_("One line under the name."))
    bio = models.TextField(_("about"), blank=True, help_text=_("A paragraph or two for the author's own page."))
    website = models.URLField(_("website"), max_length=300, blank=True)
    portrait = models.ForeignKey(
        "blog.Image",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the author, and have the pictures that show the name looked at again (blog/social.py)."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if not is_new:
            self.posts.update(social_digest="")

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])

    @classmethod
    def of(cls, user: "User") -> "Author":
        """Return the name this member of staff signs with, made of their own name when they have none yet."""
        slug = slugify(user.display_name, allow_unicode=True)[:150] or "author"
        if cls.objects.filter(slug=slug).exists():
            slug = f"{slug}-{user.pk}"
        return cls.objects.get_or_create(user=user, defaults={"name": user.display_name[:200], "slug": slug})[0]

    @classmethod
    def likeliest_for(cls, user: "User") -> "Author | None":
        """Return the name this member of staff signs with: their own, else the only one there is."""
        own = cls.objects.filter(user=user).first()
        others = cls.objects.all()[:2]
        return own or (others[0] if len(others) == 1 else None)
