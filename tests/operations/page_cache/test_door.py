"""The door: which requests it answers, with what, and which it leaves to Django."""

import datetime
import gzip
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.test import Client
from django.urls import get_resolver

from blog.models import Post
from operations.page_cache import door
from operations.page_cache.addresses import PARAMETERS
from operations.page_cache.door import PageCache
from tests.factories import make_comment, make_post, make_posts, make_staff, make_tag
from tests.operations.page_cache.counting import Counting
from tests.wsgi import make_environ, meta

pytestmark = pytest.mark.django_db

ADDRESS = "/posts/five-facts/"


@pytest.fixture
def post() -> Post:
    return make_post(slug="five-facts", title="Five facts")


def test_a_page_is_made_once_and_then_kept(site: Counting, post: Post) -> None:
    first, second = site.get(ADDRESS), site.get(ADDRESS)

    assert first.content == second.content
    assert "Five facts" in first.text
    assert first.headers == second.headers
    assert site.asked == 1


def test_a_kept_page_has_the_headers_that_django_gives_it(site: Counting, client: Client, post: Post) -> None:
    plain = {name.lower(): value for name, value in client.get(ADDRESS).headers.items()}
    for _ in range(2):
        kept = site.get(ADDRESS).headers

        assert kept.items() >= {name: plain[name] for name in plain.keys() - {"vary", "content-length"}}.items()
        assert kept.keys() - plain.keys() <= {"cache-control", "etag", "vary", "content-length"}
        assert kept["cache-control"] == "public, no-cache"
        assert "content-security-policy" in kept
        assert "set-cookie" not in kept


def test_a_page_comes_in_the_encoding_that_a_browser_asks_for(site: Counting, post: Post) -> None:
    plain = site.get(ADDRESS)
    small = site.get(ADDRESS, {"Accept-Encoding": "gzip, deflate, br"})
    older = site.get(ADDRESS, {"Accept-Encoding": "gzip"})

    assert brotli.decompress(small.content) == gzip.decompress(older.content) == plain.content
    assert (small.headers["content-encoding"], older.headers["content-encoding"]) == ("br", "gzip")
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert site.get(ADDRESS, {"Accept-Encoding": "gzip," * 500}).content == plain.content
    assert site.asked == 1


def test_who_has_the_page_is_told_so_until_it_changes(site: Counting, post: Post) -> None:
    etag = site.get(ADDRESS).headers["etag"]
    other = site.get(ADDRESS, {"Accept-Encoding": "gzip"}).headers["etag"]

    for known in (etag, f"W/{etag}", f'"another", {etag}', "*"):
        told = site.get(ADDRESS, {"If-None-Match": known})
        assert (told.status, told.content) == (304, b"")
        assert told.headers["etag"] == etag
        assert told.headers["cache-control"] == "public, no-cache"
        assert "content-length" not in told.headers
    assert site.get(ADDRESS, {"If-None-Match": other}).status == 200, "compressed bytes are other bytes"

    Post.objects.update(title="Six facts")
    site.write()

    changed = site.get(ADDRESS, {"If-None-Match": etag})
    assert changed.status == 200
    assert "Six facts" in changed.text


def test_a_feed_can_be_asked_for_by_its_date(site: Counting, post: Post) -> None:
    date = site.get("/feeds/posts.atom").headers["last-modified"]

    assert site.get("/feeds/posts.atom", {"If-Modified-Since": date}).status == 304
    assert site.get("/feeds/posts.atom", {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status == 200
    assert site.get("/feeds/posts.atom", {"If-Modified-Since": "yesterday"}).status == 200
    assert site.get("/feeds/posts.atom", {"If-Modified-Since": date, "If-None-Match": '"other"'}).status == 200


def test_a_head_request_gets_the_headers_alone(site: Counting, post: Post) -> None:
    page, head = site.get(ADDRESS), site.head(ADDRESS)

    assert head.content == b""
    assert head.headers == page.headers
    assert site.head("/posts/none/").content == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_what_is_no_question_is_left_to_django(site: Counting, post: Post, method: str) -> None:
    site.get(ADDRESS)

    assert site.get(ADDRESS, method=method).status in {403, 405}
    assert site.asked == 2


def test_staff_neither_get_a_kept_page_nor_leave_one(site: Counting, post: Post) -> None:
    browser = Client()
    browser.force_login(make_staff())
    cookie = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())}

    before = site.get(ADDRESS, cookie)
    plain = site.get(ADDRESS)
    after = site.get(ADDRESS, cookie)

    assert "csrfmiddlewaretoken" in before.text
    assert "csrfmiddlewaretoken" in after.text
    assert before.headers["cache-control"] == "private, no-store"
    assert "csrfmiddlewaretoken" not in plain.text
    assert "/admin/" not in plain.text
    assert site.asked == 3


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000@evil.example", "", "localhost:99999", "LOCALHOST"])
def test_another_host_is_for_django_to_judge(site: Counting, post: Post, host: str) -> None:
    site.get(ADDRESS)
    site.get(ADDRESS, {"Host": host})

    assert site.asked == 2


def test_a_query_that_changes_nothing_makes_no_page_of_its_own(site: Counting) -> None:
    tag = make_tag()
    make_posts(13, tags=[tag])
    address = tag.get_absolute_url()

    first = site.get(address)
    assert site.get(f"{address}?utm_source=somewhere&fbclid=1").content == first.content
    assert site.asked == 1

    second = site.get(f"{address}?page=2")
    assert second.content != first.content
    assert site.get(f"{address}?x=1&page=1&page=2").content == second.content
    assert "x=1" not in site.get(f"{address}?x=1&page=2").text
    assert site.asked == 2


@pytest.mark.parametrize("query", ["page=" + "1" * 2000, "&".join(f"p{n}=1" for n in range(100))])
def test_a_query_beyond_reason_is_left_to_django(site: Counting, query: str) -> None:
    address = make_tag().get_absolute_url()
    site.get(f"{address}?{query}")
    site.get(f"{address}?{query}")

    assert site.asked == 2


@pytest.mark.parametrize(
    "address", ["/search/?q=facts", "/subscribe/", "/posts/five-facts/comments/", "/healthz", "/admin/", "/nothing/"]
)
def test_what_is_made_for_one_request_is_not_kept(site: Counting, post: Post, address: str) -> None:
    site.get(address)
    site.get(address)

    assert site.asked == 2


@pytest.mark.parametrize("address", ["/posts/none/", "/posts/draft/", "/tags/none/", "/page/1/", "/page/99/"])
def test_what_is_no_page_is_not_kept(site: Counting, address: str) -> None:
    make_post(slug="draft", published_at=None)

    statuses = {site.get(address).status for _ in range(2)}

    assert statuses <= {301, 404}
    assert site.asked == 2


def test_a_post_whose_time_comes_appears_without_a_write(site: Counting, post: Post) -> None:
    now = datetime.datetime.now(datetime.UTC)
    make_post(title="Tomorrow's news", published_at=now + datetime.timedelta(hours=5))

    with time_machine.travel(now, tick=False) as clock:
        assert "Tomorrow" not in site.get("/").text
        clock.shift(datetime.timedelta(hours=4, minutes=59))
        assert "Tomorrow" not in site.get("/").text
        assert site.asked == 1
        clock.shift(datetime.timedelta(minutes=1))
        assert "Tomorrow" in site.get("/").text
        site.get("/")
        assert site.asked == 2


def test_a_conversation_closes_without_a_write(site: Counting, post: Post) -> None:
    now = datetime.datetime.now(datetime.UTC)
    post.published_at, post.comments_close_after = now - datetime.timedelta(days=1), 2
    post.save()

    with time_machine.travel(now, tick=False) as clock:
        assert "comment-form" in site.get(ADDRESS).text
        clock.shift(datetime.timedelta(hours=23))
        site.get(ADDRESS)
        assert site.asked == 1
        clock.shift(datetime.timedelta(hours=1))
        assert "comment-form" not in site.get(ADDRESS).text


def test_a_write_while_a_page_is_made_keeps_nothing_older(post: Post) -> None:
    site = Counting()
    made = get_wsgi_application()

    def slow(environ: dict[str, Any], start_response: Any) -> Any:
        response = made(environ, start_response)
        if site.asked == 1:
            make_comment(post, source="Written meanwhile.")
            site.write()
        return response

    site.behind = slow

    assert "Written meanwhile" not in site.get(ADDRESS).text
    assert "Written meanwhile" in site.get(ADDRESS).text


def test_without_a_stamp_nothing_is_kept(site: Counting, post: Post) -> None:
    site.stamp = None

    assert site.get(ADDRESS).status == 200
    assert site.get(ADDRESS).status == 200
    assert site.asked == 2


def test_a_page_of_which_nobody_can_say_when_it_changes_is_not_kept(
    site: Counting, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> float:
        raise DatabaseError("away")

    monkeypatch.setattr(door, "next_change", away)

    assert site.get(ADDRESS).status == 200
    assert site.get(ADDRESS).status == 200
    assert site.asked == 2


@pytest.mark.parametrize(
    "header", [("Set-Cookie", "a=b"), ("Vary", "Cookie"), ("Cache-Control", "private"), ("Cache-Control", "no-store")]
)
def test_an_answer_for_somebody_is_never_kept(header: tuple[str, str], post: Post) -> None:
    site = Counting()
    site.behind = lambda environ, start_response: start_response("200 OK", [header]) or [b"for you"]

    for _ in range(2):
        answer = site.get(ADDRESS)
        assert (answer.content, answer.headers) == (b"for you", {header[0].lower(): header[1]})
    assert site.asked == 2


def test_a_shared_cache_may_keep_a_page_if_the_operator_says_so(settings: Any, post: Post) -> None:
    settings.CDN_SECONDS = 30

    assert Counting().get(ADDRESS).headers["cache-control"] == "public, max-age=0, must-revalidate, s-maxage=30"


def test_a_site_with_https_answers_who_came_by_it(settings: Any, post: Post) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SITE = urlsplit("https://localhost:8000")
    site = Counting()

    assert site.get(ADDRESS).status == 301
    assert site.get(ADDRESS, {"X-Forwarded-Proto": "https"}, REMOTE_ADDR="203.0.113.9").status == 301
    assert site.asked == 2
    proxied = site.get(ADDRESS, {"X-Forwarded-Proto": "https"}, **{"wsgi.url_scheme": "http"})
    assert site.get(ADDRESS, **{"wsgi.url_scheme": "https"}).content == proxied.content
    assert proxied.status == 200
    assert site.asked == 3


def test_every_name_with_parameters_is_an_address() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert PARAMETERS.keys() <= names


def test_the_environment_of_a_reader_stays_as_it_was(post: Post) -> None:
    cache = PageCache(get_wsgi_application(), lambda: "one")
    environ = {**make_environ(ADDRESS), **meta({"Accept-Encoding": "br"})}
    before = dict(environ)

    cache(environ, lambda status, headers, error=None: None)

    assert environ == before
