"""What the head of a page says where it is shared, indexed or read in another language."""

import re
from typing import Any

import pytest
from django.test import Client

from blog.models import Publication
from tests.factories import make_author, make_image, make_page, make_post, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    Publication(name="Journal", description="Notes").save()


def said(client: Client, address: str) -> dict[str, list[str]]:
    """Every <meta> of a page that has a name or a property: its contents."""
    found: dict[str, list[str]] = {}
    for name, content in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', client.get(address).text):
        found.setdefault(name, []).append(content)
    return found


def canonical(client: Client, address: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)">', client.get(address).text)


def test_a_post_is_a_card_where_it_is_shared(client: Client) -> None:
    cover = make_image(alt="A cup")
    post = make_post(
        title="Tea", subtitle="And cake", slug="tea", authors=[make_author("Ann", slug="ann")], cover=cover
    )

    meta = said(client, post.get_absolute_url())

    assert meta["og:type"] == ["article"]
    assert meta["og:title"] == ["Tea"]
    assert meta["og:description"] == ["And cake"]
    assert meta["og:url"] == ["https://byline.example/posts/tea/"]
    assert meta["og:site_name"] == ["Journal"]
    assert meta["og:image"] == [f"https://byline.example{cover.file.url}"]
    assert (meta["og:image:width"], meta["og:image:height"]) == (["8"], ["5"])
    assert meta["og:image:alt"] == ["A cup"]
    assert meta["twitter:card"] == ["summary_large_image"]
    assert meta["author"] == ["Ann"]
    assert meta["article:author"] == ["https://byline.example/authors/ann/"]
    assert meta["article:published_time"]
    assert meta["article:modified_time"]


def test_the_picture_drawn_for_a_post_comes_before_its_cover(client: Client) -> None:
    post = make_post(title="Tea", cover=make_image(), social_image="social/drawn.jpg")

    meta = said(client, post.get_absolute_url())

    assert meta["og:image"] == ["https://byline.example/media/social/drawn.jpg"]
    assert (meta["og:image:width"], meta["og:image:height"]) == (["1200"], ["630"])
    assert meta["og:image:alt"] == ["Tea"]


def test_a_post_without_pictures_has_a_small_card(client: Client) -> None:
    meta = said(client, make_post().get_absolute_url())

    assert meta["twitter:card"] == ["summary"]
    assert "og:image" not in meta


def test_search_engines_get_their_own_title_and_description(client: Client) -> None:
    post = make_post(title="Tea", subtitle="And cake", search_title="How to brew", search_description="In five steps.")

    page = client.get(post.get_absolute_url()).text

    assert "<title>How to brew – Journal</title>" in page
    assert said(client, post.get_absolute_url())["description"] == ["In five steps."]
    assert said(client, post.get_absolute_url())["og:title"] == ["Tea"]


@pytest.mark.parametrize("visibility", ["listed", "unlisted"])
def test_only_listed_posts_are_for_search_engines(client: Client, visibility: str) -> None:
    meta = said(client, make_post(visibility=visibility).get_absolute_url())

    assert meta["robots"] == [{"listed": "max-image-preview:large", "unlisted": "noindex"}[visibility]]


def test_a_text_in_another_language_says_so(client: Client) -> None:
    german, own = make_post(language="de-CH"), make_post()

    assert '<article class="post" lang="de-CH">' in client.get(german.get_absolute_url()).text
    assert '<article class="post">' in client.get(own.get_absolute_url()).text


def test_the_page_is_in_the_sites_language(client: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"

    assert '<html lang="de">' in client.get("/").text


def test_a_text_from_elsewhere_names_its_first_place(client: Client) -> None:
    post = make_post(canonical_url="https://elsewhere.example/tea")

    assert canonical(client, post.get_absolute_url()) == ["https://elsewhere.example/tea"]


def test_every_page_has_one_address_whatever_was_asked_for(client: Client) -> None:
    author, tag = make_author(slug="ann"), make_tag(slug="food")
    for _ in range(13):
        make_post(authors=[author], tags=[tag])
    make_post(slug="tea")
    make_page(slug="about")

    for asked, address in [
        ("/?utm_source=mail", "/"),
        ("/page/2/?x=1", "/page/2/"),
        ("/posts/tea/?fbclid=1", "/posts/tea/"),
        ("/pages/about/?x", "/pages/about/"),
        ("/tags/food/?page=1&x=1", "/tags/food/"),
        ("/tags/food/?x=1&page=2", "/tags/food/?page=2"),
        ("/authors/ann/?page=02", "/authors/ann/?page=2"),
    ]:
        assert canonical(client, asked) == [f"https://byline.example{address}"], asked


def test_a_post_names_its_markdown(client: Client) -> None:
    post = make_post(slug="yes")

    page = client.get(post.get_absolute_url()).text

    assert '<link rel="alternate" type="text/markdown"' in page
    assert 'href="/posts/yes.md"' in page


def test_pages_of_posts_name_their_feeds(client: Client) -> None:
    tag, author = make_tag(slug="food"), make_author(slug="ann")

    assert 'href="/feeds/posts.json"' in client.get("/").text
    assert 'href="/tags/food/feed.atom"' in client.get(tag.get_absolute_url()).text
    assert 'href="/authors/ann/feed.atom"' in client.get(author.get_absolute_url()).text


def test_no_page_describes_itself_twice(client: Client) -> None:
    author, tag, page, post = make_author(), make_tag(), make_page(), make_post()

    for address in ["/", *(thing.get_absolute_url() for thing in (author, tag, page, post)), "/subscribe/"]:
        for name in ["description", "robots", "og:title", "og:url", "og:type"]:
            assert len(said(client, address).get(name, [])) <= 1, (address, name)


def test_a_page_that_is_not_there_claims_no_address(client: Client) -> None:
    assert canonical(client, "/nothing/") == []


def test_what_people_write_stays_text(client: Client) -> None:
    hostile = "\"'><svg onload=alert(1)> </title>"
    post = make_post(
        title=hostile,
        subtitle=hostile,
        search_title=hostile,
        search_description=hostile,
        authors=[make_author(hostile)],
    )

    page = client.get(post.get_absolute_url()).text

    assert "<svg onload" not in page
    assert "</title> –" not in page
