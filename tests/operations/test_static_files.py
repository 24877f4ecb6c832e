"""Static files at the door are what they are behind Django's middleware."""

from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler

from operations.static_files import Application, with_static

pytestmark = pytest.mark.django_db  # Django looks after its connections when a request begins

HASHED = "/static/byline.0123456789ab.css"
Answer = tuple[str, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.DEBUG = False
    settings.STATIC_ROOT, settings.WHITENOISE_ROOT = tmp_path / "static", tmp_path / "root"
    for name in ("static/byline.0123456789ab.css", "root/favicon.ico"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"body { color: black }" * 40)


def fetch(application: Application, path: str, **environ: str) -> Answer:
    asked: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", **environ}
    setup_testing_defaults(asked)
    started: list[Any] = []
    body = application(asked, lambda status, headers, error=None: started.append((status, dict(headers))))
    content = b"".join(body)
    if close := getattr(body, "close", None):
        close()
    return (*started[0], content)


def not_asked(environ: Any, start_response: Any) -> Any:
    raise AssertionError("This was for the door to answer.")


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("path", [HASHED, "/favicon.ico"])
def test_the_answer_at_the_door_is_the_one_behind_it(settings: Any, path: str, secure: bool) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = secure, 31536000 if secure else 0
    by = {"wsgi.url_scheme": "https" if secure else "http"}

    status, headers, content = fetch(with_static(not_asked), path, **by)

    assert status == "200 OK"
    assert len(content) == int(headers["Content-Length"])
    # What Django could compress varies; at the door only what was compressed beforehand does.
    assert (status, {"Vary": "Accept-Encoding", **headers}, content) == fetch(WSGIHandler(), path, **by)


def test_what_is_not_changed_is_not_sent_again() -> None:
    door = with_static(not_asked)
    etag = fetch(door, HASHED)[1]["ETag"]

    assert fetch(door, HASHED, HTTP_IF_NONE_MATCH=etag)[0] == "304 Not Modified"


def test_a_file_of_a_name_that_stays_is_asked_for_again_after_a_day() -> None:
    assert "max-age=86400" in fetch(with_static(not_asked), "/favicon.ico")[1]["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/static/", "/static/../root/favicon.ico", "/static/other.css", "/favicon.ico/"])
def test_everything_else_goes_on_to_the_application(path: str) -> None:
    def application(environ: Any, start_response: Any) -> Any:
        start_response("418 I'm a teapot", [])
        return []

    assert fetch(with_static(application), path)[0].startswith("418")


@pytest.mark.parametrize(("proxy", "status"), [("127.0.0.1", "200"), ("192.0.2.1", "301")])
def test_without_https_the_door_leaves_it_to_django_to_redirect(settings: Any, proxy: str, status: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = fetch(with_static(WSGIHandler()), HASHED, REMOTE_ADDR=proxy, HTTP_X_FORWARDED_PROTO="https")

    assert answer[0].startswith(status)


def test_with_debug_on_files_are_looked_for_each_time(settings: Any) -> None:
    settings.DEBUG = True

    assert with_static(not_asked) is not_asked
