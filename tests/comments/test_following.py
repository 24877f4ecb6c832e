import datetime
from typing import Any

import pytest
from django.utils import timezone

from blog.models import Post
from comments import following
from comments.models import Comment, Commenter, ConversationMail, Follow
from tests.comments.conversing import AGES_AGO, make_commenter, make_follow, make_settled, send_mails
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def post() -> Post:
    return make_post()


def make_answer(post: Post, to: str = "ann@example.org", **values: Any) -> Comment:
    """Make an answer, two minutes on the page, to a comment by this address."""
    asked = make_comment(post, email=to, followers_told_at=timezone.now())
    return make_settled(post, parent=asked, **values)


# --- Who is told --------------------------------------------------------------------------------------------------


def test_who_follows_a_conversation_is_told_of_every_comment(post: Post) -> None:
    make_follow(post, "ann@example.org")
    make_follow(post, "bob@example.org")
    make_settled(post)

    assert sorted(send_mails()) == ["ann@example.org", "bob@example.org"]


def test_who_follows_answers_is_told_when_somebody_answers_them(post: Post) -> None:
    make_follow(post, "ann@example.org", "replies")
    make_follow(post, "bob@example.org", "replies")
    make_answer(post, to="ann@example.org")
    make_settled(post)

    assert send_mails() == ["ann@example.org"]


def test_an_answer_below_an_answer_goes_to_whom_it_answers(post: Post) -> None:
    make_follow(post, "ann@example.org", "replies")
    make_follow(post, "bob@example.org", "replies")
    answer = make_answer(post, to="ann@example.org", email="bob@example.org", followers_told_at=timezone.now())
    make_settled(post, parent=answer)

    assert send_mails() == ["bob@example.org"]


def test_who_wrote_many_comments_is_told_once_of_one(post: Post) -> None:
    make_follow(post)
    for _number in range(3):
        make_comment(post, email="ann@example.org", followers_told_at=timezone.now())
    make_answer(post)

    assert send_mails() == ["ann@example.org"]
    assert send_mails() == []


@pytest.mark.parametrize("address", ["ann@example.org", "Ann@Example.org"])
def test_nobody_is_told_of_their_own(post: Post, address: str) -> None:
    make_follow(post)
    make_answer(post, email=address)

    assert send_mails() == []


def test_staff_is_not_told_of_what_they_wrote_signed_in(post: Post) -> None:
    make_follow(post, "kim@example.org")
    make_settled(post, user=make_staff("kim"), email="KIM@example.org")

    assert send_mails() == []


def test_who_follows_another_post_is_not_told(post: Post) -> None:
    make_follow(make_post())
    make_answer(post)

    assert send_mails() == []


@pytest.mark.parametrize(
    "values",
    [{"confirmed_at": None}, {"ended_at": timezone.now()}],
    ids=["without the owner's yes", "ended"],
)
def test_a_follow_that_does_not_count_tells_nobody(post: Post, values: dict[str, Any]) -> None:
    make_follow(post, **values)
    make_answer(post)

    assert send_mails() == []


@pytest.mark.parametrize("values", [{"confirmed_at": None}, {"muted_at": timezone.now()}])
def test_an_address_that_is_not_confirmed_or_wants_no_mail_gets_none(post: Post, values: dict[str, Any]) -> None:
    make_follow(post)
    make_commenter("ann@example.org", **values)
    make_answer(post)

    assert send_mails() == []


def test_what_was_on_the_page_before_somebody_said_yes_is_not_mailed(post: Post) -> None:
    make_answer(post)
    make_follow(post, confirmed_at=timezone.now())

    assert send_mails() == []


# --- When ---------------------------------------------------------------------------------------------------------


def test_an_approval_can_be_undone_for_a_minute(post: Post) -> None:
    make_follow(post)
    comment, moderator = make_comment(post, status="waiting"), make_staff()
    comment.approve(moderator)
    assert send_mails() == []

    comment.hold(moderator)
    Comment.objects.update(decided_at=timezone.now() - 2 * MINUTE, published_at=timezone.now() - 2 * MINUTE)
    assert send_mails() == []

    comment.approve(moderator)
    assert send_mails() == []
    Comment.objects.update(decided_at=timezone.now() - 2 * MINUTE)
    assert send_mails() == ["ann@example.org"]


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_what_is_not_on_the_page_is_not_mailed(post: Post, status: str) -> None:
    make_follow(post)
    make_settled(post, status=status)

    assert send_mails() == []
    assert Comment.objects.get().followers_told_at is None


def test_what_was_told_is_not_told_again_when_it_comes_back(post: Post) -> None:
    make_follow(post)
    comment, moderator = make_settled(post), make_staff()
    assert send_mails() == ["ann@example.org"]

    comment.remove(moderator)
    comment.approve(moderator)
    Comment.objects.update(decided_at=timezone.now() - 2 * MINUTE)

    assert send_mails() == []


def test_without_followers_a_comment_is_marked_and_done(post: Post) -> None:
    make_settled(post)

    assert following.tell_followers() == 0
    assert Comment.objects.get().followers_told_at is not None
    assert not ConversationMail.objects.exists()


def test_of_two_workers_one_tells(post: Post) -> None:
    make_follow(post)
    comment = make_settled(post)

    assert following.tell_of(comment) == 1
    assert following.tell_of(comment) == 0
    Comment.objects.update(followers_told_at=None)  # as if the other had not seen the mark
    following.tell_of(comment)

    assert ConversationMail.objects.count() == 1


def test_a_worker_that_is_stopped_leaves_the_rest_for_later(post: Post) -> None:
    make_follow(post)
    make_settled(post)

    assert following.tell_followers(lambda: True) == 0
    assert send_mails() == ["ann@example.org"]


def test_comments_that_nobody_follows_cost_three_queries_however_many(
    post: Post, django_assert_num_queries: Any
) -> None:
    for _number in range(5):
        make_settled(post)

    with django_assert_num_queries(3):
        following.tell_followers()


# --- Looking again before sending ---------------------------------------------------------------------------------


def leave_the_page(comment: Comment) -> None:
    comment.remove(make_staff())


def take_back(comment: Comment) -> None:
    comment.withdraw()


def withdraw_the_post(comment: Comment) -> None:
    Post.objects.filter(pk=comment.post_id).update(visibility="withdrawn")


def end_the_follow(comment: Comment) -> None:
    Follow.objects.all().end()


def mute(comment: Comment) -> None:
    Commenter.objects.get(email="ann@example.org").mute()


def change_the_scope(comment: Comment) -> None:
    Follow.objects.update(scope="replies")


def erase_the_row(comment: Comment) -> None:
    Commenter.objects.get(email="ann@example.org").delete()


@pytest.mark.parametrize(
    "change",
    [leave_the_page, take_back, withdraw_the_post, end_the_follow, mute, change_the_scope, erase_the_row],
)
def test_what_has_become_pointless_is_not_sent_and_says_why(post: Post, change: Any) -> None:
    make_follow(post)
    comment = make_settled(post)
    following.tell_followers()
    assert ConversationMail.objects.get().state == "pending"

    change(comment)

    assert send_mails() == []
    row = ConversationMail.objects.get()
    assert row.state == "skipped"
    assert row.error.endswith(".")


# --- The rows -----------------------------------------------------------------------------------------------------


def test_accepting_begins_what_waits_and_nothing_else(post: Post) -> None:
    waiting = make_follow(post, confirmed_at=None)
    ended = make_follow(make_post(), confirmed_at=None, ended_at=timezone.now())

    assert Follow.objects.all().accept() == 1

    waiting.refresh_from_db()
    ended.refresh_from_db()
    assert waiting.confirmed_at is not None
    assert ended.confirmed_at is None


def test_one_person_follows_a_post_once(post: Post) -> None:
    follow = make_follow(post)

    assert Follow.objects.bulk_create([Follow(commenter=follow.commenter, post=post)], ignore_conflicts=True)
    assert Follow.objects.count() == 1


def test_the_older_of_two_yeses_counts(post: Post) -> None:
    follow = make_follow(post)

    Follow.objects.all().accept()

    follow.refresh_from_db()
    assert follow.confirmed_at is not None
    assert follow.confirmed_at < timezone.now() - AGES_AGO / 2
