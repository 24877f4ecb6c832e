"""What the post page costs beside a bare WSGI function and a bare Django view: `make bench`.

All three are called in this process through WSGI, without a server between, and timed by the CPU they use. The ratios
mean something; the microseconds are this machine's. The page is rendered anew at every call: there is no cache yet.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

ROUNDS = 15
CALLS = 40

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ(path: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
    }


def fetch(application: Application, path: str) -> bytes:
    statuses = []
    response = application(environ(path), lambda status, headers, error=None: statuses.append(status))
    body = b"".join(response)
    if close := getattr(response, "close", None):
        close()
    assert statuses == ["200 OK"], (path, statuses)
    return body


def cost(application: Application, path: str) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    for _ in range(CALLS):
        fetch(application, path)
    return (time.process_time() - began) / CALLS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static").mkdir()  # WhiteNoise looks for it before collectstatic has run
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings")
        from django.core.wsgi import get_wsgi_application  # after the environment that the settings read

        site: Application = get_wsgi_application()
        path, body = make_post_page(site)
        contestants: dict[str, tuple[Application, str]] = {
            "a bare WSGI function": (constant_application(body), path),
            "a bare Django view": (site, "/constant/"),
            "the post page": (site, path),
        }
        rounds: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, (application, address) in contestants.items():
                rounds[name].append(cost(application, address))
    report({name: statistics.median(times) for name, times in rounds.items()}, len(body))


def make_post_page(site: Application) -> tuple[str, bytes]:
    """Fill the database with the demo and 20 comments; return the leading post's path and bytes."""
    from django.core.management import call_command
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from blog.models import Post
    from comments.models import Comment
    from config import urls
    from operations import demo

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    demo.load()
    post = Post.objects.get(slug=demo.LEADING_POST)
    for number in range(20 - post.comments.approved().count()):
        Comment.objects.create(
            post=post,
            name=f"Reader {number}",
            email=f"{number}@example.org",
            source=f"Answer {number}.",
            status="approved",
        )
    body = fetch(site, post.get_absolute_url())

    def constant(request: HttpRequest) -> HttpResponse:
        return HttpResponse(body)

    urls.urlpatterns.append(path("constant/", constant))
    return post.get_absolute_url(), body


def constant_application(body: bytes) -> Application:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def report(costs: dict[str, float], size: int) -> None:
    page = costs["the post page"]
    print(f"The post page with 20 comments, {size:,} bytes, rendered anew each time: {page * 1e3:.1f} ms of CPU.")
    for name, seconds in costs.items():
        print(f"{name:22} {seconds * 1e6:9.0f} µs   page / this: {page / seconds:8.1f}")


if __name__ == "__main__":
    main()
