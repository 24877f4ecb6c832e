"""Visits from mail, as sums: a link in a mail carries the plain mark `?from=mail`, the same for every reader.

Nothing about the visitor is looked at beyond what tells a reader from a machine that fetches ahead, and nothing is
kept. Who opens a link twice counts twice, and a scanner that opens links counts, too: docs/numbers.md says so.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.readers import carries_session
from subscribers.models import Issue, MailVisits

logger = logging.getLogger(__name__)

MARK = "from=mail"
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")  # browsers that fetch before anybody asks
PATIENCE = 100  # milliseconds that a page waits for the database, to count a visit

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def marked(address: str) -> str:
    """Return the address of a post as it stands in a mail."""
    return f"{address}?{MARK}"


class CountVisits:
    """Counts visits of posts by links in mails, in front of the application that answers them.

    The page is asked for without the mark, so that it is the same page for whoever keeps it. A page that was asked for
    without the mark costs nothing, and no visit fails a page.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        slug = marked_post(environ) if environ.get("QUERY_STRING") == MARK else None
        if slug is None:
            return self.application(environ, start_response)

        def answer(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if status.startswith("200 ") and is_visit(environ):
                note(slug)
            return start_response(status, headers, error) if error else start_response(status, headers)

        return self.application({**environ, "QUERY_STRING": ""}, answer)


def marked_post(environ: Environ) -> str | None:
    """Return the slug in a request for the page of a post; None for another page."""
    try:
        match = resolve(get_path_info(environ))
    except Resolver404:
        return None
    return match.kwargs["slug"] if match.url_name == "post" else None


def is_visit(environ: Environ) -> bool:
    """Say whether somebody wants to read now: no machine ahead of them, and nobody of the staff."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not carries_session(environ)
        and not any(header in environ for header in AHEAD)
    )


def note(slug: str) -> None:
    """Add one to today's visits of the post's issue, if it has one. Costs two queries, on the first of a day four."""
    try:
        with little_patience():
            issue = Issue.objects.filter(post__slug=slug).values_list("pk", flat=True).first()
            if issue is not None:
                add_one(issue)
    except DatabaseError as error:
        logger.info("A visit from mail was not counted: %s", error)


def add_one(issue: int) -> None:
    today = MailVisits.objects.filter(issue=issue, date=timezone.localdate())
    if today.update(count=F("count") + 1) == 0:
        MailVisits.objects.bulk_create([MailVisits(issue_id=issue, date=timezone.localdate())], ignore_conflicts=True)
        today.update(count=F("count") + 1)


@contextmanager
def little_patience() -> Iterator[None]:
    """Wait for other writers no longer than a reader would not notice; a visit may go uncounted."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
            yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
