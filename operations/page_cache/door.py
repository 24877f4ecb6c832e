"""The door in front of Django: answers readers with kept pages, and has Django make those that are missing.

Django makes a page for the cache from a request that the door writes itself, of which the path and the parameters that
change the page are all that comes from a reader. So nothing else that anybody sends can get into a page that others
see, and the page has the headers that Django's middleware gives to every answer.
"""

import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError
from django.utils import timezone
from django.utils.http import parse_etags, parse_http_date_safe

from blog.middleware import came_by_https
from blog.readers import carries_session
from blog.self_changing import next_change
from operations.page_cache.addresses import canonical_query, parameters_at
from operations.page_cache.pages import Body, Headers, Key, Page, Pages, best_encoding
from operations.page_cache.stamp import Stamp

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LONGEST_ACCEPT = 200  # characters of an Accept-Encoding header that are worth remembering
ABOUT_ONE_ANSWER = {"content-length", "content-encoding", "content-type"}  # no part of a 304
REPLACED = {"content-length", "etag", "vary", "cache-control"}  # the door says these itself


class PageCache:
    """A WSGI application that answers for another one where the answer is kept, and still right."""

    def __init__(self, application: Application, stamp: Stamp) -> None:
        self.application = application
        self.stamp = stamp
        self.pages = Pages()
        self.hosts = own_hosts()
        self.cache_control = cache_control(settings.CDN_SECONDS)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self.key(environ)
        stamp = self.stamp() if key else None
        if key is None or stamp is None:
            return self.application(environ, start_response)
        page = self.pages.get(stamp, key, time.time())
        return answer(page, environ, start_response) if page else self.make(stamp, key, environ, start_response)

    def key(self, environ: Environ) -> Key | None:
        """Return what a request asks for, as the cache knows it; None if the cache has no part in it."""
        if (
            environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or environ.get("HTTP_HOST") not in self.hosts
            or carries_session(environ)
            or (settings.HTTPS and not came_by_https(environ))
            or environ.get("SCRIPT_NAME")
        ):
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if not query:
            return path, ""
        known = parameters_at(get_path_info(environ))
        canonical = canonical_query(query, known) if known is not None else None
        return None if canonical is None else (path, canonical)

    def make(self, stamp: str, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have Django make a page, keep it, and answer with it; what is not to be kept is answered with as it comes."""
        if parameters_at(get_path_info(environ)) is None:
            return self.application(environ, start_response)
        begun = timezone.now()
        asked = plain_request(*key)
        status, headers, content = call(self.application, asked)
        if is_for_all(status, headers):
            try:
                page = Page(content, self.kept_headers(headers), next_change(asked, begun), dated(headers))
            except DatabaseError:
                pass  # without knowing when it changes, it is not kept
            else:
                self.pages.keep(stamp, key, page)
                return answer(page, environ, start_response)
        start_response(status, headers)
        return [content] if environ["REQUEST_METHOD"] == "GET" else []

    def kept_headers(self, headers: Headers) -> Headers:
        kept = [(name, value) for name, value in headers if name.lower() not in REPLACED]
        return [*kept, ("Cache-Control", self.cache_control)]


def own_hosts() -> frozenset[str]:
    """Return the Host headers that browsers send to this site. With any other one, Django decides."""
    ports = {f":{settings.SITE.port or (443 if settings.HTTPS else 80)}", f":{settings.PORT}", ""}
    names = {name for name in settings.ALLOWED_HOSTS if name}
    return frozenset({settings.SITE.netloc} | {name + port for name in names for port in ports})


def cache_control(seconds: int) -> str:
    """Say who may keep a page: everybody, who has to ask each time whether it is still right; or a CDN for a while."""
    return f"public, max-age=0, must-revalidate, s-maxage={seconds}" if seconds else "public, no-cache"


def plain_request(path: str, query: str) -> Environ:
    """Return the request of a reader of whom nothing is known: no header but the host, no cookie, no address."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": settings.SITE.hostname,
        "SERVER_PORT": str(settings.SITE.port or settings.PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": settings.SITE.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": settings.SITE.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def call(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Return what an application answers: status, headers and the whole body."""
    said: list[Any] = []
    chunks = application(environ, lambda status, headers, error=None: said.extend([status, headers]))
    try:
        content = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    return said[0], said[1], content


def is_for_all(status: str, headers: Headers) -> bool:
    """Say whether an answer may be given to every reader: a page, made without looking at who asks."""
    if not status.startswith("200 "):
        return False
    said = {name.lower(): value.lower() for name, value in headers}
    private = {"no-store", "private"} & {word.strip() for word in said.get("cache-control", "").split(",")}
    return not private and "set-cookie" not in said and said.get("vary", "accept-encoding") == "accept-encoding"


def dated(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "last-modified"), "")


def answer(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with a page in the best encoding, or say that the reader's copy of it is still right."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    body = page.body(best_encoding(accepted) if len(accepted) <= LONGEST_ACCEPT else "")
    if has_it(body, page.last_modified, environ):
        headers = [(name, value) for name, value in body.headers if name.lower() not in ABOUT_ONE_ANSWER]
        start_response("304 Not Modified", headers)
        return []
    start_response("200 OK", body.headers)
    return [body.content] if environ["REQUEST_METHOD"] == "GET" else []


def has_it(body: Body, last_modified: str, environ: Environ) -> bool:
    """Say whether the reader has these bytes (RFC 9110, section 13.2.2: the date counts only without an ETag)."""
    if (etags := environ.get("HTTP_IF_NONE_MATCH")) is not None:
        return etags == body.etag or any(etag.removeprefix("W/") in {body.etag, "*"} for etag in parse_etags(etags))
    if last_modified and (since := environ.get("HTTP_IF_MODIFIED_SINCE")):
        moment, changed = parse_http_date_safe(since), parse_http_date_safe(last_modified)
        return moment is not None and changed is not None and changed <= moment
    return False
