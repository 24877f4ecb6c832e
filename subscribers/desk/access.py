"""Who may open a page of the newsletter's desk."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from blog import readers

View = Callable[..., HttpResponseBase]


def only_with(permission: str, back: str) -> Callable[[View], View]:
    """Ask who is not signed in to do so, and refuse who lacks the permission.

    `back` names the view to come back to after signing in from an address that only takes POST.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            staff = readers.staff_user(request)
            if staff is None:
                address = request.get_full_path() if request.method == "GET" else reverse(back)
                return redirect_to_login(address, reverse("admin:login"))
            if not staff.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


senders_only = only_with("subscribers.send_issue", "newsletter")


def may_see_addresses(request: HttpRequest) -> bool:
    """Say whether who asks may see readers' addresses."""
    staff = readers.staff_user(request)
    return staff is not None and staff.has_perm("subscribers.view_delivery")
