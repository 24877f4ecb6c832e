"""A prepared query gives what the query itself gives, with other values each time."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post, Tag
from blog.prepared import Prepared, PreparedInsert, PreparedUpdate
from comments.models import Comment
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

AT = Prepared(lambda slug: Post.objects.filter(slug=slug))


def test_it_finds_the_row_of_the_value_that_is_given() -> None:
    one, two = make_post(slug="one"), make_post(slug="two")

    assert [AT.first("one"), AT.first("two"), AT.first("three")] == [one, two, None]


def test_its_rows_are_what_the_query_gives(django_assert_num_queries: Any) -> None:
    make_comment(make_post(slug="one"), held_for=[["links", {"count": 3}]])
    post = Post.objects.get()
    comments = Prepared(lambda pk: post.comments.filter(pk=pk))
    pk = post.comments.get().pk

    with django_assert_num_queries(2):
        found, comment = AT.first("one"), comments.first(pk)
    assert found is not None
    assert comment is not None
    assert vars_of(found) == vars_of(post)
    assert vars_of(comment) == vars_of(post.comments.get())


def vars_of(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_what_it_leaves_out_is_fetched_when_it_is_asked_for(django_assert_num_queries: Any) -> None:
    make_post(slug="one", source="Long.")
    found = Prepared(lambda slug: Post.objects.filter(slug=slug).defer("source")).first("one")

    assert found is not None
    assert "source" in found.get_deferred_fields()
    with django_assert_num_queries(1):
        assert found.source == "Long."


def test_lists_of_any_length_and_moments_can_be_given() -> None:
    now = timezone.now()
    for slug in "abc":
        make_post(slug=slug, published_at=now)
    known = Prepared(
        lambda since, slugs: Post.objects.filter(slug__in=slugs, published_at__gt=since).order_by("slug").values("slug")
    )
    hour = datetime.timedelta(hours=1)

    assert known.column(now - hour, ["a", "c", "x"]) == ["a", "c"]
    assert known.column(now - hour, ["b"]) == ["b"]
    assert known.column(now + hour, ["a", "b"]) == []
    assert known.column(now - hour, []) == []


def test_moments_come_back_as_moments() -> None:
    post = make_post(slug="one")

    (moment,) = Prepared(lambda slug: Post.objects.filter(slug=slug).values("published_at")).column("one")

    assert moment == post.published_at


def test_a_value_is_never_read_as_sql() -> None:
    make_post(slug="one")

    assert AT.first("one' OR '1'='1") is None
    assert AT.first("%s") is None


def test_its_sql_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda self, *args, **kw: written.append(1) or as_sql(self, *args, **kw))
    query = Prepared(lambda slug: Post.objects.filter(slug=slug))

    for slug in ("one", "two", "three"):
        query.first(slug)

    assert len(written) == 1


def test_an_update_changes_what_fits_and_says_how_much() -> None:
    one, two = make_post(slug="one"), make_post(slug="two")
    Post.objects.filter(slug="one").update(word_count=1)
    Post.objects.filter(slug="two").update(word_count=10)
    count = PreparedUpdate(
        lambda slugs, most, by: (
            Post.objects.filter(slug__in=slugs, word_count__lt=most),
            {"word_count": F("word_count") + by},
        )
    )

    with CaptureQueriesContext(connection) as asked:
        assert count.run(["one", "two"], 10, 5) == 1
        assert count.run(["one", "two"], 100, 7) == 2

    assert len(asked) == 2
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.word_count, two.word_count) == (13, 17)


def test_an_insert_stores_what_saving_would() -> None:
    make_comment(make_post(), held_for=[["links", {"count": 3}]])
    row = Comment.objects.get()
    row.pk, row.digest, row.path = None, "another", "another"

    with CaptureQueriesContext(connection) as asked:
        assert PreparedInsert(Comment).add(row)

    assert len(asked) == 1
    assert not row._state.adding
    assert vars_of(Comment.objects.get(pk=row.pk)) == vars_of(row)


def test_an_insert_that_a_constraint_refuses_stores_nothing_and_the_transaction_goes_on() -> None:
    insert = PreparedInsert(Tag)
    tags = [Tag(name="One", slug="one"), Tag(name="Another", slug="one"), Tag(name="Two", slug="two")]

    assert [insert.add(tag) for tag in tags] == [True, False, True]
    assert tags[1].pk is None
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["One", "Two"]
