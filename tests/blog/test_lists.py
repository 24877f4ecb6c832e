"""The pages that list posts: of a tag, an author, a series; and the list of tags."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from blog import lists, views
from blog.archive import Period
from blog.models import Post
from blog.templatetags.navigation import short_count
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
        ("/tags/", 3),  # tags with their counts, publication, pages in the footer
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


def test_without_tags_the_list_of_tags_says_so(client: Client) -> None:
    assert "No post has a tag yet." in client.get("/tags/").text


PAGES_OF_A_LIST = ["/page/{}/", "/tags/skin/?page={}", "/authors/ann/?page={}", "/series/sun/?page={}"]


def make_list(count: int) -> None:
    make_posts(count, authors=[make_author(slug="ann")], tags=[make_tag(slug="skin")], series=make_series(slug="sun"))


@pytest.mark.parametrize("address", PAGES_OF_A_LIST)
def test_a_page_that_is_exactly_full_has_no_next(client: Client, address: str) -> None:
    make_list(24)

    page = client.get(address.format(2)).text

    assert "Page 2 of 2" in page
    assert 'rel="next"' not in page
    assert client.get(address.format(3)).status_code == 404


@pytest.mark.parametrize("address", ["/", "/tags/skin/", "/authors/ann/", "/series/sun/"])
def test_one_page_has_no_pager(client: Client, address: str) -> None:
    make_list(12)

    assert 'class="pager"' not in client.get(address).text


@pytest.mark.parametrize("address", PAGES_OF_A_LIST)
def test_a_long_list_is_not_counted_to_its_end_and_shows_every_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 20)
    make_list(37)  # the last one is alone on its page

    second, third, last = (client.get(address.format(number)).text for number in (2, 3, 4))

    assert "<span>Page 2</span>" in second
    assert "Page 3 of" not in third
    assert f'rel="next" href="{address.format(4)}"' in third
    assert last.count("<article") == 1
    assert 'rel="next"' not in last
    assert client.get(address.format(5)).status_code == 404


@pytest.mark.parametrize("number", ["1000000", "1000001", "9" * 30, "9" * 5000])
def test_a_page_far_past_the_end_of_a_long_list_is_a_404(
    client: Client, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    make_list(13)

    assert client.get(f"/tags/skin/?page={number}").status_code == 404


def test_pages_of_a_list_have_every_post_once_in_order(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where many were published at one moment, as imported ones are."""
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    tag = make_tag(slug="skin")
    make_posts(30, tags=[tag], published_at=timezone.now())
    rows = lists.Rows(Post.objects.newest_first(), tag.listings.ids())

    found = [post for number in (1, 2, 3) for post in lists.page_of(rows, number)]

    assert found == list(tag.posts.listed())


def test_counts_beside_names_stop(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_posts(13, tags=[make_tag(slug="skin")], published_at=timezone.now())
    assert "<span>13</span>" in client.get("/tags/").text
    assert "<span>13</span>" in client.get("/archive/").text

    monkeypatch.setattr(lists, "MOST_BESIDE", 12)
    monkeypatch.setattr(views, "MOST_BESIDE", 12)
    monkeypatch.setattr(Period, "MOST_COUNTED", 12)

    assert "<span>12+</span>" in client.get("/tags/").text
    assert "<span>12+</span>" in client.get("/archive/").text


@pytest.mark.parametrize(("count", "words"), [(999, "999"), (1000, "1,000"), (1001, "1,000+")])
def test_a_count_that_stopped_says_so(count: int, words: str) -> None:
    assert short_count(count) == words
