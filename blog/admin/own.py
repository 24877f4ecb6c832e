"""What somebody may do in the admin who may not change everything: look after what is theirs."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from blog.models import Image, Post

Own = Post | Image


class OwnRows(admin.ModelAdmin[Any]):
    """Shows all rows to whom Django's own permissions let see them, and to others with `own_permission` their own.

    The model says which those are: by `changeable_by()` on its rows, and by `may_be_changed_by()` on each. An address
    of somebody else's row answers as if there were none.
    """

    own_permission: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows if super().has_view_permission(request) else rows.changeable_by(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) or self.owns(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Own | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.owns(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Own | None = None) -> bool:
        return super().has_change_permission(request, obj) or self.owns(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Own | None = None) -> bool:
        return super().has_delete_permission(request, obj) or self.owns(request, obj)

    def owns(self, request: HttpRequest, obj: Own | None) -> bool:
        """Say whether the row is theirs; without a row, whether they may have any."""
        user = cast(User, request.user)
        return user.has_perm(self.own_permission) and (obj is None or obj.may_be_changed_by(user))
