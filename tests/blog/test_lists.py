"""The pages that list posts: of a tag, an author, a series; and the list of tags."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post
from tests.factories import make_author, make_post, make_posts, make_series, make_tag

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("posts", [10, 300])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 5),  # count, posts, authors, publication, pages in the footer
        ("/tags/skin/", 6),  # and the tag
        ("/authors/ann/", 6),
        ("/series/sun/", 6),
        ("/tags/", 5),  # uses, hidden uses, tags, publication, pages in the footer
        ("/archive/", 5),  # oldest post, years, months, publication, pages in the footer
        ("/archive/{year}/", 5),  # count, titles, months, publication, pages in the footer
        ("/archive/{year}/{month}/", 4),
    ],
)
def test_a_list_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, address: str, queries: int, posts: int
) -> None:
    make_posts(posts, authors=[make_author(slug="ann")], tags=[make_tag(slug="skin")], series=make_series(slug="sun"))
    newest = make_post()
    client.get("/")  # makes the publication's row

    with django_assert_num_queries(queries):
        response = client.get(address.format(year=newest.published_at.year, month=newest.published_at.month))

    assert response.status_code == 200


@pytest.mark.parametrize("address", ["/tags/skin/", "/authors/ann/", "/series/sun/"])
def test_a_list_shows_what_is_listed_and_nothing_else(client: Client, address: str) -> None:
    where = {"authors": [make_author(slug="ann")], "tags": [make_tag(slug="skin")], "series": make_series(slug="sun")}
    make_post(title="Listed", **where)
    make_post(title="A draft", published_at=None, **where)
    make_post(title="Scheduled", published_at=timezone.now() + datetime.timedelta(days=1), **where)
    make_post(title="Unlisted", visibility="unlisted", **where)
    make_post(title="Withdrawn", visibility="withdrawn", **where)
    make_post(title="Elsewhere")

    page = client.get(address).text

    assert "Listed" in page
    assert not [title for title in ("A draft", "Scheduled", "Unlisted", "Withdrawn", "Elsewhere") if title in page]


@pytest.mark.parametrize("address", ["/tags/skin/", "/authors/ann/", "/series/sun/"])
def test_a_list_without_posts_says_so(client: Client, address: str) -> None:
    make_author(slug="ann")
    make_tag(slug="skin")
    make_series(slug="sun")

    assert "Nothing is published here yet." in client.get(address).text


@pytest.mark.parametrize("address", ["/tags/skin/", "/authors/ann/", "/series/sun/"])
def test_a_lists_pages_name_their_neighbours(client: Client, address: str) -> None:
    make_posts(25, authors=[make_author(slug="ann")], tags=[make_tag(slug="skin")], series=make_series(slug="sun"))

    first, second, third = (client.get(address + query).text for query in ("", "?page=2", "?page=3"))

    assert '<link rel="prev"' not in first
    assert f'<link rel="next" href="{address}?page=2">' in first
    assert f'<link rel="prev" href="{address}">' in second
    assert f'<link rel="next" href="{address}?page=3">' in second
    assert f'<link rel="prev" href="{address}?page=2">' in third
    assert '<link rel="next"' not in third
    assert client.get(f"{address}?page=4").status_code == 404
    assert client.get(f"{address}?page=x").status_code == 404


def test_homes_pages_name_their_neighbours(client: Client) -> None:
    make_posts(25)

    assert '<link rel="next" href="/page/2/">' in client.get("/").text
    second = client.get("/page/2/").text
    assert '<link rel="prev" href="/">' in second
    assert '<link rel="next" href="/page/3/">' in second


def test_a_series_is_read_in_its_order_and_numbered(client: Client) -> None:
    series = make_series("From the ground up", description="What lies under.")
    for position in (3, 1, 2):
        make_post(title=f"Part {position}", series=series, series_position=position)

    page = client.get(series.get_absolute_url()).text

    assert page.index("Part 1") < page.index("Part 2") < page.index("Part 3")
    assert '<ol class="post-list" start="1">' in page
    assert '<meta name="description" content="What lies under.">' in page


def test_a_series_numbers_go_on_over_its_pages(client: Client) -> None:
    make_posts(13, series=make_series(slug="long"))

    assert '<ol class="post-list" start="13">' in client.get("/series/long/?page=2").text


def test_tags_are_listed_by_name_with_how_many_posts_they_have(client: Client) -> None:
    skin, sun = make_tag("Skin"), make_tag("Acne")
    make_post(tags=[skin, sun])
    make_post(tags=[skin])
    make_post(tags=[skin], published_at=None)
    make_post(tags=[make_tag("Only in a draft")], published_at=None)
    make_tag("Unused")

    page = client.get("/tags/").text
    words = " ".join(page.split())

    assert "Skin</a> <span>2</span>" in words
    assert words.index("Acne</a> <span>1</span>") < words.index("Skin</a>")
    assert "Only in a draft" not in page
    assert "Unused" not in page


def test_a_post_is_either_listed_or_hidden() -> None:
    now = timezone.now()
    for visibility in Post.Visibility:
        for published_at in (None, now - datetime.timedelta(days=1), now + datetime.timedelta(days=1)):
            if published_at or visibility != Post.Visibility.WITHDRAWN:
                make_post(visibility=visibility, published_at=published_at)

    listed, hidden = set(Post.objects.listed()), set(Post.objects.hidden())

    assert len(listed) == 1
    assert not listed & hidden
    assert listed | hidden == set(Post.objects.all())


def test_without_tags_the_list_of_tags_says_so(client: Client) -> None:
    assert "No post has a tag yet." in client.get("/tags/").text
