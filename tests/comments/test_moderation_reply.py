"""A moderator's answer from the queue."""

import pytest
from django.test import Client

from accounts.models import User
from comments.models import Action, Comment
from tests.comments.moderating import QUEUE, ask, signed_in, statuses
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


def test_a_reply_appears_at_once_and_approves_the_comment(client: Client, comment: Comment) -> None:
    moderator = signed_in(client, "kim")

    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Thank *you*."}, follow=True)

    assert "Your answer is on the page, below the comment." in page.text
    reply = Comment.objects.get(parent=comment)
    assert (reply.status, reply.user, reply.name) == ("approved", moderator, "kim")
    comment.refresh_from_db()
    assert (comment.status, comment.answers) == ("approved", 1)
    shown = Client().get(comment.post.get_absolute_url()).text
    assert shown.index("Well <em>said</em>.") < shown.index("Thank <em>you</em>.")
    assert Action.objects.get().decisions.count() == 2


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001])
def test_a_reply_that_cannot_be_sent_keeps_every_word(
    client: Client, comment: Comment, moderator: User, body: str
) -> None:
    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": body})
    answer = ask(client, f"{comment.pk}/reply/", {"body": body})

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "Nothing you wrote is lost" in page.text
    assert body in page.text
    assert answer.json()["error"]
    assert statuses() == ["waiting"]


def test_a_reply_does_not_bring_back_what_somebody_else_took_away(
    client: Client, comment: Comment, moderator: User
) -> None:
    comment.mark_spam(make_person("Moderator"))

    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes.", "was": "waiting"}, follow=True)

    assert "Somebody has decided that already." in page.text
    assert statuses() == ["spam"]


def test_the_same_reply_sent_twice_is_one(client: Client, comment: Comment, moderator: User) -> None:
    for _ in range(2):
        page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes."}, follow=True)

    assert "Somebody has decided that already." in page.text
    assert Comment.objects.count() == 2
    assert Action.objects.count() == 1
