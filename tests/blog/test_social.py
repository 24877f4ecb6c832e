"""The worker's pass over posts whose picture for social media may be out of date."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image as Pillow

from blog import social
from blog.models import Post, Publication
from blog.social_drawing import DRAWING_VERSION
from tests.factories import make_author, make_image, make_post

pytestmark = pytest.mark.django_db


def never() -> bool:
    return False


def draw(post: Post) -> str:
    """Let the worker pass, and return the name of the post's picture."""
    social.draw_due(never)
    post.refresh_from_db()
    return str(post.social_image.name)


def drawn_files(settings: Any) -> list[str]:
    return sorted(f"social/{file.name}" for file in Path(settings.MEDIA_ROOT, "social").glob("*"))


def test_a_published_post_gets_a_picture_once(settings: Any) -> None:
    post = make_post(title="Tea", authors=[make_author("Ann")], cover=make_image())

    name = draw(post)

    assert drawn_files(settings) == [name]
    with Pillow.open(post.social_image.path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1200, 630))
    assert post.social_image.size < 100_000
    assert social.draw_due(never) == 0


def test_drawing_is_no_change_of_the_post() -> None:
    post = make_post()
    before = (post.updated_at, post.history.count())

    draw(post)

    assert (post.updated_at, post.history.count()) == before


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_at": timezone.now() + datetime.timedelta(days=365)},
        {"visibility": "withdrawn"},
    ],
    ids=["draft", "scheduled", "withdrawn"],
)
def test_what_is_not_published_gets_none(values: dict[str, Any]) -> None:
    assert draw(make_post(**values)) == ""


def test_a_changed_title_is_drawn_and_the_old_file_goes(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    post = make_post(title="Before")
    before = draw(post)

    post.title = "After"
    post.save()
    with django_capture_on_commit_callbacks(execute=True):
        after = draw(post)

    assert before != after
    assert drawn_files(settings) == [after]


def test_a_changed_text_leaves_the_picture_as_it_is(settings: Any) -> None:
    post = make_post()
    before = draw(post)
    written = Path(settings.MEDIA_ROOT, before).stat().st_mtime_ns

    post.source = "Another text."
    post.save()

    assert draw(post) == before
    assert Path(settings.MEDIA_ROOT, before).stat().st_mtime_ns == written


def test_a_new_name_of_an_author_is_noticed() -> None:
    author = make_author("Ann")
    post, other = make_post(authors=[author]), make_post(authors=[make_author("Bob")])
    before, others = draw(post), draw(other)

    author.name = "Ann Marie"
    author.save()

    assert draw(post) != before
    assert draw(other) == others


def test_another_author_is_noticed() -> None:
    post = make_post(authors=[make_author("Ann")])
    before = draw(post)

    post.sign([make_author("Bob")])

    assert draw(post) != before


def test_another_focal_point_is_noticed() -> None:
    cover = make_image()
    post = make_post(cover=cover)
    before = draw(post)

    cover.focus = cover.Focus.TOP_LEFT
    cover.save()

    assert draw(post) != before


def test_a_new_name_of_the_publication_is_noticed(django_assert_num_queries: Any) -> None:
    site = Publication.load()
    post = make_post()
    before = draw(post)

    site.description = "Only this"
    with django_assert_num_queries(2):  # is the name new? no: the row, and no post
        site.save()
    assert social.draw_due(never) == 0
    site.name = "Another journal"
    site.save()

    assert draw(post) != before


def test_a_title_that_the_font_cannot_write_gets_no_picture_and_is_not_tried_again(settings: Any) -> None:
    post = make_post(title="日本の夏")

    assert draw(post) == ""
    assert post.social_digest
    assert drawn_files(settings) == []
    assert social.draw_due(never) == 0


def test_a_cover_whose_file_has_gone_is_left_out() -> None:
    cover = make_image()
    cover.file.storage.delete(cover.file.name)

    assert draw(make_post(cover=cover)) != ""


def test_a_rename_while_the_picture_is_drawn_is_not_lost(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    author = make_author("Ann")
    post = make_post(authors=[author])
    store = social.store

    def store_slowly(drawn: Post, digest: str) -> str:
        name = store(drawn, digest)
        author.name = "Ann Marie"
        author.save()
        return name

    monkeypatch.setattr(social, "store", store_slowly)
    assert social.draw_due(never) == 0
    monkeypatch.setattr(social, "store", store)

    name = draw(post)

    assert post.social_digest == social.digest_of(social.drawn_from(post.pk).get())
    assert drawn_files(settings) == [name]


def test_two_workers_draw_one_picture(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make_post()
    store = social.store

    def store_second(drawn: Post, digest: str) -> str:
        monkeypatch.setattr(social, "store", store)
        assert social.bring_up_to_date(post.pk)
        return store(drawn, digest)

    monkeypatch.setattr(social, "store", store_second)

    assert not social.bring_up_to_date(post.pk)
    post.refresh_from_db()
    assert drawn_files(settings) == [post.social_image.name]


def test_a_post_that_is_deleted_meanwhile_is_passed_over() -> None:
    assert not social.bring_up_to_date(0)


def test_an_older_way_of_drawing_is_noticed() -> None:
    post, current = make_post(), make_post()
    draw(post)
    Post.objects.filter(pk=post.pk).update(social_digest=f"{DRAWING_VERSION - 1}-abc")

    assert social.look_again() == 1
    assert set(Post.objects.filter(social_digest="")) == {post}
    assert draw(current)


def test_a_pass_ends_when_the_worker_stops() -> None:
    make_post()

    assert social.draw_due(lambda: True) == 0


def test_a_pass_over_nothing_costs_one_query_that_an_index_answers(django_assert_num_queries: Any) -> None:
    draw(make_post())

    with django_assert_num_queries(1) as queries:
        social.draw_due(never)

    if connection.vendor == "sqlite":  # PostgreSQL reads a table of one row whole, whatever the index
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries.captured_queries[0]['sql'].split(';')[0]}")
            assert "post_to_draw" in str(cursor.fetchall())
