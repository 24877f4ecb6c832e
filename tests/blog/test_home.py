import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_author, make_image, make_post

pytestmark = pytest.mark.django_db


def test_home_shows_listed_posts_newest_first(client: Client) -> None:
    now = timezone.now()
    make_post(title="Older", published_at=now - datetime.timedelta(days=2))
    make_post(title="Newer", published_at=now - datetime.timedelta(days=1))

    page = client.get("/").text

    assert page.index("Newer") < page.index("Older")


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_at": timezone.now() + datetime.timedelta(days=365)},
        {"visibility": "unlisted"},
        {"visibility": "withdrawn"},
    ],
    ids=["draft", "scheduled", "unlisted", "withdrawn"],
)
def test_home_hides_what_is_not_listed(client: Client, values: dict[str, object]) -> None:
    make_post(title="Not for the front page", **values)

    assert "Not for the front page" not in client.get("/").text


def test_an_empty_home_says_that_nothing_is_published_yet(client: Client) -> None:
    assert "Nothing is published yet" in client.get("/").text


def test_home_has_pages(client: Client) -> None:
    for day in range(13):
        make_post(title=f"Number {day:02}", published_at=timezone.now() - datetime.timedelta(days=day + 1))

    first, second = client.get("/").text, client.get("/page/2/").text

    assert "Number 11" in first
    assert "Number 12" not in first
    assert "Number 12" in second
    assert 'href="/page/2/"' in first
    assert 'rel="prev" href="/"' in second


def test_the_first_page_has_one_address(client: Client) -> None:
    response = client.get("/page/1/")

    assert (response.status_code, response["Location"]) == (301, "/")


def test_a_page_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get("/page/2/").status_code == 404


@pytest.mark.parametrize("posts", [2, 12])
def test_home_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, posts: int
) -> None:
    author = make_author()
    for _ in range(posts):
        make_post(authors=[author], cover=make_image())
    client.get("/")  # makes the publication's row

    with django_assert_num_queries(5):  # count, posts with covers, authors, publication, links around the page
        client.get("/")
