import hashlib
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import keys, markup
from blog.models import Post

if TYPE_CHECKING:
    from accounts.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """What readers see."""
        return self.filter(status=Comment.Status.APPROVED)

    def waiting(self) -> Self:
        """What a moderator has to decide, oldest first."""
        return self.filter(status=Comment.Status.WAITING).order_by("created_at", "pk")


class Comment(models.Model):
    """What a reader answers to a post, or to another comment."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        REMOVED = "removed", _("removed")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("mail address"), max_length=254)
    website = models.URLField(_("website"), max_length=300, blank=True)
    source = models.TextField(_("comment"), validators=[MaxLengthValidator(markup.COMMENT_LIMIT)])
    rendered_html = models.TextField(editable=False)
    renderer_version = models.PositiveIntegerField(editable=False, default=0)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    held_for = models.JSONField(_("held because"), default=list, blank=True, editable=False)
    # One digest over post, parent, address and text: a double click or a reload is the same comment, not a second.
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    # Why a comment waits: names of reasons, which the queue puts into words.
    HELD_BY_POLICY = "policy"

    RENDERED_FIELDS = ["rendered_html", "renderer_version"]

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can approve and refuse comments"))]
        indexes = [
            models.Index(fields=["post", "created_at"], name="comment_approved", condition=Q(status="approved")),
            models.Index(fields=["status", "created_at"], name="comment_by_status"),
        ]
        constraints = [
            models.UniqueConstraint("digest", name="comment_posted_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="comment_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.source[:60]}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.digest:
            self.fill_digest()
        self.render()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        """The permalink, which leads to the comment on its post's page."""
        return reverse("comment", args=[self.pk])

    def own_url(self) -> str:
        """The private page of the person who wrote this. Costs a query for the kept key."""
        return reverse("own_comment", args=[keys.Signer(keys.Purpose.OWN_COMMENT).token(self.pk)])

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    def render(self) -> None:
        """Fill the rendered fields from the source; saves nothing."""
        self.rendered_html = markup.render_comment(self.source)
        self.renderer_version = markup.RENDERER_VERSION

    def fill_digest(self) -> None:
        parts = [self.post_id, self.parent_id or 0, self.email.lower(), self.source]
        self.digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()

    def approve(self, moderator: "User") -> bool:
        """Show the comment on its post. Return False if it already was."""
        return self._decide(self.Status.APPROVED, moderator)

    def remove(self, moderator: "User") -> bool:
        """Refuse the comment, or take it off the page. Return False if it already was."""
        return self._decide(self.Status.REMOVED, moderator)

    def mark_spam(self, moderator: "User") -> bool:
        """Put the comment aside as spam. Return False if it already was."""
        return self._decide(self.Status.SPAM, moderator)

    def hold(self, moderator: "User") -> bool:
        """Put the comment back into the queue: the undo of the other three."""
        return self._decide(self.Status.WAITING, moderator)

    def _decide(self, status: Status, moderator: "User") -> bool:
        now = timezone.now()
        others = Comment.objects.filter(pk=self.pk).exclude(status=status)
        decided = others.update(status=status, decided_at=now, decided_by=moderator) == 1
        self.refresh_from_db(fields=["status", "decided_at", "decided_by"])
        return decided
