"""Who may look after the newsletter."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from blog import readers


def senders_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who is not signed in to do so, and refuse who may not send issues."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        staff = readers.staff_user(request)
        if staff is None:
            # After signing in, an address that only takes POST would lead nowhere.
            back = request.get_full_path() if request.method == "GET" else reverse("newsletter")
            return redirect_to_login(back, reverse("admin:login"))
        if not staff.has_perm("subscribers.send_issue"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def may_see_addresses(request: HttpRequest) -> bool:
    """Say whether who asks may see readers' addresses."""
    staff = readers.staff_user(request)
    return staff is not None and staff.has_perm("subscribers.view_delivery")
