from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models.page import Page
from blog.models.post import Post


class WorkingCopy(models.Model):
    """What stands in one editor right now, saved every few seconds. It never changes what is public.

    One row per person and opened form. A new text that was never saved has neither post nor page.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_copies")
    tab = models.CharField(max_length=36)  # a UUID, new for every form that is opened
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="working_copies")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="working_copies")
    kind = models.CharField(max_length=4, choices=[("post", _("post")), ("page", _("page"))])
    base_revision = models.PositiveBigIntegerField(null=True)  # the revision that this tab opened
    values = models.JSONField(default=dict)  # names of form fields → their text
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [
            models.UniqueConstraint(fields=["user", "tab"], name="working_copy_per_tab"),
            models.CheckConstraint(condition=Q(post=None) | Q(page=None), name="working_copy_of_one_text"),
        ]

    def __str__(self) -> str:
        return str(self.values.get("title") or _("Untitled"))
