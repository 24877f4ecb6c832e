"""Visits from mail, as sums: a link in a mail carries the plain mark `?from=mail`, the same for every reader.

Nothing about the visitor is looked at beyond what tells a reader from a machine that fetches ahead, and nothing is
kept. Who opens a link twice counts twice, and a scanner that opens links counts, too: docs/numbers.md says so.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from blog.readers import has_session
from subscribers.models import Issue, MailVisits

logger = logging.getLogger(__name__)

MARK = "from=mail"
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")  # browsers that fetch before anybody asks
PATIENCE = 100  # milliseconds that a page waits for the database, to count a visit

GetResponse = Callable[[HttpRequest], HttpResponse]


def marked(address: str) -> str:
    """Return the address of a post as it stands in a mail."""
    return f"{address}?{MARK}"


def count_visits(get_response: GetResponse) -> GetResponse:
    """Count visits of posts by links in mails. A page without the mark costs no query, and no visit fails a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        marked_post = request.META.get("QUERY_STRING") == MARK and match is not None and match.url_name == "post"
        if match and marked_post and is_visit(request, response):
            note(match.kwargs["slug"])
        return response

    return middleware


def is_visit(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether somebody reads a post now: no machine ahead of them, and nobody of the staff."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and not has_session(request)
        and not any(header in request.META for header in AHEAD)
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
