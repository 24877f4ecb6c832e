"""What search engines are given: sitemap and robots.txt."""

import datetime
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.factories import make_author, make_page, make_post, make_tag

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: Client, **headers: str) -> set[str]:
    root = ET.fromstring(client.get("/sitemap.xml", headers=headers).content)
    found = [element.text or "" for element in root.iter(f"{NAMESPACE}loc")]
    assert len(found) == len(set(found))
    return set(found)


def test_the_sitemap_holds_posts_pages_authors_and_tags_once(client: Client) -> None:
    author, tag, page = make_author(), make_tag(), make_page()
    posts = [make_post([author, make_author()], [tag]), make_post([author], [tag])]

    found = addresses(client)

    for shown in (author, tag, page, *posts):
        assert f"{settings.SITE_URL}{shown.get_absolute_url()}" in found
    assert len(found) == 6


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
def test_the_sitemap_hides_what_is_not_listed_and_its_authors_and_tags(
    client: Client, values: dict[str, object]
) -> None:
    make_post([make_author()], [make_tag()], **values)

    assert addresses(client) == set()


def test_the_sitemap_takes_its_addresses_from_the_settings(client: Client) -> None:
    make_post(slug="über")

    assert addresses(client, Host="127.0.0.1:9999") == {f"{settings.SITE_URL}/posts/%C3%BCber/"}


def test_the_sitemap_says_when_a_post_was_changed(client: Client) -> None:
    post = make_post()

    root = ET.fromstring(client.get("/sitemap.xml").content)

    assert [element.text for element in root.iter(f"{NAMESPACE}lastmod")] == [post.updated_at.date().isoformat()]


@pytest.mark.parametrize("posts", [2, 20])
def test_the_sitemap_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, posts: int
) -> None:
    for _ in range(posts):
        make_post([make_author()], [make_tag()])
    make_page()

    with django_assert_num_queries(6):  # counts of posts and pages, posts, pages, authors, tags
        client.get("/sitemap.xml")


def test_robots_are_shown_the_sitemap_and_kept_from_the_admin(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"

    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "",
        "Sitemap: https://byline.example/sitemap.xml",
    ]
