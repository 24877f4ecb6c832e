"""The feeds of comments, as a feed reader understands them."""

import datetime
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post, Publication
from comments.models import Comment
from tests.comments.payloads import PAYLOADS, dangers
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

SITE = "/feeds/comments.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def post() -> Post:
    return make_post(title="Salt & <pepper>", slug="salt")


def read(client: Client, address: str = SITE) -> Any:
    parsed = feedparser.parse(client.get(address).content, sanitize_html=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


@pytest.mark.parametrize("address", [SITE, "/posts/salt/comments.atom"])
def test_an_entry_is_a_comment(client: Client, settings: Any, post: Post, address: str) -> None:
    settings.SITE_URL = "https://byline.example"
    comment = make_comment(
        post,
        name="Ann",
        email="ann@private.example",
        website="https://ann.example/",
        source="See [this](/posts/salt/), *please*.",
        created_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC),
        published_at=datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC),
    )

    (entry,) = read(client, address).entries

    assert entry.title == "Ann on Salt & <pepper>"
    assert entry.link == f"https://byline.example/comments/{comment.pk}/"
    assert entry.id == f"tag:localhost,2026-03-01:comments/{comment.pk}"
    assert (entry.published, entry.updated) == ("2026-03-02T12:00:00+00:00",) * 2
    assert (entry.author_detail.name, entry.author_detail.href) == ("Ann", "https://ann.example/")
    assert entry.content[0].value == (
        '<p>See <a href="https://byline.example/posts/salt/" rel="nofollow ugc noopener">this</a>, <em>please</em>.</p>'
    )
    assert "private.example" not in client.get(address).text


def test_a_feed_says_what_it_is_about_and_where(client: Client, settings: Any, post: Post) -> None:
    settings.SITE_URL = "https://byline.example"
    Publication(name="Spices").save()

    site, under_post = read(client).feed, read(client, "/posts/salt/comments.atom").feed

    assert (site.title, site.link) == ("Comments – Spices", "https://byline.example/")
    assert (under_post.title, under_post.link) == (
        "Comments on Salt & <pepper>",
        "https://byline.example/posts/salt/",
    )
    assert under_post.links[1].href == "https://byline.example/posts/salt/comments.atom"
    assert client.get(SITE)["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_an_answer_says_what_it_answers(client: Client, post: Post) -> None:
    comment = make_comment(post)
    make_comment(post, parent=comment)
    make_comment(post, parent=make_comment(post, status="waiting"))

    to_nothing_public, to_comment, to_post = read(client).entries

    assert to_comment["thr_in-reply-to"]["ref"] == to_post.id
    assert to_comment["thr_in-reply-to"]["href"].endswith(f"/comments/{comment.pk}/")
    for entry in (to_post, to_nothing_public):
        assert entry["thr_in-reply-to"]["ref"].endswith(f"posts/{post.pk}")


def test_an_edited_comment_is_updated_and_keeps_its_day(client: Client, post: Post) -> None:
    make_comment(post, edited_at=timezone.now() + datetime.timedelta(minutes=5))

    (entry,) = read(client).entries

    assert entry.updated > entry.published


@pytest.mark.parametrize("address", [SITE, "/posts/salt/comments.atom"])
def test_only_what_readers_see_is_in_it(client: Client, post: Post, address: str) -> None:
    for status in ("waiting", "spam", "removed"):
        make_comment(post, status=status)
    make_comment(post).remove(make_staff())

    assert read(client, address).entries == []


def test_the_sites_feed_has_comments_of_listed_posts_alone(client: Client, post: Post) -> None:
    make_comment(make_post(visibility="unlisted"))
    make_comment(make_post(visibility="withdrawn"))
    make_comment(make_post(published_at=None))
    comment = make_comment(post)

    assert [entry.link.rpartition("/comments/")[2] for entry in read(client).entries] == [f"{comment.pk}/"]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"visibility": "unlisted"}, 200),
        ({"visibility": "withdrawn"}, 404),
        ({"published_at": None}, 404),
        ({"published_at": timezone.now() + datetime.timedelta(days=365)}, 404),
    ],
    ids=["unlisted", "withdrawn", "draft", "scheduled"],
)
def test_only_a_post_with_a_page_has_a_feed_of_its_comments(
    client: Client, values: dict[str, object], status: int
) -> None:
    post = make_post(**values)

    assert client.get(f"/posts/{post.slug}/comments.atom").status_code == status
    assert client.get("/posts/none/comments.atom").status_code == 404


def test_a_post_that_moved_keeps_the_readers_of_its_feed(client: Client, post: Post) -> None:
    make_comment(post)
    post.slug = "pepper"
    post.save()

    parsed = read(client, "/posts/salt/comments.atom")

    assert parsed.feed.links[1].href.endswith("/posts/pepper/comments.atom")
    assert len(parsed.entries) == 1


def test_a_feed_has_the_newest_thirty_by_when_they_appeared(client: Client, post: Post) -> None:
    late = make_comment(post, name="Late", status="waiting")
    for n in range(31):
        make_comment(post, name=f"Reader {n}")
    late.approve(make_staff())

    names = [entry.author for entry in read(client, "/posts/salt/comments.atom").entries]

    assert names == ["Late", *(f"Reader {n}" for n in range(30, 1, -1))]


def test_hostile_words_leave_a_feed_readable_and_harmless(client: Client, post: Post) -> None:
    dirt = "a\x01b\x0bc\x1f\ufffe]]>"
    for payload in [*PAYLOADS, dirt]:
        Comment.objects.all().delete()
        make_comment(post, name=payload[:80], source=payload, website=payload[:300], email='"x"@evil.example')

        (entry,) = read(client).entries

        assert list(dangers(entry.content[0].value)) == []
        assert entry.author_detail.get("href", "http").startswith("http")
        assert "evil.example" not in entry.author_detail.get("email", "")
    assert entry.title == "abc]]> on Salt & <pepper>"


@pytest.mark.parametrize(("address", "queries"), [(SITE, 2), ("/posts/salt/comments.atom", 2)])
@pytest.mark.parametrize("comments", [1, 20])
def test_a_feed_costs_the_same_queries_for_any_number_of_comments(
    client: Client, django_assert_num_queries, post: Post, address: str, queries: int, comments: int
) -> None:
    Publication.load()
    for _ in range(comments):
        make_comment(post, parent=make_comment(post))

    with django_assert_num_queries(queries):
        client.get(address)


def test_who_has_the_newest_feed_gets_nothing_new(client: Client, post: Post) -> None:
    make_comment(post)
    first = client.get(SITE)

    assert client.get(SITE, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_comment(post)
    assert client.get(SITE, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert not first.cookies


def test_a_posts_page_points_to_the_feed_of_its_comments(client: Client, post: Post) -> None:
    page = client.get(post.get_absolute_url()).text

    assert 'title="Comments on Salt &amp; &lt;pepper&gt;" href="/posts/salt/comments.atom">' in page
