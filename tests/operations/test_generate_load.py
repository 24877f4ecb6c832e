"""`manage.py generate_load`: content that nobody wrote, and that nothing finds odd."""

import datetime
import re
from collections.abc import Iterable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from blog.models import Post, Tag
from comments.models import Comment, Commenter, Thumb
from comments.models.comment import DEEPEST, SEGMENT, text_digest_of
from comments.threads import PER_PAGE
from operations import load
from operations.load_rows import Table
from subscribers import newsletter
from subscribers.models import Consent, Issue, ListSize, Subscriber, Suppression
from tests.factories import make_post, make_subscriber

pytestmark = pytest.mark.django_db

SIZE = load.Size(posts=120, comments=600, subscribers=300)
DAY = datetime.date(2026, 3, 1)
COPIED = [Post, Post.tags.through, Tag, Comment, Commenter, Thumb, Subscriber, Consent]


def generate(size: load.Size = SIZE, seed: int = 1, until: datetime.date | None = None) -> None:
    load.generate(size, seed, until or load.today())


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("generate_load", "--posts=3", "--comments=10", "--subscribers=5", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in COPIED}


def columns(rows: Iterable[models.Model], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in names) for row in rows]


def test_it_writes_as_much_as_was_asked_for() -> None:
    said = run()

    assert (Post.objects.count(), Comment.objects.count(), Subscriber.objects.count()) == (3, 10, 5)
    assert said.startswith("Wrote 3 posts, 10 comments and 5 subscribers")


def test_the_same_seed_and_day_give_the_same_data() -> None:
    generate(until=DAY)
    first = everything()
    for model in [Comment, Commenter, Suppression, Subscriber, Post, Tag, ListSize]:
        model._default_manager.all().delete()
    generate(until=DAY)

    second = everything()

    assert unnumbered(first) == unnumbered(second)


def unnumbered(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out what names a row or one by number, in case the database went on counting."""
    return {
        name: [{key: value for key, value in row.items() if key != "id" and not key.endswith("_id")} for row in found]
        for name, found in rows.items()
    }


def test_another_seed_gives_other_data() -> None:
    generate(until=DAY)
    first = list(Post.objects.order_by("pk").values_list("title", flat=True))
    generate(seed=2, until=DAY)

    assert first != list(Post.objects.order_by("pk").values_list("title", flat=True)[len(first) :])


def test_it_refuses_where_there_is_content_already() -> None:
    make_post()

    with pytest.raises(CommandError, match="--add"):
        run()
    assert Post.objects.count() == 1


def test_it_writes_beside_content_if_told_to() -> None:
    make_post(slug="mine")
    make_subscriber("me@example.org")
    run("--add")
    run("--add", "--seed=2")

    assert Post.objects.count() == 7
    assert make_post().pk > 7, "the database goes on counting"
    assert Client().get("/posts/mine/").status_code == 200


def test_comments_without_posts_are_refused() -> None:
    with pytest.raises(CommandError, match="need posts"):
        run("--posts=0")


def test_posts_are_as_the_renderer_would_leave_them() -> None:
    generate()
    names = [*Post.RENDERED_FIELDS]
    posts = list(Post.objects.all()[:20])
    stored = columns(posts, *names)
    for post in posts:
        post.render()

    assert columns(posts, *names) == stored


def test_posts_are_published_drafts_and_scheduled_and_have_authors_tags_and_a_series() -> None:
    generate()

    assert Post.objects.filter(published_at=None).exists()
    assert Post.objects.filter(published_at__gt=timezone.now()).exists()
    assert Post.objects.filter(visibility="unlisted").exists()
    assert not Post.objects.filter(authors=None).exists()
    assert Post.objects.exclude(series=None).count() == load.PARTS
    counts = Tag.objects.annotate(n=Count("posts")).order_by("-n").values_list("n", flat=True)
    assert counts[0] > 10 * counts[30], "a few tags have most of the posts"


def test_comments_stand_where_their_paths_say() -> None:
    generate()
    comments = Comment.objects.select_related("parent")

    for comment in comments:
        above = comment.parent.path[: SEGMENT * DEEPEST] if comment.parent else ""
        assert comment.path.startswith(above)
        assert len(comment.path) == len(above) + SEGMENT
        assert (comment.thread, comment.depth) == (comment.path[:SEGMENT], len(comment.path) // SEGMENT - 1)
        if comment.parent:
            assert comment.parent.post_id == comment.post_id
            assert comment.parent.created_at <= comment.created_at
            assert comment.parent.status == "approved"
    assert {comment.depth for comment in comments} >= {0, 1, 2, 3}


def test_comments_are_as_their_verbs_would_leave_them() -> None:
    generate()
    comments = list(Comment.objects.all()[:50])
    stored = columns(comments, "digest", "text_digest", "rendered_html", "renderer_version")
    for comment in comments:
        comment.digest = ""
        comment.prepare()

    assert columns(comments, "digest", "text_digest", "rendered_html", "renderer_version") == stored
    assert all(row[1] == text_digest_of(comment.source) for row, comment in zip(stored, comments, strict=True))


def test_answers_and_thumbs_are_counted() -> None:
    generate()
    answers = dict(Comment.objects.values_list("pk", "answers"))
    Comment.objects.all().count_answers()

    assert dict(Comment.objects.values_list("pk", "answers")) == answers
    assert any(answers.values())
    given = Thumb.objects.values("comment").annotate(n=Count("pk")).values_list("comment", "n")
    assert dict(Comment.objects.filter(pk__in=dict(given)).values_list("pk", "thumbs")) == dict(given)


def test_some_comments_wait_and_some_are_spam_and_say_why() -> None:
    generate()
    counts = dict(Comment.objects.order_by().values_list("status").annotate(n=Count("pk")))

    assert counts["waiting"] == 60
    assert counts["spam"] == 60
    assert counts["approved"] > 400
    assert not Comment.objects.filter(status__in=["waiting", "spam"], held_for=[]).exists()


def test_nobody_is_mailed_about_any_of_it() -> None:
    generate()
    newsletter.run_once()

    assert not Issue.objects.exists()
    assert not Comment.objects.filter(status="approved", followers_told_at=None).exists()
    assert not Comment.objects.filter(moderators_told_at=None).exists()


def test_everybody_on_the_list_has_a_standing_and_an_account_of_it() -> None:
    generate()
    counts = dict(Subscriber.objects.order_by().values_list("status").annotate(n=Count("pk")))

    assert set(counts) == {"active", "pending", "unsubscribed", "suppressed"}
    assert not Subscriber.objects.filter(consents=None).exists()
    assert Suppression.objects.count() == counts["suppressed"]
    assert ListSize.objects.get(date=timezone.localdate()).active == counts["active"]


def test_its_pages_are_whole(client: Client) -> None:
    generate()
    post = Post.objects.listed().annotate(n=Count("comments")).filter(n__lte=PER_PAGE).order_by("-n").first()
    assert post is not None

    page = client.get(post.get_absolute_url())

    assert page.status_code == 200
    shown = {int(number) for number in re.findall(r'id="comment-(\d+)"', page.text)}
    assert shown == set(post.comments.approved().values_list("pk", flat=True))
    assert client.get("/").status_code == 200


def test_a_row_gets_the_defaults_of_what_is_not_named() -> None:
    table = Table(Tag, "name", "slug")
    table.add("A tag", "a-tag")
    table.store()

    assert Tag.objects.get().description == ""
