"""Undoing: once, and only where nobody has decided anew since."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Action, Block, Comment, Decision, Report
from comments.undoing import AlreadyUndoneError, undo
from tests.comments import moderating
from tests.comments.moderating import QUEUE, ask, decide, decide_many, signed_in, statuses
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


@pytest.mark.parametrize(
    ("verb", "before"),
    [("approve", "waiting"), ("spam", "approved"), ("remove", "waiting"), ("hold", "spam"), ("ban", "waiting")],
)
def test_every_decision_can_be_undone(client: Client, moderator: User, verb: str, before: str) -> None:
    comment = make_comment(make_post(), status=before)
    page = decide(client, comment, verb).text
    action = Action.objects.get()
    assert f'action="{QUEUE}actions/{action.pk}/undo/?"' in page

    page = moderating.undo(client).text

    assert statuses() == [before]
    assert "Undone. One comment is back where it was." in page
    assert "/undo/" not in page
    undoing = Action.objects.latest("pk")
    assert (undoing.verb, undoing.undoes, undoing.user) == ("undo", action, moderator)
    assert undoing.decisions.get().after == before


def test_many_go_back_to_where_each_of_them_was(client: Client, moderator: User) -> None:
    post = make_post()
    comments = [make_comment(post, status=status) for status in ("waiting", "spam", "waiting", "approved")]
    decide_many(client, comments, "remove")
    assert set(statuses()) == {"removed"}

    page = moderating.undo(client).text

    assert statuses() == ["waiting", "spam", "waiting", "approved"]
    assert "Undone. 4 comments are back where they were." in page


def test_what_was_decided_anew_since_stays(client: Client, moderator: User) -> None:
    first, second = (make_comment(make_post(), status="waiting") for _ in range(2))
    decide_many(client, [first, second], "approve")
    action = Action.objects.get()
    Comment.objects.get(pk=first.pk).mark_spam(make_person("Moderator"))

    page = moderating.undo(client, action).text

    assert statuses() == ["spam", "waiting"]
    assert "One comment is back where it was. One other had been decided already, or is gone." in page


def test_a_stale_undo_says_so_and_leaves_no_row(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    comment.approve(moderator)
    action = Action.objects.get()
    comment.mark_spam(make_person("Moderator"))

    page = moderating.undo(client, action).text

    assert statuses() == ["spam"]
    assert "Something else was decided since. Nothing was undone." in page
    assert Action.objects.count() == 2


def test_undoing_twice_says_so(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    comment.approve(moderator)
    action = Action.objects.get()
    moderating.undo(client, action)

    assert "That was undone already." in moderating.undo(client, action).text
    assert "That was undone already." in ask(client, f"actions/{action.pk}/undo/").json()["told"]
    with pytest.raises(AlreadyUndoneError):
        undo(action, moderator)
    assert Action.objects.count() == 2


@pytest.mark.parametrize("verb", ["undo", "edit", "withdraw", "erase"])
def test_an_undoing_and_what_an_author_did_are_final(client: Client, moderator: User, verb: str) -> None:
    comment = make_comment(make_post(), status="removed")
    action = Action.objects.create(verb=verb)
    Decision.objects.create(action=action, comment_number=comment.pk, before="waiting", after="removed")
    Comment.objects.update(last_action=action)

    moderating.undo(client, action)

    assert statuses() == ["removed"]
    assert Action.objects.get() == action


def test_what_its_author_took_back_meanwhile_does_not_come_back(client: Client, moderator: User) -> None:
    comment = make_comment(make_post())
    comment.remove(moderator)
    Comment.objects.update(withdrawn_at=timezone.now())

    moderating.undo(client)

    assert statuses() == ["removed"]


def test_comments_that_were_erased_meanwhile_are_passed_over(client: Client, moderator: User) -> None:
    comments = [make_comment(make_post(), status="waiting") for _ in range(2)]
    decide_many(client, comments, "approve")
    Comment.objects.filter(pk=comments[0].pk).delete()

    assert "One comment is back where it was. One other" in moderating.undo(client).text
    assert statuses() == ["waiting"]


def test_an_action_that_is_not_there_is_a_kind_404(client: Client, moderator: User) -> None:
    response = client.post(f"{QUEUE}actions/1/undo/")

    assert response.status_code == 404
    assert "The log has no such action." in response.text


def test_undoing_a_ban_lifts_its_block_and_no_other(client: Client, moderator: User) -> None:
    ann = make_comment(make_post(), email="ann@example.org", status="waiting")
    again = make_comment(make_post(), email="Ann@example.org", status="waiting")
    decide(client, ann, "ban", reason="A bore")
    decide(client, again, "ban")
    first, second = Action.objects.order_by("pk")

    moderating.undo(client, second)
    assert Block.objects.get().reason == "A bore"
    moderating.undo(client, first)

    assert not Block.objects.exists()
    assert statuses() == ["waiting", "waiting"]


def test_a_ban_is_lifted_even_where_its_comment_was_decided_anew(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    decide(client, comment, "ban")
    action = Action.objects.get()
    Comment.objects.get().approve(moderator)

    moderating.undo(client, action)

    assert not Block.objects.exists()
    assert statuses() == ["approved"]


def test_undoing_a_reply_takes_the_answer_off_the_page(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes."})

    moderating.undo(client)

    assert statuses() == ["waiting", "removed"]
    comment.refresh_from_db()
    assert comment.answers == 0


@pytest.mark.parametrize("verb", ["pin", "unpin"])
def test_a_pin_goes_back(client: Client, moderator: User, verb: str) -> None:
    pinned_at = timezone.now() if verb == "unpin" else None
    comment = make_comment(make_post(), pinned_at=pinned_at)
    decide(client, comment, verb)

    moderating.undo(client)

    assert bool(Comment.objects.get().pinned_at) == bool(pinned_at)


def test_reports_come_back_with_a_comment_that_was_kept(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), reports=2)
    for reader in "ab":
        Report.objects.create(comment=comment, reader=reader, reason="spam")
    decide(client, comment, "keep")

    moderating.undo(client)

    assert Comment.objects.get().reports == 2


def test_a_thread_counts_its_answers_again(client: Client, moderator: User) -> None:
    top = make_comment(make_post())
    answer = make_comment(top.post, parent=top, status="waiting")
    other = make_comment(top.post)
    make_comment(top.post, parent=other, status="waiting")

    decide(client, answer, "approve")
    assert dict(Comment.objects.filter(depth=0).values_list("pk", "answers")) == {top.pk: 1, other.pk: 0}
    moderating.undo(client)
    assert dict(Comment.objects.filter(depth=0).values_list("pk", "answers")) == {top.pk: 0, other.pk: 0}


def test_the_script_hears_what_came_back(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    comment.approve(moderator)

    answer: dict[str, Any] = ask(client, f"actions/{Action.objects.get().pk}/undo/").json()

    assert (answer["undo"], answer["left"], answer["stayed"]) == (None, [], [comment.pk])
