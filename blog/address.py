"""Addresses for the world outside a page: mails and feeds. They come from SITE_URL, never from a request."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """Return the full address of a root-relative path; a full address stays as it is."""
    return settings.SITE_URL + path if path.startswith("/") else path


def absolute_reverse(name: str, *args: object) -> str:
    """`reverse()`, as a full address."""
    return absolute(reverse(name, args=args))


def same_site(origin: str, host_origin: str) -> bool:
    """Say whether an Origin header names this site: by SITE_URL, or by the (checked) host that was asked."""
    return origin in {settings.SITE_URL, host_origin}
