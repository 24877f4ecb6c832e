"""Saving makes revisions; restoring brings one back."""

import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from blog.models import Page, Post
from tests.factories import make_image, make_page, make_post

pytestmark = pytest.mark.django_db

MAKERS = [make_post, make_page]


@pytest.mark.parametrize("make", MAKERS)
def test_a_save_that_changes_something_makes_one_revision(make: object) -> None:
    text = make()  # type: ignore[operator]
    text.title = "Changed"
    text.save()

    assert [revision.history_type for revision in text.history.all()] == ["~", "+"]
    assert text.history.first().title == "Changed"


@pytest.mark.parametrize("make", MAKERS)
def test_a_save_that_changes_nothing_makes_none(make: object) -> None:
    text = make()  # type: ignore[operator]
    text.save()
    type(text).objects.get(pk=text.pk).save()

    assert text.history.count() == 1


def test_what_only_saves_change_is_no_part_of_a_revision(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    post = make_post()
    post.social_digest = "drawn anew"

    with django_assert_num_queries(5):  # the row, between the ends of two savepoints
        post.save(update_fields=["social_digest"])

    assert post.history.count() == 1


@pytest.mark.parametrize("make", MAKERS)
def test_restoring_brings_the_words_back_as_a_new_revision(make: object) -> None:
    text = make(title="First", source="Old *words*.")  # type: ignore[operator]
    first = text.history.first()
    text.title, text.source = "Second", "New words."
    text.save()

    assert text.restore(first, "From the first")

    stored = type(text).objects.get(pk=text.pk)
    assert (stored.title, stored.source) == ("First", "Old *words*.")
    assert stored.rendered_html == "<p>Old <em>words</em>.</p>\n"
    assert text.history.count() == 3
    assert text.history.first().history_change_reason == "From the first"
    assert not text.restore(first)


def test_page_and_feed_follow_what_is_restored(client: Client) -> None:
    post = make_post(source="The old words.")
    old = post.history.first()
    post.source = "The new words."
    post.save()
    assert "The new words." in client.get(post.get_absolute_url()).text

    post.restore(old)

    assert "The old words." in client.get(post.get_absolute_url()).text
    assert "The old words." in client.get("/feeds/posts.atom").text


def test_restoring_what_was_a_draft_leaves_the_post_where_it_stands(client: Client) -> None:
    post = make_post(slug="first", published_at=None, source="Draft.")
    draft = post.history.first()
    Post.objects.get(pk=post.pk).publish()
    now = Post.objects.get(pk=post.pk)
    now.slug, now.source, now.allow_comments = "second", "Final.", False
    now.save()

    post.restore(draft)  # by somebody who fetched it before all that

    stored = Post.objects.get(pk=post.pk)
    assert stored.source == "Draft."
    assert (stored.slug, stored.allow_comments, stored.is_published) == ("second", False, True)
    assert stored.history.first().slug == "second"


def test_restoring_leaves_out_what_is_gone() -> None:
    image = make_image()
    post = make_post(cover=image, reviewed_by="Dr. Who", reviewed_on=datetime.date(2026, 1, 2))
    old = post.history.first()
    image.delete()
    post = Post.objects.get(pk=post.pk)
    post.reviewed_by, post.reviewed_on = "", None
    post.save()

    post.restore(old)

    assert post.cover is None
    assert post.reviewed_by == "Dr. Who"


def test_what_a_deleted_text_said_stays_in_its_history() -> None:
    page = make_page(source="Gone, not forgotten.")
    pk = page.pk
    page.delete()

    assert [(row.history_type, row.source) for row in Page.history.filter(id=pk)] == [
        ("-", "Gone, not forgotten."),
        ("+", "Gone, not forgotten."),
    ]
