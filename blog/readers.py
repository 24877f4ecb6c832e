"""Readers and staff, told apart without touching the session: a reader sends no session cookie."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def has_session(request: HttpRequest) -> bool:
    """Say whether a session cookie came along. Reading `request.user` would mark every page as varying by cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def carries_session(environ: dict[str, Any]) -> bool:
    """Say for a WSGI request that nobody has read yet whether a session cookie may have come along.

    Costs no parsing, and errs on the side of staff: another cookie whose name or value holds that name counts, too.
    """
    return settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")


def staff_user(request: HttpRequest) -> User | None:
    """Return the signed-in member of staff who asks, or None; costs queries only where a session cookie came along."""
    if has_session(request) and isinstance(request.user, User) and request.user.is_active and request.user.is_staff:
        return request.user
    return None
