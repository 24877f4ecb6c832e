"""Visits from mail, counted as a sum and nothing else."""

import threading
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections
from django.test import Client

from blog.models import Post
from subscribers import visits
from subscribers.models import Issue, MailVisits
from tests.factories import make_issue, make_post, make_staff
from tests.wsgi import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Reader:
    return Reader(visits.CountVisits(get_wsgi_application()))


@pytest.fixture
def post() -> Post:
    return make_post(slug="five-facts")


@pytest.fixture
def issue(post: Post) -> Issue:
    return make_issue(post)


def counted() -> int:
    return sum(MailVisits.objects.values_list("count", flat=True))


def test_a_visit_by_a_mails_link_is_counted_and_the_page_is_the_same(reader: Reader, issue: Issue) -> None:
    plain = reader.get("/posts/five-facts/")

    for expected in (1, 2, 3):
        page = reader.get("/posts/five-facts/?from=mail")
        assert counted() == expected
        assert page.content == plain.content
        assert "set-cookie" not in page.headers

    assert "from=mail" not in page.text
    (row,) = MailVisits.objects.values()
    assert set(row) == {"id", "issue_id", "date", "count"}


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"])
def test_what_a_browser_fetches_ahead_is_no_visit(reader: Reader, issue: Issue, header: str) -> None:
    reader.get("/posts/five-facts/?from=mail", {header: "prefetch"})

    assert counted() == 0


@pytest.mark.parametrize("query", ["", "?from=mails", "?from=mail&reader=7", "?from=feed", "?FROM=mail"])
def test_another_mark_is_no_visit(reader: Reader, issue: Issue, query: str) -> None:
    reader.get(f"/posts/five-facts/{query}")

    assert counted() == 0


def test_neither_a_head_request_nor_the_staff_nor_a_post_without_issue_counts(reader: Reader, issue: Issue) -> None:
    make_post(slug="another")
    staff = Client()
    staff.force_login(make_staff())
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in staff.cookies.items())

    reader.head("/posts/five-facts/?from=mail")
    assert reader.get("/posts/five-facts/?from=mail", {"Cookie": cookie}).status == 200
    reader.get("/posts/another/?from=mail")
    reader.get("/posts/none/?from=mail")
    reader.get("/?from=mail")

    assert counted() == 0


def test_a_page_without_the_mark_costs_no_query(issue: Issue, django_assert_num_queries: Any) -> None:
    reader = Reader(visits.CountVisits(lambda environ, start_response: start_response("200 OK", []) or []))

    with django_assert_num_queries(0):
        assert reader.get("/posts/five-facts/").status == 200
        assert reader.get("/posts/five-facts/?from=feed").status == 200


def test_what_keeps_pages_never_sees_the_mark(issue: Issue) -> None:
    seen = []
    reader = Reader(
        visits.CountVisits(lambda environ, answer: seen.append(environ["QUERY_STRING"]) or answer("200 OK", []) or [])
    )

    reader.get("/posts/five-facts/?from=mail")
    reader.get("/?from=mail")

    assert (seen, counted()) == (["", "from=mail"], 1)


def test_a_locked_database_fails_no_page(reader: Reader, issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(issue: int) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(visits, "add_one", locked)

    assert reader.get("/posts/five-facts/?from=mail").status == 200
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (10_000,)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_is_counted_or_the_page_is_as_fast(issue: Issue) -> None:
    def visit() -> None:
        visits.note("five-facts")
        connections.close_all()

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert MailVisits.objects.count() == 1
    assert 1 <= counted() <= 4
