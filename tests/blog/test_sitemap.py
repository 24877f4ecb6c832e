import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from blog import sitemaps
from tests.factories import make_author, make_image, make_page, make_post, make_tag

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "i": "http://www.google.com/schemas/sitemap-image/1.1"}


def read(client: Client, address: str = "/sitemap.xml") -> ElementTree.Element:
    return ElementTree.fromstring(client.get(address).content)


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NAMES)]


def test_the_sitemap_names_what_is_listed(client: Client) -> None:
    make_post(slug="größe", authors=[make_author(slug="ann")], tags=[make_tag(slug="food")])
    make_page(slug="about")
    make_author(slug="silent")
    make_tag(slug="unused")

    assert texts(read(client), "s:url/s:loc") == [
        "http://localhost:8000/",
        "http://localhost:8000/posts/gr%C3%B6%C3%9Fe/",
        "http://localhost:8000/pages/about/",
        "http://localhost:8000/authors/ann/",
        "http://localhost:8000/tags/food/",
    ]


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
def test_the_sitemap_hides_what_is_not_listed(client: Client, values: dict[str, Any]) -> None:
    make_post(authors=[make_author()], tags=[make_tag()], **values)

    assert texts(read(client), "s:url/s:loc") == []


def test_every_address_says_when_it_changed(client: Client) -> None:
    post = make_post(authors=[make_author()], tags=[make_tag()])
    make_page()

    urls = read(client).findall("s:url", NAMES)
    changes = [datetime.datetime.fromisoformat(text) for url in urls for text in texts(url, "s:lastmod")]

    assert len(changes) == len(urls) == 5
    assert changes[1] == post.updated_at.replace(microsecond=0)


def test_a_scheduled_post_changed_when_it_came_out(client: Client) -> None:
    published_at = timezone.now() + datetime.timedelta(seconds=-5)
    post = make_post(published_at=published_at)
    type(post).objects.update(updated_at=published_at - datetime.timedelta(days=3))

    assert texts(read(client), "s:url/s:lastmod")[1] == published_at.isoformat(timespec="seconds")


def test_a_cover_is_named(client: Client) -> None:
    cover = make_image()
    make_post(cover=cover)

    assert texts(read(client), "s:url/i:image/i:loc")[-1] == f"http://localhost:8000{cover.file.url}"


def test_elements_stand_in_the_order_of_the_schema(client: Client) -> None:
    make_post(cover=make_image())

    for url in read(client).findall("s:url", NAMES):
        assert [child.tag.rpartition("}")[2] for child in url] == ["loc", "lastmod", "image"]


def test_addresses_do_not_come_from_the_request(client: Client) -> None:
    make_post()

    assert "127.0.0.1" not in client.get("/sitemap.xml", headers={"Host": "127.0.0.1"}).text


def test_too_many_addresses_are_split_over_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 2)
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 2)
    for number in range(3):
        make_post(slug=f"post-{number}")

    files = texts(read(client), "s:sitemap/s:loc")
    addresses = [
        address
        for file in files
        for address in texts(read(client, file.removeprefix("http://localhost:8000")), "s:url/s:loc")
    ]

    assert files[:3] == [
        "http://localhost:8000/sitemap-front.xml?p=1",
        "http://localhost:8000/sitemap-posts.xml?p=1",
        "http://localhost:8000/sitemap-posts.xml?p=2",
    ]
    assert sorted(addresses) == [
        "http://localhost:8000/",
        *(f"http://localhost:8000/posts/post-{n}/" for n in range(3)),
    ]


@pytest.mark.parametrize("address", ["/sitemap-nothing.xml", "/sitemap-posts.xml?p=9", "/sitemap-posts.xml?p=x"])
def test_a_file_that_is_not_there_is_a_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("posts", [2, 12])
def test_the_sitemap_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries: Any, posts: int
) -> None:
    author, tag = make_author(), make_tag()
    for _ in range(posts):
        make_post(authors=[author], tags=[tag], cover=make_image())

    # counts, once for the size and once for the page, and what there is in each section
    with django_assert_num_queries(14):
        client.get("/sitemap.xml")
