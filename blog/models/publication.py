from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.kept import once
from blog.models.conversation import CommentsHeld
from blog.models.one_row import OneRow
from blog.models.post import Post


class Publication(OneRow):
    """What an editor decides about the whole site."""

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
        default="Be kind, and stay with the subject.",
        help_text=_("Shown above the comment form, after the sentence that says what happens to a comment."),
    )
    comments_open = models.BooleanField(
        _("open to comments"), default=True, help_text=_("Off: no post takes comments; what was written stays.")
    )
    comments_held = models.CharField(
        _("comments that wait for a moderator"),
        max_length=10,
        choices=CommentsHeld,
        default=CommentsHeld.FIRST,
        help_text=_("What the filters find suspicious waits in any case."),
    )
    comments_close_after = models.PositiveSmallIntegerField(
        _("close conversations after days"), default=0, help_text=_("Counted from publication. 0: never.")
    )
    comments_pause = models.PositiveSmallIntegerField(
        _("seconds between two comments"),
        default=0,
        help_text=_("Slow mode: how long one address or network waits under a post before it writes again. 0: off."),
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
        renamed = not Publication.objects.filter(name=self.name).exists()
        super().save(*args, **kwargs)
        if renamed:
            Post.objects.exclude(social_digest="").update(social_digest="")

    @classmethod
    def load(cls) -> "Publication":
        """Return the row; one query, three the first time ever, and none where it was read once (blog/kept.py)."""
        return once("publication", super().load)
