from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from accounts.forms import InvitationForm, LinkForm
from accounts.models import User
from operations import invitations


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database answers; a locked or missing one is a 503 (blog/middleware.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@staff_member_required
@permission_required("accounts.add_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Bring somebody on the staff, by mail."""
    inviter = cast(User, request.user)
    form = InvitationForm(sent(request), inviter=inviter)
    if form.is_valid():
        try:
            user = invitations.invite(form, by=inviter)
        except IntegrityError:
            form.add_error(None, _("Somebody of that name or address came on the staff just now. Look at the list."))
        else:
            messages.success(request, _("%s is invited; a mail is on its way.") % user.display_name)
            return redirect("admin:accounts_user_changelist")
    return desk_page(
        request, "operations/staff_invite.html", {"form": form, "title": _("Invite somebody")}, form.is_bound
    )


@staff_member_required
@permission_required("accounts.change_user", raise_exception=True)
@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail a member of staff a new link to choose a password."""
    user = get_object_or_404(User, pk=pk, is_staff=True, is_active=True)
    inviter = cast(User, request.user)
    if not roles.may_look_after(inviter, user):
        raise PermissionDenied
    if invitations.mail_again(user, by=inviter):
        messages.success(request, _("A mail with a new link is on its way to %s.") % user.email)
    else:
        messages.info(request, _("A mail went to %s moments ago, or too often today.") % user.email)
    return redirect("admin:accounts_user_change", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    form = LinkForm(sent(request), request=request)
    if form.is_valid():
        invitations.ask_for_password(form.cleaned_data["email"])
        return HttpResponse(status=303, headers={"Location": reverse("password_asked")})
    page = {"form": form, "title": _("Forgotten your password?")}
    too_many = form.has_error("__all__", "too many")
    return desk_page(request, "operations/password_ask.html", page, form.is_bound, 429 if too_many else 422)


@never_cache
@require_safe
def password_asked(request: HttpRequest) -> HttpResponse:
    return desk_page(request, "operations/password_asked.html", {"title": _("Look into your mail")})


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: what came with a POST, were it nothing."""
    return request.POST if request.method == "POST" else None


def desk_page(
    request: HttpRequest, template: str, context: dict[str, Any], refused: bool = False, status: int = 422
) -> HttpResponse:
    """Answer with a page that looks as the admin does; `status` is for a form that was `refused`."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status if refused else 200)
