"""What a request says of its body: how long it is, and whether all of it came."""

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

FORM = "application/x-www-form-urlencoded"


def length(request: HttpRequest) -> int:
    """The bytes that a request says it has; without Content-Length Django reads none."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def is_cut(request: HttpRequest) -> bool:
    """Say whether a form without files ended before it should have. Reads it, unless it is too long to be taken."""
    if request.content_type != FORM or length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return False
    try:
        return len(request.body) < length(request)
    except UnreadablePostError:
        return True
