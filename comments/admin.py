from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from comments.models import Comment


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    """To look things up. Decisions are made in the moderation queue."""

    list_display = ["name", "post", "status", "created_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["name", "email", "source"]
    date_hierarchy = "created_at"
    list_select_related = ["post"]
    readonly_fields = [
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
        "decided_at",
        "decided_by",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).select_related("post", "parent", "user", "decided_by")
