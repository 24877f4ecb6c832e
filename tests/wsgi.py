"""A reader who comes by WSGI, as a server calls it: what stands in front of Django answers, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from operations.page_cache.door import Application


@dataclass
class Answer:
    status: int
    headers: dict[str, str]  # by names in lower case
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Reader:
    """Asks an application for pages. Headers come as keywords or in a dictionary, by their names in HTTP."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def get(self, address: str, headers: dict[str, str] | None = None, *, method: str = "GET", **more: Any) -> Answer:
        said: list[Any] = []
        environ = {**make_environ(address, method), **meta(headers or {}), **more}
        with connections_stay_open():
            chunks = self.application(environ, lambda status, headers, error=None: said.extend([status, headers]))
            content = b"".join(chunks)
            if close := getattr(chunks, "close", None):
                close()
        return Answer(int(said[0][:3]), {name.lower(): value for name, value in said[1]}, content)

    def head(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        return self.get(address, headers, method="HEAD")


@contextmanager
def connections_stay_open() -> Iterator[None]:
    """Keep the end of a request from closing the connection on which the test's own transaction is open.

    Django's test client does the same.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def make_environ(address: str, method: str = "GET") -> dict[str, Any]:
    parts = urlsplit(address)
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path.encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
    }


def meta(headers: dict[str, str]) -> dict[str, str]:
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
