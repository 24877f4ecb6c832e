from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from comments import learning
from comments.forms import CorrectionForm
from comments.models import Comment

SHOWN = (
    "post",
    "parent",
    "user",
    "name",
    "email",
    "website",
    "source",
    "status",
    "held_for",
    "created_at",
    "edited_at",
    "decided_at",
    "decided_by",
)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    """To look things up, and to correct what has to be. Decisions are made in the moderation queue."""

    form = CorrectionForm
    list_display = ["name", "post", "status", "created_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["name", "email", "source"]
    date_hierarchy = "created_at"
    list_select_related = ["post"]
    fields = SHOWN
    readonly_fields = [field for field in SHOWN if field not in CorrectionForm.Meta.fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        is_gone = obj is not None and obj.withdrawn_at is not None
        return super().has_change_permission(request, obj) and not is_gone

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).select_related("post", "parent", "user", "decided_by")

    def save_model(self, request: HttpRequest, obj: Comment, form: Any, change: bool) -> None:
        """Store what was changed here and nothing else: meanwhile somebody may have decided about the comment."""
        if form.changed_data:
            learning.unlearn(obj)
            obj.correct(cast(User, request.user), form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Comment) -> None:
        self.delete_queryset(request, Comment.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        threads = list(queryset.values_list("thread", flat=True))
        queryset.delete()
        Comment.objects.filter(thread__in=threads).count_answers()
