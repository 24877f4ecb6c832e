"""What Byline is measured against, under the server that Byline runs on: python -m bench.bare NAME PORT WORKERS.

`hello` and `page` are WSGI functions; the second returns the bytes and headers of a page that was kept in the folder
`BENCH_PAGE`. `django` is Django with two views and no middleware (bench/bare_views.py).
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from operations import serving

Headers = list[tuple[str, str]]
Start = Callable[[str, Headers], object]

KEPT_BODY, KEPT_HEADERS = "body", "headers.json"
HELLO = b"Hello, world."


def hello(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(HELLO)))])
    return [HELLO]


def page_application() -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    folder = Path(os.environ["BENCH_PAGE"])
    body = (folder / KEPT_BODY).read_bytes()
    headers = [(name, value) for name, value in json.loads((folder / KEPT_HEADERS).read_text())]

    def page(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return page


def keep_page(folder: Path, body: bytes, headers: Headers) -> None:
    """Keep what `page` returns; the server writes some headers itself."""
    own = {"date", "server", "connection", "transfer-encoding", "content-length"}
    kept = [(name, value) for name, value in headers if name.lower() not in own]
    (folder / KEPT_BODY).write_bytes(body)
    (folder / KEPT_HEADERS).write_text(json.dumps([*kept, ("Content-Length", str(len(body)))]))


def django_application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def make_table() -> None:
    import django

    django.setup()
    from django.db import connection

    from bench.bare_views import Note

    with connection.schema_editor() as editor:
        editor.create_model(Note)
    connection.close()


def __getattr__(name: str) -> Any:
    """Make an application when the server asks for it, in the process that runs it."""
    makers = {"page": page_application, "django": django_application}
    if name in makers:
        return makers[name]()
    raise AttributeError(name)


def main(name: str, port: str, workers: str) -> None:
    if name == "django":
        make_table()
    serving.web_server(f"bench.bare:{name}", "127.0.0.1", int(port), int(workers)).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
