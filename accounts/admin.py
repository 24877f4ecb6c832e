from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import User
from accounts.sign_in import SignInForm

admin.site.login_form = SignInForm


@admin.register(User)
class StaffAdmin(UserAdmin):
    """The people on the staff. Nobody is added here: people are invited by mail, and choose a password themselves.

    Whoever is no superuser looks after accounts that may do no more than they may, and gives no role that may.
    """

    list_display = ["username", "display_name", "email", "role_names", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    filter_horizontal = ["user_permissions"]
    own_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("What they may do"), {"fields": ["is_active", "groups"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or roles.may_look_after(cast(User, request.user), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or roles.may_look_after(cast(User, request.user), obj))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return super().get_fieldsets(request, obj) if is_superuser(request) else self.own_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody shuts themselves out by mistake, or gives themselves another role."""
        own = ["is_active", "is_staff", "is_superuser", "groups"] if obj == request.user else []
        return ["last_login", "date_joined", *own]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            groups = roles.given_by(cast(User, request.user)).order_by("name")
            kwargs |= {"queryset": groups, "widget": forms.CheckboxSelectMultiple, "label": _("Roles"), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  Django's name
        """Set another person's password: a superuser's business. Others have a link mailed to that person."""
        if not is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        names = [
            str(roles.ROLES[group.name].label if group.name in roles.ROLES else group) for group in user.groups.all()
        ]
        return ", ".join([str(_("everything"))] if user.is_superuser else names)

    @admin.display(description=_("name"), ordering="first_name")
    def display_name(self, user: User) -> str:
        return user.display_name


def is_superuser(request: HttpRequest) -> bool:
    return bool(cast(User, request.user).is_superuser)
