"""What the databases do for a page that shows some of many posts: they find its posts, and look at no others."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post, Publication
from tests.factories import make_author, make_posts, make_tag

pytestmark = pytest.mark.django_db

POSTS = 300


@pytest.fixture
def many() -> None:
    """Posts under three tags and one name; PostgreSQL then prefers an index wherever it has one, as if they were more.

    SQLite plans without knowing how many there are.
    """
    Publication.load()  # makes its row, and has every post's picture looked at
    make_posts(POSTS, authors=[make_author(slug="ann")], tags=[make_tag(slug=slug) for slug in ("a", "b", "c")])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE blog_post, blog_listing, blog_post_tags, blog_byline")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")


def plans(ask: Callable[[], object]) -> list[str]:
    """How the database answers each query of this, in its own words, a step in a line."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(explain + query["sql"])
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def looks_at_all(plan: str) -> bool:
    """Say whether a plan goes through every post or every listing, or by an index through what is in no index."""
    if connection.vendor == "postgresql":
        ways = ("Seq Scan on blog_post", "Seq Scan on blog_listing", "Index Scan using post_by_date")
    else:
        ways = ("SCAN blog_post", "SCAN blog_listing", "SCAN U0", "USING INDEX post_by_date", "USING INDEX listing_of")
    return any(way in plan for way in ways)


ADDRESSES = ["/", "/page/20/", "/tags/a/", "/tags/a/?page=20", "/authors/ann/", "/tags/", "/archive/"]
FEEDS = ["/tags/a/feed.atom", "/authors/ann/feed.atom"]


@pytest.mark.parametrize("address", ADDRESSES + FEEDS)
def test_a_list_looks_at_no_more_posts_than_it_shows(client: Client, many: None, address: str) -> None:
    found = plans(lambda: client.get(address))

    assert len(found) > 2
    assert not [plan for plan in found if looks_at_all(plan)]


def test_a_post_is_shown_without_looking_at_the_others(client: Client, many: None) -> None:
    post = Post.objects.listed()[POSTS // 2]
    found = plans(lambda: client.get(post.get_absolute_url()))

    assert len(found) > 5
    assert not [plan for plan in found if looks_at_all(plan)]


def test_going_through_all_of_them_would_be_seen(many: None) -> None:
    (by_date,) = plans(lambda: list(Post.objects.listed().filter(title__contains="1")))

    assert looks_at_all(by_date)
