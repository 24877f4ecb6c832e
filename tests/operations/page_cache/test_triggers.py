"""The database says that something changed, whoever writes, and only what readers see."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from blog.models import Correction, NavigationLink, Post, Publication, Source
from comments.models import Comment
from operations.models import PageStamp
from operations.page_cache import triggers
from tests.factories import (
    make_author,
    make_comment,
    make_image,
    make_page,
    make_post,
    make_series,
    make_staff,
    make_tag,
)
from tests.operations.page_cache.everywhere import an_address_of_each
from tests.wsgi import Reader

pytestmark = pytest.mark.django_db(transaction=True)


def stamp() -> str:
    return PageStamp.objects.get().stamp


def changes(write: Any) -> bool:
    before = stamp()
    write()
    return stamp() != before


def test_every_table_of_which_pages_are_made_is_watched() -> None:
    site = Reader(get_wsgi_application())

    for name, address in an_address_of_each().items():
        with CaptureQueriesContext(connection) as queries:
            assert site.get(address).status == 200, address

        read = set(re.findall(r'(?:FROM|JOIN)\s+"?(\w+_\w+)"?', " ".join(query["sql"] for query in queries)))
        assert read <= set(triggers.WATCHED), name


def test_a_write_to_any_of_them_renews_the_stamp() -> None:
    author, tag = make_author(), make_tag()
    post = make_post(authors=[author], tags=[tag], series=make_series(), cover=make_image())
    post.lead_here_from("an-old-address")
    Source.objects.create(post=post, text="A source.", position=1)
    Correction.objects.create(post=post, text="A correction.")
    NavigationLink.objects.create(label="Elsewhere", address="/elsewhere/")
    make_page()
    make_comment(post, user=make_staff())
    Publication.load()

    for table in triggers.WATCHED:
        assert changes(lambda table=table: execute(f"UPDATE {table} SET id = id WHERE id > 0")), table


def test_the_triggers_are_all_there() -> None:
    assert triggers.laid(connection) == triggers.statements(connection.vendor).keys()


def test_adding_changing_and_taking_away_are_three_changes() -> None:
    assert changes(lambda: make_post(slug="five-facts"))
    assert changes(lambda: Post.objects.update(title="Six facts"))
    assert changes(lambda: Post.objects.all().delete())
    assert changes(lambda: Post.objects.bulk_create([Post(title="A", slug="a"), Post(title="B", slug="b")]))


def test_what_was_never_public_changes_nothing() -> None:
    post, moderator = make_post(), make_staff()

    assert not changes(lambda: make_comment(post, status="waiting"))
    assert not changes(lambda: Comment.objects.get().mark_spam(moderator))
    assert not changes(lambda: Comment.objects.update(source="Other words."))
    assert not changes(lambda: Comment.objects.all().delete())


def test_a_comment_that_comes_and_goes_is_two_changes() -> None:
    post, moderator = make_post(), make_staff()
    comment = make_comment(post, status="waiting")

    assert changes(lambda: comment.approve(moderator))
    assert changes(lambda: Comment.objects.get().remove(moderator))
    assert changes(lambda: Comment.objects.update(name="Somebody"))


def test_a_write_that_ignores_what_is_there_already_renews_the_stamp() -> None:
    tag = make_tag(slug="one")
    values = {"name": "Two", "slug": "two"}

    assert changes(lambda: type(tag).objects.bulk_create([type(tag)(**values)], ignore_conflicts=True))


def test_a_write_that_is_taken_back_leaves_the_stamp() -> None:
    def take_back() -> None:
        with transaction.atomic():
            make_post()
            transaction.set_rollback(True)

    assert not changes(take_back)


def test_many_rows_in_a_transaction_are_one_change_at_its_end() -> None:
    before = stamp()
    with transaction.atomic():
        for _ in range(3):
            make_post()
        if connection.vendor == "postgresql":
            assert stamp() == before, "nobody waits for the row while others work"
    assert stamp() != before


def test_a_stamp_never_comes_twice() -> None:
    make_post()
    seen = {stamp()}
    for title in ("A", "B", "A", "B"):
        Post.objects.update(title=title)
        seen.add(stamp())

    assert len(seen) == 5


def test_without_its_row_there_is_no_stamp_until_the_next_migrate() -> None:
    PageStamp.objects.all().delete()
    make_post()
    assert not PageStamp.objects.exists()

    call_command("migrate", verbosity=0)

    assert PageStamp.objects.count() == 1


def test_triggers_are_lifted_before_a_migration_and_laid_after_it() -> None:
    before = stamp()

    triggers.lift_before(plan=["something"])
    assert not triggers.laid(connection)
    assert not PageStamp.objects.exists()
    triggers.lift_before(plan=["something"])
    triggers.lay_after()

    assert triggers.laid(connection) == triggers.statements(connection.vendor).keys()
    assert stamp() != before


def test_a_migrate_with_nothing_to_do_leaves_the_stamp() -> None:
    assert not changes(lambda: call_command("migrate", verbosity=0))


def test_an_emptied_table_renews_the_stamp() -> None:
    make_comment(make_post())
    if connection.vendor == "sqlite":
        assert changes(lambda: execute("DELETE FROM comments_thumb; ", "DELETE FROM comments_comment"))
    else:
        assert changes(lambda: execute("TRUNCATE comments_comment CASCADE"))


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
