import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from comments import threads
from tests.comments.test_threads import make_comments
from tests.factories import make_comment, make_post, make_staff
from tests.plans import plans_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("visibility", ["listed", "unlisted"])
def test_a_permalink_leads_to_the_comment_on_its_page(client: Client, visibility: str) -> None:
    post = make_post(visibility=visibility)
    comment = make_comment(post)

    response = client.get(f"/comments/{comment.pk}/")

    assert (response.status_code, response["Location"]) == (302, f"/posts/{post.slug}/#comment-{comment.pk}")
    assert f'id="comment-{comment.pk}"' in client.get(response["Location"]).text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a few rows without any index")
def test_a_permalink_reads_one_post_of_however_many(client: Client) -> None:
    comment = make_comment(make_post())

    plan = plans_of(lambda: client.get(f"/comments/{comment.pk}/"))

    assert "SEARCH blog_post USING INTEGER PRIMARY KEY" in plan
    assert "SCAN U0" not in plan


@pytest.mark.parametrize(
    ("number", "order", "address"),
    [(0, "", ""), (6, "", "?comments=3"), (6, "newest", "?order=newest"), (0, "newest", "?order=newest&comments=3")],
)
def test_a_permalink_leads_to_the_right_page_of_a_long_conversation(
    client: Client, monkeypatch: pytest.MonkeyPatch, number: int, order: str, address: str
) -> None:
    monkeypatch.setattr(threads, "PER_PAGE", 3)
    post = make_post()
    comment = make_comments(post, 7)[number]

    response = client.get(f"/comments/{comment.pk}/", {"order": order})

    assert response["Location"] == f"/posts/{post.slug}/{address}#comment-{comment.pk}"
    assert f'id="comment-{comment.pk}"' in client.get(response["Location"]).text


@pytest.mark.parametrize("comments", [1, 300])
def test_a_permalink_costs_two_queries(client: Client, django_assert_num_queries, comments: int) -> None:
    comment = make_comments(make_post(), comments)[-1]

    with django_assert_num_queries(2):
        client.get(f"/comments/{comment.pk}/")


def test_an_empty_place_has_no_permalink(client: Client) -> None:
    post = make_post()
    comment = make_comment(post)
    make_comment(post, parent=comment)
    comment.remove(make_staff())

    assert client.get(f"/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_what_is_not_public_has_no_permalink(client: Client, status: str) -> None:
    comment = make_comment(make_post(), status=status)

    assert client.get(f"/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_at": timezone.now() + datetime.timedelta(days=365)},
        {"visibility": "withdrawn"},
    ],
    ids=["draft", "scheduled", "withdrawn"],
)
def test_a_permalink_does_not_betray_a_post_that_is_not_public(client: Client, values: dict[str, Any]) -> None:
    comment = make_comment(make_post(**values))

    assert client.get(f"/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_is_no_comment_is_a_404(client: Client, number: str) -> None:
    assert client.get(f"/comments/{number}/").status_code == 404
