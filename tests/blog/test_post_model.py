"""Where a post stands, and the steps between."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from blog.models import Author, Byline, Page, Post, Publication
from blog.slugs import LONGEST, free_slug, slug_of
from tests.factories import make_author, make_image, make_post, make_staff, make_tag

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
BEFORE, AFTER = NOW - datetime.timedelta(seconds=1), NOW + datetime.timedelta(seconds=1)

STANDS = [
    # published_at, visibility, published, listed
    (None, "listed", False, False),
    (None, "unlisted", False, False),
    (BEFORE, "listed", True, True),
    (BEFORE, "unlisted", True, False),
    (BEFORE, "withdrawn", False, False),
    (NOW, "listed", True, True),
    (AFTER, "listed", False, False),
    (AFTER, "unlisted", False, False),
    (AFTER, "withdrawn", False, False),
]


@pytest.mark.parametrize(("published_at", "visibility", "published", "listed"), STANDS)
def test_a_post_and_the_database_agree_on_where_it_stands(
    published_at: Any, visibility: str, published: bool, listed: bool
) -> None:
    post = make_post(published_at=published_at, visibility=visibility)

    with time_machine.travel(NOW, tick=False):
        assert (post.is_published, Post.objects.published().exists()) == (published, published)
        assert (post.is_listed, Post.objects.listed().exists()) == (listed, listed)


def test_a_scheduled_post_comes_out_by_itself() -> None:
    make_post(published_at=AFTER)

    with time_machine.travel(NOW, tick=False):
        assert not Post.objects.listed().exists()
    with time_machine.travel(AFTER, tick=False):
        assert Post.objects.listed().exists()


def test_lists_are_newest_first_and_of_two_at_once_the_later_made() -> None:
    first, second = make_post(published_at=BEFORE), make_post(published_at=BEFORE)
    newest = make_post(published_at=NOW)

    assert list(Post.objects.listed()) == [newest, second, first]


def test_in_the_admin_drafts_come_first() -> None:
    published, draft = make_post(), make_post(published_at=None)

    assert list(Post.objects.all()) == [draft, published]


# --- Publishing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [None, AFTER], ids=["draft", "scheduled"])
def test_publishing_makes_a_post_public_now(before: Any) -> None:
    post = make_post(published_at=before)

    with time_machine.travel(NOW, tick=False):
        assert post.publish()

        assert (post.published_at, post.updated_at) == (NOW, NOW)
        assert Post.objects.published().get() == post


def test_publishing_what_is_public_moves_nothing() -> None:
    post = make_post(published_at=BEFORE)

    assert not post.publish()
    assert post.published_at == BEFORE


def test_of_two_who_publish_at_once_one_does_it() -> None:
    mine, theirs = make_post(published_at=None), Post.objects.get()

    assert theirs.publish()
    assert not mine.publish()

    assert mine.published_at == theirs.published_at


def test_publishing_keeps_what_somebody_else_wrote_meanwhile() -> None:
    post = make_post(published_at=None)
    Post.objects.update(title="A better title")

    post.publish()

    assert Post.objects.get().title == "A better title"


# --- Rules that the database holds --------------------------------------------------------------------------------


def test_a_draft_cannot_be_withdrawn() -> None:
    with pytest.raises(IntegrityError, match="post_withdrawn_was_published"), transaction.atomic():
        make_post(published_at=None, visibility="withdrawn")


def test_who_withdraws_a_draft_is_told_why_not() -> None:
    post = make_post(published_at=None)
    post.visibility = Post.Visibility.WITHDRAWN

    with pytest.raises(ValidationError, match="Only a post that was published can be withdrawn"):
        post.full_clean()


def test_two_posts_have_two_addresses() -> None:
    make_post(slug="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(slug="a")


def test_a_name_stands_under_a_post_once() -> None:
    author = make_author()
    post = make_post([author])

    with pytest.raises(IntegrityError), transaction.atomic():
        Byline.objects.create(post=post, author=author)


def test_an_author_with_posts_cannot_be_deleted() -> None:
    author = make_author()
    make_post([author])

    with pytest.raises(IntegrityError):
        author.delete()


def test_a_post_outlives_its_cover_and_its_tags() -> None:
    cover, tag = make_image(), make_tag()
    post = make_post(tags=[tag], cover=cover)

    cover.delete()
    tag.delete()

    post.refresh_from_db()
    assert (post.cover, post.tags.count()) == (None, 0)


def test_a_publication_is_one_row() -> None:
    Publication.load()
    Publication(name="Another").save()

    assert Publication.load().name == "Another"
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.bulk_create([Publication(pk=2)])


# --- Text ---------------------------------------------------------------------------------------------------------


def test_a_text_is_rendered_when_it_is_saved() -> None:
    post = make_post(source="*One* two.")

    assert (post.rendered_html, post.opening, post.word_count) == ("<p><em>One</em> two.</p>\n", "One two.", 2)


def test_saving_the_source_alone_saves_what_is_made_of_it() -> None:
    post = make_post(source="Old.")
    post.source = "New."

    post.save(update_fields=["source"])

    post.refresh_from_db()
    assert (post.rendered_html, post.opening) == ("<p>New.</p>\n", "New.")


def test_saving_another_field_alone_renders_nothing() -> None:
    post = make_post()
    Post.objects.update(rendered_html="as it was")
    post.title = "New"

    post.save(update_fields=["title"])

    assert Post.objects.get().rendered_html == "as it was"


@pytest.mark.parametrize("make", [make_post, Page], ids=["post", "page"])
def test_a_text_has_at_most_200_000_characters(make: Any) -> None:
    text = make(title="A", slug="a", source="x" * 200_000)
    text.clean_fields(exclude=["slug"])

    text.source += "x"

    with pytest.raises(ValidationError, match="200000"):
        text.clean_fields()


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (230, 1), (460, 2), (1150, 5)])
def test_minutes_to_read(words: int, minutes: int) -> None:
    assert Post(word_count=words).reading_minutes == minutes


def test_a_subtitle_stands_before_the_opening() -> None:
    assert Post(subtitle="Mine.", opening="Its own.").standfirst == "Mine."
    assert Post(opening="Its own.").standfirst == "Its own."


# --- Authors, lists, addresses ------------------------------------------------------------------------------------


def test_signing_again_replaces_the_names() -> None:
    first, second, third = make_author(), make_author(), make_author()
    post = make_post([first, second])

    post.sign([third, first])

    assert [byline.author for byline in post.bylines.all()] == [third, first]


def test_a_list_leaves_the_long_texts_where_they_are() -> None:
    make_post()

    post = Post.objects.for_lists().get()

    assert post.get_deferred_fields() == {"source", "rendered_html", "plain_text", "headings"}


@pytest.mark.parametrize(("others", "expected"), [([], None), (["Only"], "Only"), (["One", "Two"], None)])
def test_who_has_no_name_of_their_own_signs_with_the_only_one(others: list[str], expected: str | None) -> None:
    for name in others:
        make_author(name)

    author = Author.likeliest_for(make_staff())

    assert (author.name if author else None) == expected


def test_who_has_a_name_signs_with_it() -> None:
    user = make_staff()
    make_author("Somebody")
    own = make_author("Own", user=user)

    assert Author.likeliest_for(user) == own


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Five things, at most!", "five-things-at-most"),
        ("Über Öl", "über-öl"),
        ("東京の朝", "東京の朝"),
        ("__a--b__", "a-b"),
        ("!!!", ""),
        ("x" * 300, "x" * LONGEST),
        ("x" * 199 + " y", "x" * 199),
    ],
)
def test_an_address_is_made_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_taken_address_gets_a_number() -> None:
    for slug in ("same", "same-2", "post", "x" * LONGEST):
        make_post(slug=slug)

    assert free_slug("Same") == "same-3"
    assert free_slug("!!!") == "post-2"
    assert free_slug("x" * 300) == "x" * (LONGEST - 5) + "-2"
