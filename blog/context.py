from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog import navigation, readers
from blog.models import Publication


def publication(request: HttpRequest) -> dict[str, Any]:
    """Give every template the publication's own row and its links (read once, when used), and who is looking.

    A form shows Django's token only where a session cookie came along (blog/origins.py).
    """
    return {
        "publication": SimpleLazyObject(Publication.load),
        "navigation": SimpleLazyObject(navigation.load),
        "has_session": readers.has_session(request),
        "staff_is_looking": readers.staff_user(request) is not None,
    }
