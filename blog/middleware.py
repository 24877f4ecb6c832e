"""What happens around every request."""

import ipaddress
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from blog.bodies import is_cut
from blog.readers import has_session
from blog.sent_words import refuse_with, sent_words

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def add_security_headers(get_response: GetResponse) -> GetResponse:
    """Send one constant Content-Security-Policy, unless the view chose a stricter one of its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return middleware


def keep_staff_pages_private(get_response: GetResponse) -> GetResponse:
    """Let nobody store what was made for a request with a session cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if has_session(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


@lru_cache
def trusted_networks(addresses: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(address, strict=False) for address in addresses]


def is_trusted_proxy(address: str) -> bool:
    """Say whether TRUSTED_PROXIES names this peer; an unparsable address (a Unix socket) is not trusted."""
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(peer in network for network in trusted_networks(tuple(settings.TRUSTED_PROXIES)))


def client_address(peer: str, forwarded_for: str) -> str:
    """Return who asked: the last hop in X-Forwarded-For that is no proxy of ours, else the peer itself."""
    hops = [peer, *reversed([hop.strip() for hop in forwarded_for.split(",") if hop.strip()])]
    return next((hop for hop in hops if not is_trusted_proxy(hop)), hops[-1])


def came_by_https(environ: dict[str, Any]) -> bool:
    """Say, for a WSGI request that no middleware has seen yet, whether the reader's connection was encrypted."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
    if scheme in {"http", "https"} and is_trusted_proxy(environ.get("REMOTE_ADDR", "")):
        return bool(scheme == "https")
    return bool(environ["wsgi.url_scheme"] == "https")


def trust_proxies(get_response: GetResponse) -> GetResponse:
    """Believe X-Forwarded-Proto and X-Forwarded-For from the proxies in TRUSTED_PROXIES, and from nobody else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if is_trusted_proxy(peer):
            scheme = request.META.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in {"http", "https"}:
                request.META["wsgi.url_scheme"] = scheme  # what Django's is_secure() reads
            request.META["REMOTE_ADDR"] = client_address(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        return get_response(request)

    return middleware


def refuse_cut_forms(get_response: GetResponse) -> GetResponse:
    """Take nothing from a form that ended too early: whoever sent it is gone, and half of a text would be stored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return HttpResponseBadRequest() if is_cut(request) else get_response(request)

    return middleware


def give_words_back(get_response: GetResponse) -> GetResponse:
    """Show who is signed out meanwhile what their form sent, which would be lost on the way to the page to sign in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseRedirect) and asks_to_sign_in(response) and (words := sent_words(request)):
            return refuse_with(words, request, "blog/signed_out.html", sign_in=response.url)
        return response

    return middleware


def asks_to_sign_in(response: HttpResponseRedirect) -> bool:
    return urlsplit(response.url).path == reverse("admin:login")


class AnswerUnavailable:
    """Answer 503 when the database is locked, full or away, so that a reader tries again and staff can tell why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request) if isinstance(exception, OperationalError) else None


class KeepSessions(SessionMiddleware):
    """Django's own, that answers 503, too, when the database does not take a session after the view has answered."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (OperationalError, SessionInterrupted) as error:
            if not comes_from_database(error):
                raise
            return unavailable(request)


def comes_from_database(error: BaseException | None) -> bool:
    """Say whether the database not answering is behind an error: Django takes it for a session that was deleted."""
    while error is not None and not isinstance(error, OperationalError):
        error = error.__context__
    return error is not None


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer, where an exception is handled, that the database did not."""
    logger.exception("The database did not answer: %s", request.path)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
