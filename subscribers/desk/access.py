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
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not staff.has_perm("subscribers.send_issue"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
