import datetime
import json
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post, Publication
from tests.factories import make_author, make_image, make_post, make_tag

pytestmark = pytest.mark.django_db

HOSTILE = "\x0bTom & <b>Jerry</b> ]]> </title>\u2028 \"'"


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"


def make_full_post() -> Post:
    """A post with everything that an entry can show."""
    post = make_post(
        title="Fish & chips",
        subtitle="Less than < expected.",
        source="See [the other](/posts/other/) and ![a boat](/media/boat.webp).",
        language="de-CH",
        cover=make_image(),
        authors=[make_author("Ann", slug="ann"), make_author("Bob")],
        tags=[make_tag("Food & drink", slug="food")],
    )
    post.corrections.create(text="It was a <cod>.", corrected_on=timezone.localdate())
    return post


def addresses(post: Post) -> list[str]:
    """Every feed that has this post."""
    tag, author = post.tags.get(), post.bylines.all()[0].author
    return ["/feeds/posts.atom", "/feeds/posts.rss", f"/tags/{tag.slug}/feed.atom", f"/authors/{author.slug}/feed.atom"]


def test_every_feed_is_well_formed_and_says_the_same(client: Client) -> None:
    post = make_full_post()

    for address in addresses(post):
        feed = feedparser.parse(client.get(address).content)
        (entry,) = feed.entries

        assert not feed.bozo, address
        assert entry.title == "Fish & chips"
        assert entry.summary == "Less than &lt; expected."
        assert entry.link == f"https://byline.example{post.get_absolute_url()}"
        assert [author.name for author in entry.authors] == ["Ann", "Bob"]
        assert [tag.term for tag in entry.tags] == ["Food & drink"]
        assert [link.type for link in entry.links if link.rel == "enclosure"] == ["image/webp"]
        assert 'href="https://byline.example/posts/other/"' in entry.content[0].value
        assert 'src="https://byline.example/media/boat.webp"' in entry.content[0].value


def test_a_json_feed_says_the_same(client: Client) -> None:
    post = make_full_post()

    response = client.get("/feeds/posts.json")
    feed = response.json()
    (entry,) = feed["items"]

    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://byline.example/feeds/posts.json"
    assert entry["url"] == f"https://byline.example{post.get_absolute_url()}"
    assert entry["title"] == "Fish & chips"
    assert entry["summary"] == "Less than < expected."
    assert entry["authors"][0] == {"name": "Ann", "url": "https://byline.example/authors/ann/"}
    assert entry["tags"] == ["Food & drink"]
    assert entry["language"] == "de-CH"
    assert entry["image"].startswith("https://byline.example/media/images/")
    assert 'href="https://byline.example/posts/other/"' in entry["content_html"]


def test_an_entry_says_its_own_language(client: Client) -> None:
    make_full_post()

    assert '<entry xml:lang="de-CH">' in client.get("/feeds/posts.atom").text
    assert "<dc:language>de-CH</dc:language>" in client.get("/feeds/posts.rss").text


def test_a_correction_stands_at_the_end_and_moves_the_date(client: Client) -> None:
    post = make_full_post()
    Post.objects.filter(pk=post.pk).update(
        updated_at=timezone.now() - datetime.timedelta(days=30),
        published_at=timezone.now() - datetime.timedelta(days=30),
    )

    for address in ["/feeds/posts.atom", "/feeds/posts.rss"]:
        (entry,) = feedparser.parse(client.get(address).content).entries

        assert entry.content[0].value.index("It was a &lt;cod&gt;.") > entry.content[0].value.index("the other"), (
            address
        )
        assert entry.updated_parsed[:3] == timezone.now().timetuple()[:3], address
        assert entry.published_parsed[:3] != entry.updated_parsed[:3], address


@pytest.mark.parametrize("address", ["/feeds/posts.atom", "/feeds/posts.rss"])
def test_nothing_that_people_write_breaks_a_feed(client: Client, address: str) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"name": HOSTILE, "description": HOSTILE})
    author, tag = make_author(HOSTILE), make_tag(HOSTILE)
    post = make_post(title=HOSTILE, subtitle=HOSTILE, source=HOSTILE, authors=[author], tags=[tag])
    post.corrections.create(text=HOSTILE)

    feed = feedparser.parse(client.get(address).content)

    assert not feed.bozo
    assert feed.entries[0].title == HOSTILE.removeprefix("\x0b")
    assert "<b>" not in feed.entries[0].summary


def test_a_feed_is_not_broken_by_a_picture_that_has_gone(client: Client) -> None:
    cover = make_image()
    make_post(cover=cover)
    cover.file.storage.delete(cover.file.name)

    assert 'length="0"' in client.get("/feeds/posts.atom").text


def test_an_entry_keeps_its_name_when_its_address_changes(client: Client) -> None:
    post = make_post()
    before = feedparser.parse(client.get("/feeds/posts.atom").content).entries[0].id

    post.slug = "another"
    post.save()

    assert feedparser.parse(client.get("/feeds/posts.atom").content).entries[0].id == before


@pytest.mark.parametrize(
    "values",
    [{"published_at": None}, {"visibility": "unlisted"}, {"visibility": "withdrawn"}],
    ids=["draft", "unlisted", "withdrawn"],
)
def test_feeds_hide_what_is_not_listed(client: Client, values: dict[str, object]) -> None:
    post = make_post(title="Not for feeds", tags=[make_tag()], authors=[make_author()], **values)

    for address in [*addresses(post), "/feeds/posts.json"]:
        assert "Not for feeds" not in client.get(address).text, address


def test_a_tag_that_is_not_there_has_no_feed(client: Client) -> None:
    assert client.get("/tags/nothing/feed.atom").status_code == 404
    assert client.get("/authors/nobody/feed.atom").status_code == 404


@pytest.mark.parametrize("address", ["/feeds/posts.atom", "/feeds/posts.rss", "/feeds/posts.json"])
def test_a_feed_that_has_not_changed_is_not_sent_again(client: Client, address: str) -> None:
    make_full_post()
    first = client.get(address)

    by_tag = client.get(address, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    make_post()
    after = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (by_tag.status_code, by_date.status_code, after.status_code) == (304, 304, 200)


@pytest.mark.parametrize("posts", [2, 20])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/feeds/posts.atom", 5),  # the publication, posts with covers, authors, tags, corrections
        ("/feeds/posts.rss", 5),
        ("/feeds/posts.json", 5),
        ("/tags/food/feed.atom", 6),
        ("/authors/ann/feed.atom", 6),
    ],
)
def test_a_feed_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries: Any, address: str, queries: int, posts: int
) -> None:
    author, tag = make_author(slug="ann"), make_tag(slug="food")
    for _ in range(posts):
        make_post(authors=[author], tags=[tag], cover=make_image()).corrections.create(text="A slip.")
    Publication.load()

    with django_assert_num_queries(queries):
        client.get(address)


def test_a_feed_ends_after_twenty_posts(client: Client) -> None:
    for _ in range(21):
        make_post()

    assert len(json.loads(client.get("/feeds/posts.json").content)["items"]) == 20
