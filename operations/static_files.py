"""Static files, answered at the door: Django's middleware has nothing to say about them but a few constant headers."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.string_utils import decode_path_info

from blog.middleware import CONTENT_SECURITY_POLICY, came_by_https

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def with_static(application: Application) -> Application:
    """Return an application that answers for every collected static file itself, and asks the given one for the rest.

    The files are those of WhiteNoise's middleware, read once, with the headers that Django's middleware would add; a
    test compares both. With DEBUG on the files may change at any time, and the middleware looks after them. What has to
    be redirected to https is Django's, too.
    """
    if settings.DEBUG:
        return application
    files = WhiteNoiseMiddleware(nothing_else).files
    added = headers_of_django()

    def door(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        file = files.get(decode_path_info(environ.get("PATH_INFO", "")))
        if file is None or (settings.SECURE_SSL_REDIRECT and not came_by_https(environ)):
            return application(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            return start_response(status, headers + added)

        answer: Iterable[bytes] = WhiteNoise.serve(file, environ, start)
        return answer

    return door


def nothing_else(request: Any) -> Any:
    raise NotImplementedError("Only the table of files is wanted.")


def headers_of_django() -> list[tuple[str, str]]:
    """Return what SecurityMiddleware and add_security_headers put on every answer."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", str(settings.SECURE_REFERRER_POLICY)),
        ("Cross-Origin-Opener-Policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return headers
