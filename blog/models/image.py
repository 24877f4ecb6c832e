from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models.picture_field import PictureField, remove_later
from blog.models.post import Post
from blog.pictures import markdown

if TYPE_CHECKING:
    from accounts.models import User


class ImageQuerySet(models.QuerySet["Image"]):
    def changeable_by(self, user: "User") -> Self:
        """What a member of staff may change: all, or what they brought; agrees with `Image.may_be_changed_by()`."""
        return self if user.has_perm("blog.change_image") else self.filter(uploaded_by=user)

    def usable_by(self, user: "User") -> Self:
        """What a member of staff may put into a post: those they may change, and what stands on their posts."""
        if user.has_perm("blog.change_image"):
            return self
        covers = Post.objects.changeable_by(user).values("cover")
        return self.filter(Q(uploaded_by=user) | Q(pk__in=covers))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows and, once that is certain, their files."""
        with transaction.atomic(using=self.db):
            remove_later(self.values_list("file", flat=True))
            return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # like Django's own: a manager does not offer it


class Image(models.Model):
    """A picture, stored re-encoded under a random name (blog/images.py), with the words that stand in for it."""

    class Focus(models.TextChoices):
        """Nine places; the style sheet has a class for each, because the page allows no style attributes."""

        TOP_LEFT = "top-left", _("top left")
        TOP = "top", _("top")
        TOP_RIGHT = "top-right", _("top right")
        LEFT = "left", _("left")
        CENTRE = "centre", _("centre")
        RIGHT = "right", _("right")
        BOTTOM_LEFT = "bottom-left", _("bottom left")
        BOTTOM = "bottom", _("bottom")
        BOTTOM_RIGHT = "bottom-right", _("bottom right")

    file = PictureField(_("file"), upload_to="images", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for who cannot see it. Leave empty if it only decorates."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    focus = models.CharField(
        _("focal point"),
        max_length=12,
        choices=Focus,
        default=Focus.CENTRE,
        help_text=_("The part that has to stay in sight where the picture is cropped."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="images"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt or self.caption or str(self.file.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the picture, and have the cards that show a part of it looked at again (blog/social.py)."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if not is_new:
            Post.objects.filter(cover=self).update(social_digest="")

    def may_be_changed_by(self, user: "User") -> bool:
        """Whoever may change every picture, and whoever brought this one."""
        return user.has_perm("blog.change_image") or self.uploaded_by_id == user.pk

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row and, once that is certain, its files."""
        with transaction.atomic():
            remove_later([str(self.file.name)])
            return super().delete(*args, **kwargs)

    @property
    def markdown(self) -> str:
        """What stands for this picture in a text."""
        return markdown(self.file.url, self.alt, self.caption)
