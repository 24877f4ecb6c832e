"""One run on one database: every contestant in turn, round after round. What `python -m bench` starts in a process.

The contestants are all up from the beginning, under the same server with the same arguments, and idle while another
one's turn is. Those who read take turns before those who write do, so that what is written slows down no reader.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from bench import bare, content, load
from bench.load import BROWSER, Sample
from bench.processes import Server, memory
from bench.site import serving
from tests.ports import free_port

FEED, QUEUE, SUBSCRIBE = "/feeds/posts.atom", "/admin/moderation/", "/subscribe/"
COLD = 60  # pages made anew in one round


class Contestant(NamedTuple):
    """A row of the table: what is measured, and how many queries it makes, where it has a database."""

    name: str
    run: Callable[[], Sample]
    queries: int | None = None


class Servers(NamedTuple):
    hello: Server
    page: Server
    django: Server
    byline: Server


def measure(options: dict[str, Any]) -> dict[str, Any]:
    """Fill the database, start the servers, and return what every contestant did in every round."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, connections

    folder = Path(settings.DATA_DIR)
    say("filling the database …")
    addresses = content.prepare(folder, tuple(options["size"]))
    found: dict[str, Any] = {"database": connection.display_name, "version": database_version(connection)}
    connections.close_all()
    with ExitStack() as stack:
        servers = start_all(stack, folder, addresses, settings.PORT, settings.WEB_WORKERS)
        found["idle"] = memories(servers)
        found["rows"] = {}
        for group in (readers(servers, addresses, options["seconds"]), writers(servers, addresses, options["seconds"])):
            rounds: dict[str, list[Sample]] = {contestant.name: [] for contestant in group}
            for number in range(options["rounds"]):
                for contestant in group:
                    say(f"round {number + 1} of {options['rounds']}: {contestant.name}")
                    rounds[contestant.name].append(contestant.run())
            for contestant in group:
                samples = [sample._asdict() for sample in rounds[contestant.name]]
                found["rows"][contestant.name] = {"queries": contestant.queries, "samples": samples}
        found["after"] = memories(servers)
    found["workers"], found["page_bytes"] = settings.WEB_WORKERS, (folder / bare.KEPT_BODY).stat().st_size
    return found


def say(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def database_version(connection: Any) -> str:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return ".".join(map(str, divmod(connection.pg_version, 10000)))
    return str(connection.Database.sqlite_version)


def start_all(stack: ExitStack, folder: Path, addresses: content.Addresses, port: int, workers: int) -> Servers:
    """Start Byline, keep its page, and start the others."""
    environment = dict(os.environ)
    byline = stack.enter_context(serving([sys.executable, "manage.py", "serve"], port, "/healthz", environment))
    answer = load.fetch(port, addresses.post, BROWSER)
    bare.keep_page(folder, answer.body, answer.headers)
    beside = folder / "beside"
    (beside / "static").mkdir(parents=True)
    own = {**environment, "BENCH_PAGE": str(folder), "DATA_DIR": str(beside)}
    own["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

    def start(name: str, path: str) -> Server:
        free = free_port()
        command = [sys.executable, "-m", "bench.bare", name, str(free), str(workers)]
        return stack.enter_context(serving(command, free, path, own))

    servers = Servers(start("hello", "/"), start("page", "/"), start("django", "/constant/"), byline)
    byline.wait_until_settled()
    return servers


def readers(servers: Servers, addresses: content.Addresses, seconds: int) -> list[Contestant]:
    """Everybody who only reads, yardsticks first."""
    byline, post = servers.byline, addresses.post
    writer = content.Writer()
    tag = load.fetch(byline.port, post, BROWSER).header("ETag")
    cookie = {**BROWSER, "Cookie": addresses.cookie}

    def page(server: Server, path: str, headers: dict[str, str] = BROWSER) -> Callable[[], Sample]:
        return lambda: load.press(server, path, seconds, headers)

    def warm(path: str, cookie: str = "") -> int:
        content.queries(path, cookie)
        return content.queries(path, cookie)

    writer.write()
    cold_queries = content.queries(post)
    found = [
        Contestant("WSGI, hello", page(servers.hello, "/")),
        Contestant("WSGI, the post's bytes", page(servers.page, "/")),
        Contestant("Django, constant", page(servers.django, "/constant/")),
        Contestant("style sheet", page(byline, addresses.stylesheet)),
        Contestant("post", page(byline, post), warm(post)),
        Contestant("post, gzip", page(byline, post, {"Accept-Encoding": "gzip"}), warm(post)),
        Contestant("post, uncompressed", page(byline, post, {}), warm(post)),
        Contestant("post, cold", lambda: load.read_after_each_write(byline, post, COLD, writer.write), cold_queries),
        Contestant("home", page(byline, "/"), warm("/")),
        Contestant("feed", page(byline, FEED), warm(FEED)),
        Contestant(
            "search",
            lambda: load.press(byline, "/search/", seconds, BROWSER, ("get", addresses.searches)),
            warm("/search/?q=nothing"),
        ),
        Contestant("moderation queue", page(byline, QUEUE, cookie), warm(QUEUE, addresses.cookie)),
    ]
    if tag:
        not_modified = Contestant("post, 304", not_modified_run(byline, post, seconds), warm(post))
        found.insert(7, not_modified)
    check(byline, addresses, cookie)
    return found


def not_modified_run(server: Server, path: str, seconds: int) -> Callable[[], Sample]:
    """A reader who has the page already. The cold rounds change it, so the mark is asked for anew each time."""

    def run() -> Sample:
        known = {**BROWSER, "If-None-Match": load.fetch(server.port, path, BROWSER).header("ETag")}
        assert load.fetch(server.port, path, known).status == 304
        return load.press(server, path, seconds, known)

    return run


def check(byline: Server, addresses: content.Addresses, cookie: dict[str, str]) -> None:
    """See that what is going to be measured is what it says."""
    for path, headers in ((addresses.post, BROWSER), (addresses.stylesheet, BROWSER), (QUEUE, cookie), (FEED, BROWSER)):
        answer = load.fetch(byline.port, path, headers)
        assert answer.status == 200, (path, answer.status)
        assert answer.header("Content-Encoding") or path == QUEUE, f"{path} was not compressed"


def writers(servers: Servers, addresses: content.Addresses, seconds: int) -> list[Contestant]:
    """Everybody who sends forms, while somebody reads. Every form says something else and comes from elsewhere."""

    def forms(server: Server, read: str, path: str, body: str) -> Callable[[], Sample]:
        def run() -> Sample:
            script = ("post", path, body, str(time.time_ns() // 1_000_000 % 10**9))
            with load.repeating(0.25, content.raise_limits):
                return load.press_among_readers(server, read, path, seconds, script)

        return run

    byline, post = servers.byline, addresses.post
    comment_queries = content.posting_queries(addresses.comment, content.COMMENT)
    subscribe_queries = content.posting_queries(SUBSCRIBE, content.SUBSCRIPTION)
    return [
        Contestant("Django, one insert", forms(servers.django, "/constant/", "/insert/", content.COMMENT), 1),
        Contestant("comment", forms(byline, post, addresses.comment, content.COMMENT), comment_queries),
        Contestant("subscription", forms(byline, post, SUBSCRIBE, content.SUBSCRIPTION), subscribe_queries),
    ]


def memories(servers: Servers) -> dict[str, list[float]]:
    """PSS and RSS in MB: of the largest web worker of each, and of the queue worker."""
    found = {
        "WSGI, hello": servers.hello.web_workers,
        "Django, constant": servers.django.web_workers,
        "web worker": servers.byline.web_workers,
        "queue worker": servers.byline.queue_workers,
    }
    return {name: list(max(map(memory, pids))) for name, pids in found.items()}


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
