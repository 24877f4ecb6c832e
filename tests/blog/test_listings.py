"""The listings follow posts, tags and names under posts, whoever writes them: the database itself keeps them."""

import datetime
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from blog.models import Author, Byline, Listing, Post, Tag
from tests.factories import make_author, make_post, make_posts, make_tag

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[Any, ...]]:
    return sorted(Listing.objects.values_list("post", "published_at", "tag", "author"), key=str)


def true() -> list[tuple[Any, ...]]:
    """What should be kept, looked up in the tables themselves."""
    posts = Post.objects.filter(visibility=Post.Visibility.LISTED, published_at__isnull=False)
    tagged = Post.tags.through.objects.filter(post__in=posts).values_list("post", "post__published_at", "tag")
    signed = Byline.objects.filter(post__in=posts).values_list("post", "post__published_at", "author")
    rows = [(post, at, tag, None) for post, at, tag in tagged]
    rows += [(post, at, None, author) for post, at, author in signed]
    return sorted(rows, key=str)


def test_the_triggers_are_there_after_the_last_migration() -> None:
    """A migration that changes Post or Byline remakes its table on SQLite: see blog/migrations/_listing.py."""
    triggers = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'blog_listing%'",
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'blog_listing%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(triggers[connection.vendor])
        tables = [table for (table,) in cursor.fetchall()]

    assert {table: tables.count(table) for table in tables} == {"blog_post": 3, "blog_post_tags": 3, "blog_byline": 3}


def test_whatever_happens_to_posts_tags_and_names_the_listings_are_true() -> None:
    chance = random.Random(6)
    tags, authors = [make_tag() for _ in range(3)], [make_author() for _ in range(3)]
    now = timezone.now()
    days = [None, now - datetime.timedelta(days=2), now + datetime.timedelta(days=2)]

    def some(things: list[Any]) -> list[Any]:
        return chance.sample(things, chance.randrange(len(things) + 1))

    def post() -> Post:
        return chance.choice(list(Post.objects.all()) or [make_post()])

    steps: list[Any] = [
        lambda: make_post(authors=some(authors), tags=some(tags), published_at=chance.choice(days)),
        lambda: make_posts(2, authors=some(authors), tags=some(tags)),
        lambda: post().tags.set(some(tags)),
        lambda: post().sign(some(authors)),
        lambda: post().publish(),
        lambda: post().withdraw(),
        lambda: post().relist(),
        lambda: post().unschedule(),
        lambda: post().delete(),
        lambda: Post.objects.filter(pk__in=[post().pk, post().pk]).update(visibility="unlisted"),
        lambda: Post.objects.filter(pk=post().pk).update(published_at=days[1], visibility="listed"),
        lambda: Byline.objects.filter(author=authors[0]).exclude(post__authors=authors[1]).update(author=authors[1]),
        lambda: Post.tags.through.objects.filter(tag=tags[0]).exclude(post__tags=tags[1]).update(tag=tags[1]),
        lambda: tags.append(make_tag()),
        lambda: Tag.objects.filter(pk=tags.pop().pk).delete() if len(tags) > 2 else None,
    ]
    seen = 0
    for _ in range(150):
        chance.choice(steps)()
        assert kept() == true()
        seen = max(seen, len(kept()))
    assert seen > 20  # or nothing was tried


def test_a_join_that_is_there_before_its_post_is_listed_with_it() -> None:
    """A restored site may be filled in any order."""
    tag = make_tag()
    post = make_post()
    with transaction.atomic(), connection.constraint_checks_disabled():
        Post.objects.filter(pk=post.pk)._raw_delete(Post.objects.db)
        Post.tags.through.objects.create(post_id=post.pk, tag=tag)
        assert kept() == []
        Post.objects.bulk_create([post])

    assert [row[2] for row in kept()] == [tag.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time.")
@pytest.mark.parametrize("first", ["tag", "withdraw"])
def test_a_tag_that_is_put_while_its_post_is_withdrawn_lists_nothing(first: str) -> None:
    post, tag = make_post(), make_tag()
    steps: dict[str, Callable[[], object]] = {
        "tag": lambda: post.tags.add(tag),
        "withdraw": lambda: Post.objects.filter(pk=post.pk).update(visibility="withdrawn"),
    }
    (second,) = steps.keys() - {first}

    def follow() -> None:
        steps[second]()  # waits for the post
        connection.close()

    other = threading.Thread(target=follow)
    with transaction.atomic():
        steps[first]()
        other.start()
        other.join(timeout=0.5)
    other.join()

    assert kept() == true() == []


def test_what_is_to_come_is_kept_and_not_told() -> None:
    tag, author = make_tag(), make_author()
    make_post(tags=[tag], authors=[author], published_at=timezone.now() + datetime.timedelta(days=1))

    assert len(kept()) == 2
    assert not tag.listings.ids()
    assert not author.listings.ids()


def test_an_author_who_signed_nothing_can_be_deleted() -> None:
    author = make_author()
    make_post(authors=[author]).delete()

    author.delete()

    assert not Author.objects.exists()
