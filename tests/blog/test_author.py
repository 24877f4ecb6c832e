import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_author, make_image, make_post

pytestmark = pytest.mark.django_db


def test_an_author_has_a_page_of_their_own(client: Client) -> None:
    portrait = make_image(alt="Ada at her desk")
    author = make_author("Ada", tagline="Counts <things>", bio="One.\n\nTwo <b>.", portrait=portrait)

    page = client.get(author.get_absolute_url()).text

    assert "<h1>Ada</h1>" in page
    assert "Counts &lt;things&gt;" in page
    assert "<p>One.</p>" in page
    assert "<p>Two &lt;b&gt;.</p>" in page
    assert f'src="{portrait.file.url}"' in page
    assert 'alt="Ada at her desk"' in page


def test_an_author_without_a_portrait_has_initials(client: Client) -> None:
    assert ">AL<" in client.get(make_author("Ada King Lovelace").get_absolute_url()).text


def test_a_post_of_two_is_in_both_their_lists(client: Client) -> None:
    authors = [make_author(), make_author()]
    make_post(authors=authors, title="Together")

    assert all("Together" in client.get(author.get_absolute_url()).text for author in authors)


def test_a_list_holds_its_own_posts_newest_first(client: Client) -> None:
    now = timezone.now()
    author = make_author()
    make_post(authors=[author], title="Older", published_at=now - datetime.timedelta(days=2))
    make_post(authors=[author], title="Newer", published_at=now - datetime.timedelta(days=1))
    make_post(authors=[make_author()], title="Elsewhere")

    page = client.get(author.get_absolute_url()).text

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
    author = make_author()
    make_post(authors=[author], title="Not for lists", **values)

    page = client.get(author.get_absolute_url()).text

    assert "Not for lists" not in page
    assert "Nothing is published here yet" in page


def test_a_list_has_pages(client: Client) -> None:
    author = make_author()
    for day in range(13):
        make_post(
            authors=[author], title=f"Number {day:02}", published_at=timezone.now() - datetime.timedelta(days=day + 1)
        )

    first = client.get(author.get_absolute_url()).text
    second = client.get(author.get_absolute_url(), {"page": "2"}).text

    assert "Number 11" in first
    assert "Number 12" not in first
    assert "Number 12" in second
    assert f'<a rel="next" href="{author.get_absolute_url()}?page=2">' in first
    assert f'<a rel="prev" href="{author.get_absolute_url()}">' in second


@pytest.mark.parametrize("number", ["0", "-1", "2", "last", "1e3", "9" * 400, "\x00"])
def test_a_page_that_is_not_there_is_a_404(client: Client, number: str) -> None:
    assert client.get(make_author().get_absolute_url(), {"page": number}).status_code == 404


def test_nobody_by_that_name_is_a_404(client: Client) -> None:
    assert client.get("/authors/nobody/").status_code == 404


def test_readers_can_only_read_and_get_no_cookie(client: Client) -> None:
    author = make_author()

    assert client.post(author.get_absolute_url()).status_code == 405
    assert not client.get(author.get_absolute_url()).cookies


@pytest.mark.parametrize("posts", [2, 12])
def test_a_list_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, posts: int
) -> None:
    author = make_author(portrait=make_image())
    for _ in range(posts):
        make_post(authors=[author, make_author()], cover=make_image())
    client.get(author.get_absolute_url())  # makes the publication's row

    # author and portrait, count, posts with covers, bylines, publication, pages in the footer
    with django_assert_num_queries(6):
        client.get(author.get_absolute_url())
