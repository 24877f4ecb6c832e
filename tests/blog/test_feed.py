"""The Atom feed, as a feed reader understands it."""

import datetime
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Publication
from tests.factories import make_author, make_post, make_tag

pytestmark = pytest.mark.django_db

FEED = "/feeds/posts.atom"


def read(client: Client) -> Any:
    parsed = feedparser.parse(client.get(FEED).content, sanitize_html=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def test_the_feed_says_whose_it_is_and_where(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    Publication(name="Salt & Pepper", description="On <food>.").save()

    feed = read(client).feed

    assert (feed.title, feed.subtitle) == ("Salt & Pepper", "On <food>.")
    assert (feed.link, feed.links[1].href) == ("https://byline.example/", "https://byline.example/feeds/posts.atom")
    assert client.get(FEED)["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_an_entry_holds_the_whole_post(client: Client) -> None:
    post = make_post(
        [make_author("Zoe"), make_author("Adam")],
        [make_tag("Salt"), make_tag("Pepper")],
        title="Both",
        subtitle="Of them.",
        source="One.\n\n**Two.**",
        published_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC),
    )

    (entry,) = read(client).entries

    assert (entry.title, entry.summary, [author.name for author in entry.authors]) == (
        "Both",
        "Of them.",
        ["Zoe", "Adam"],
    )
    assert entry.content[0].value == post.rendered_html.strip()
    assert entry.published == "2026-03-01T12:00:00+00:00"
    assert {tag.term for tag in entry.tags} == {"Salt", "Pepper"}


def test_a_post_without_a_subtitle_is_summed_up_by_its_opening(client: Client) -> None:
    make_post(source="# A heading\n\nIt opens like *this*.\n\nAnd goes on.")

    assert read(client).entries[0].summary == "It opens like this."


def test_a_title_and_a_summary_arrive_as_they_were_written(client: Client) -> None:
    make_post(title="Bread & <b>butter</b>, don't", subtitle="a < b & <script>alert(1)</script>")

    (entry,) = read(client).entries

    assert entry.title_detail.type == "text/plain"
    assert entry.title == "Bread & <b>butter</b>, don't"
    assert entry.summary_detail.type == "text/html"
    assert entry.summary == "a &lt; b &amp; &lt;script&gt;alert(1)&lt;/script&gt;"


def test_every_address_comes_from_the_settings(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    source = "![x](/media/a.webp)\n\n[y](/posts/b/) [z](https://other.example/) [w](#s-part) [v](//cdn.example/x)"
    post = make_post(source=source)

    text = client.get(FEED, headers={"Host": "localhost"}).text
    (entry,) = read(client).entries

    assert entry.link == f"https://byline.example{post.get_absolute_url()}"
    html = entry.content[0].value
    assert 'src="https://byline.example/media/a.webp"' in html
    assert 'href="https://byline.example/posts/b/"' in html
    for untouched in ("https://other.example/", "#s-part", "//cdn.example/x"):
        assert f'href="{untouched}"' in html
    assert "http://localhost" not in text


def test_control_characters_leave_the_feed_readable(client: Client) -> None:
    dirt = "a\x01b\x0bc\x1f\ufffe"
    Publication(name=dirt, description=dirt).save()
    make_post([make_author(dirt)], [make_tag(dirt)], title=dirt, subtitle=dirt, source=f"Text {dirt}")

    parsed = read(client)

    (entry,) = parsed.entries
    for value in (
        parsed.feed.title,
        parsed.feed.subtitle,
        entry.title,
        entry.summary,
        entry.author,
        entry.tags[0].term,
    ):
        assert value == "abc"
    assert entry.content[0].value == "<p>Text abc</p>"


def test_the_end_of_a_cdata_section_ends_nothing(client: Client) -> None:
    make_post(title="]]> and &#0;", source="]]> `]]>` &#0;")

    assert read(client).entries[0].title == "]]> and &#0;"


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
def test_the_feed_hides_what_is_not_listed(client: Client, values: dict[str, object]) -> None:
    make_post(**values)

    assert read(client).entries == []


def test_the_feed_holds_the_newest_twenty(client: Client) -> None:
    for day in range(21):
        make_post(title=f"Day {day}", published_at=timezone.now() - datetime.timedelta(days=day + 1))

    assert [entry.title for entry in read(client).entries] == [f"Day {day}" for day in range(20)]


def test_a_post_that_was_written_before_it_was_published_is_new_when_it_is_published(client: Client) -> None:
    post = make_post()
    type(post).objects.update(updated_at=timezone.now() - datetime.timedelta(days=30))

    (entry,) = read(client).entries

    assert entry.updated == entry.published


def test_who_has_the_newest_feed_gets_nothing_new(client: Client) -> None:
    make_post()
    first = client.get(FEED)

    by_tag = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(FEED, headers={"If-Modified-Since": first["Last-Modified"]})

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert (by_date.status_code, by_date.content) == (304, b"")


def test_a_corrected_post_is_a_new_feed(client: Client) -> None:
    post = make_post(title="Misteak")
    tag = client.get(FEED)["ETag"]
    post.title = "Mistake"
    post.save()

    response = client.get(FEED, headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert "Mistake" in response.text


def test_a_feed_without_posts_is_a_feed(client: Client) -> None:
    assert read(client).entries == []
    assert not client.get(FEED).cookies


def test_every_page_points_to_the_feed(client: Client) -> None:
    assert f'<link rel="alternate" type="application/atom+xml" title="Byline" href="{FEED}">' in client.get("/").text
