"""Deciding about many comments at once."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from comments.models import Action, Block, Comment
from comments.moderation.verbs import MOST_AT_ONCE
from comments.undoing import undo
from tests.comments.moderating import QUEUE, decide_many, make_waiting, signed_in, statuses
from tests.factories import make_comment, make_person, make_post
from tests.plans import plans_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


def test_what_is_ticked_is_decided_as_one_action(client: Client, moderator: User) -> None:
    comments = make_waiting(3)

    page = decide_many(client, comments[:2], "approve")

    assert statuses() == ["approved", "approved", "waiting"]
    assert "2 comments are on their pages now." in page.text
    assert Action.objects.get().decisions.count() == 2


def test_what_others_have_decided_or_erased_meanwhile_is_left_alone(client: Client, moderator: User) -> None:
    comments = make_waiting(4)
    Comment.objects.filter(pk=comments[0].pk).decide("spam", make_person("Moderator"), verb="spam")
    Comment.objects.filter(pk=comments[1].pk).delete()

    page = decide_many(client, comments, "approve")

    assert statuses() == ["spam", "approved", "approved"]
    assert "2 comments are on their pages now. 2 others had been decided already, or are gone." in page.text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a few rows without any index")
@pytest.mark.parametrize("number", [1, 3])
def test_what_is_ticked_is_looked_up_and_not_looked_for(moderator: User, number: int) -> None:
    picked = dict.fromkeys([comment.pk for comment in make_waiting(5)][:number], "waiting")

    decided = plans_of(lambda: Comment.objects.as_seen(picked).decide("approved", moderator, verb="approve"))
    undone = plans_of(lambda: undo(Action.objects.get(), moderator))

    assert set(statuses()) == {"waiting"}
    for plan in (decided, undone):
        assert "SEARCH comments_comment USING INTEGER PRIMARY KEY" in plan
        assert "SCAN comments_comment" not in plan
        assert "SCAN U0" not in plan
        assert "comment_reported" not in plan  # which begins with the status: all that wait
        assert "comment_by_status" not in plan


@pytest.mark.parametrize("ticked", [[], ["x"], ["1"], ["1:gone"], ["-1:waiting"], ["9" * 40 + ":waiting"], ["\0"]])
def test_nothing_ticked_is_said(client: Client, comment: Comment, moderator: User, ticked: list[str]) -> None:
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "comment": ticked}, follow=True)

    assert "Tick the comments first that you mean." in page.text
    assert statuses() == ["waiting"]


def test_all_that_match_are_counted_and_asked_about_first(client: Client, moderator: User) -> None:
    comments = make_waiting(3)
    other = make_comment(make_post(), status="waiting")
    address = f"{QUEUE}many/?post={comments[0].post_id}"

    page = client.post(address, {"verb": "approve", "all": "on"})
    late = make_comment(comments[0].post, status="waiting")

    assert page.status_code == 200
    assert "“Approve” for 3 comments, all that this list has now?" in page.text
    assert set(statuses()) == {"waiting"}

    confirmed = client.post(address, {"verb": "approve", "comment": page.context["picked"]}, follow=True)

    assert "3 comments are on their pages now." in confirmed.text
    waiting = Comment.objects.waiting()
    assert [comment.pk for comment in waiting] == [other.pk, late.pk]


def test_one_action_takes_a_thousand_at_most(client: Client, moderator: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("comments.moderation.views.MOST_AT_ONCE", 2)
    make_waiting(3)

    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"})

    assert "“Approve” for 2 comments" in page.text
    assert "The list has more" in page.text
    client.post(f"{QUEUE}many/", {"verb": "approve", "comment": page.context["picked"]})
    assert statuses() == ["approved", "approved", "waiting"]


def test_a_thousand_are_approved_and_taken_back_in_a_pinned_number_of_queries(
    client: Client, moderator: User, django_assert_max_num_queries: Any
) -> None:
    post = make_post()
    first = make_comment(post, status="waiting")
    rows = [
        Comment(post=post, name="R", email=f"r{n}@example.org", source=f"{n}", status="waiting")
        for n in range(1, MOST_AT_ONCE)
    ]
    for row in rows:
        row.prepare()
    Comment.objects.bulk_create(rows, batch_size=100)
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"})
    cache.clear()

    # session, user, permissions 2, savepoints 2 and 2 of the insert, threads twice, rows, action, update, moved,
    # decisions in 5 parts on SQLite, answers, then the sentence; the undoing has four statuses to look for
    with django_assert_max_num_queries(27):
        client.post(f"{QUEUE}many/", {"verb": "approve", "comment": page.context["picked"]})
    assert set(statuses()) == {"approved"}
    action = Action.objects.get()
    assert action.decisions.count() == MOST_AT_ONCE

    with django_assert_max_num_queries(40):
        client.post(f"{QUEUE}actions/{action.pk}/undo/")
    assert set(statuses()) == {"waiting"}
    first.refresh_from_db()
    assert first.last_action.undoes == action


def test_many_are_blocked_in_a_pinned_number_of_queries(
    client: Client, moderator: User, django_assert_num_queries: Any
) -> None:
    few, many = make_waiting(2), make_waiting(25)
    decide_many(client, make_waiting(1), "ban")  # makes the kept key

    for comments in (few, many):
        with django_assert_num_queries(23):
            client.post(f"{QUEUE}many/", {"verb": "ban", "comment": [f"{one.pk}:waiting" for one in comments]})
    assert Block.objects.count() == 28
