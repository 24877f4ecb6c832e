"""Who may moderate, and in which form they want an answer."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from blog import readers


def wants_json(request: HttpRequest) -> bool:
    """Say whether the queue's own script asks, which changes the page in place; a form that is sent prefers a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def moderators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who is not signed in to do so, and refuse who may not moderate."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        staff = readers.staff_user(request)
        if staff is None:
            return ask_to_sign_in(request)
        if not staff.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        sentence = _("You are signed out. Sign in again in another tab, then come back to this one.")
        return JsonResponse({"error": sentence}, status=403)
    # After signing in, an address that only takes POST would lead nowhere.
    back = request.get_full_path() if request.method == "GET" else reverse("moderation")
    return redirect_to_login(back, reverse("admin:login"))
