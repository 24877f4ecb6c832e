import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_author, make_image, make_post, make_tag

pytestmark = pytest.mark.django_db


def test_a_tag_has_a_page_of_its_own(client: Client) -> None:
    tag = make_tag("Salt & pepper", description="What <stands> on the table.")

    page = client.get(tag.get_absolute_url()).text

    assert "<h1>Salt &amp; pepper</h1>" in page
    assert "What &lt;stands&gt; on the table." in page


def test_a_list_holds_its_own_posts_newest_first(client: Client) -> None:
    now = timezone.now()
    tag = make_tag()
    make_post(tags=[tag], title="Older", published_at=now - datetime.timedelta(days=2))
    make_post(tags=[tag], title="Newer", published_at=now - datetime.timedelta(days=1))
    make_post(tags=[make_tag()], title="Elsewhere")

    page = client.get(tag.get_absolute_url()).text

    assert page.index("Newer") < page.index("Older")
    assert "Elsewhere" not in page


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
def test_a_list_hides_what_is_not_listed(client: Client, values: dict[str, object]) -> None:
    tag = make_tag()
    make_post(tags=[tag], title="Not for lists", **values)

    page = client.get(tag.get_absolute_url()).text

    assert "Not for lists" not in page
    assert "Nothing is published here yet" in page


def test_a_list_has_pages(client: Client) -> None:
    tag = make_tag()
    for day in range(13):
        make_post(tags=[tag], title=f"Number {day:02}", published_at=timezone.now() - datetime.timedelta(days=day + 1))

    first = client.get(tag.get_absolute_url()).text
    second = client.get(tag.get_absolute_url(), {"page": "2"}).text

    assert "Number 11" in first
    assert "Number 12" not in first
    assert "Number 12" in second
    assert f'<a rel="next" href="{tag.get_absolute_url()}?page=2">' in first
    assert f'<a rel="prev" href="{tag.get_absolute_url()}">' in second


@pytest.mark.parametrize("number", ["0", "-1", "2", "last", "1e3", "9" * 400, "\x00"])
def test_a_page_that_is_not_there_is_a_404(client: Client, number: str) -> None:
    assert client.get(make_tag().get_absolute_url(), {"page": number}).status_code == 404


def test_no_tag_by_that_name_is_a_404(client: Client) -> None:
    assert client.get("/tags/nothing/").status_code == 404


def test_readers_can_only_read_and_get_no_cookie(client: Client) -> None:
    tag = make_tag()

    assert client.post(tag.get_absolute_url()).status_code == 405
    assert not client.get(tag.get_absolute_url()).cookies


@pytest.mark.parametrize("posts", [2, 12])
def test_a_list_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, posts: int
) -> None:
    tag = make_tag()
    for _ in range(posts):
        make_post(authors=[make_author()], tags=[tag, make_tag()], cover=make_image())
    client.get(tag.get_absolute_url())  # makes the publication's row

    with django_assert_num_queries(6):  # tag, count, posts with covers, bylines, publication, pages in the footer
        client.get(tag.get_absolute_url())
