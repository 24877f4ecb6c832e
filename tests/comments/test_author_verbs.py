"""What the author of a comment does to it: edit and withdraw."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from comments.forms import CommentForm
from comments.judging import Verdict
from comments.models import Action, Comment, Decision
from tests.at_once import at_once, real_database
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

FINE = Verdict(Comment.Status.APPROVED)
HELD = Verdict(Comment.Status.WAITING, [("links", {"count": 3})], 0.4)
SPAM = Verdict(Comment.Status.SPAM, [("words", {})], 0.99)


@pytest.fixture
def comment() -> Comment:
    return make_comment(
        make_post(),
        name="Ann Secret",
        email="ann@secret.example",
        website="https://secret.example/",
        source="A secret.",
        network="1" * 64,
        held_for=[["first", {}]],
        score=0.5,
        pinned_at=timezone.now(),
        to_learn=True,
    )


# --- Edit ---------------------------------------------------------------------------------------------------------


def test_an_edit_changes_everything_that_follows_from_the_text(comment: Comment) -> None:
    assert comment.edit("Now *this*.", FINE)

    stored = Comment.objects.get()
    twin = Comment(post=stored.post, email=stored.email, source="Now *this*.")
    twin.prepare()
    assert (stored.source, stored.rendered_html) == ("Now *this*.", "<p>Now <em>this</em>.</p>\n")
    assert (stored.digest, stored.text_digest) == (twin.digest, twin.text_digest)
    assert stored.edited_at is not None
    assert stored.name == "Ann Secret"


@pytest.mark.parametrize(
    ("before", "verdict", "after"),
    [
        ("approved", FINE, "approved"),
        ("approved", HELD, "waiting"),
        ("approved", SPAM, "spam"),
        ("waiting", FINE, "waiting"),
        ("waiting", HELD, "waiting"),
        ("waiting", SPAM, "spam"),
        ("spam", FINE, "spam"),
        ("spam", HELD, "spam"),
    ],
)
def test_an_edit_takes_a_comment_off_the_page_and_never_onto_it(before: str, verdict: Verdict, after: str) -> None:
    comment = make_comment(make_post(), status=before, held_for=[["first", {}]])

    assert comment.edit("Something else.", verdict)

    comment = Comment.objects.get()
    reasons = [["first", {}]] if verdict == FINE else [list(reason) for reason in verdict.reasons]
    assert (comment.status, comment.held_for) == (after, reasons)
    action = Action.objects.get()
    assert (action.verb, action.via, action.user) == ("edit", "reader", None)
    assert list(Decision.objects.values_list("action", "comment_number", "before", "after")) == [
        (action.pk, comment.pk, before, after)
    ]


def test_an_edit_that_hides_an_answer_is_counted() -> None:
    first = make_comment(make_post())
    answer = make_comment(first.post, parent=first)
    Comment.objects.filter(pk=answer.pk).count_answers()

    answer.edit("Buy this.", HELD)

    first.refresh_from_db()
    assert first.answers == 0


def test_a_comment_can_be_edited_for_a_quarter_of_an_hour(comment: Comment) -> None:
    with time_machine.travel(comment.editable_until - datetime.timedelta(seconds=1), tick=False):
        assert comment.is_editable()
    with time_machine.travel(comment.editable_until, tick=False):
        assert not comment.is_editable()
        assert not comment.edit("Too late.", FINE)

    assert Comment.objects.get().source == "A secret."
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("status", "editable"), [("approved", False), ("waiting", True), ("spam", True), ("removed", True)]
)
def test_an_answer_that_readers_see_ends_the_time_to_edit(comment: Comment, status: str, editable: bool) -> None:
    make_comment(comment.post, parent=comment, status=status)

    assert comment.is_editable() == editable
    assert comment.edit("Changed.", FINE) == editable


def test_a_refused_comment_is_not_edited(comment: Comment) -> None:
    comment.remove(make_staff())

    assert not comment.edit("Please.", FINE)
    assert Comment.objects.get().source == "A secret."


def test_an_edit_into_another_comment_of_theirs_changes_nothing(comment: Comment) -> None:
    make_comment(comment.post, email=comment.email, source="Said already.")

    assert not comment.edit("Said already.", FINE)
    assert Comment.objects.get(pk=comment.pk).source == "A secret."
    assert not Action.objects.exists()


# --- Withdraw -----------------------------------------------------------------------------------------------------


def words_of(row: models.Model) -> str:
    return " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)


@pytest.mark.parametrize("status", Comment.Status.values)
def test_withdrawing_leaves_the_place_and_nothing_else(comment: Comment, status: str) -> None:
    Comment.objects.update(status=status)
    before = Comment.objects.get()

    assert comment.withdraw()

    stored = Comment.objects.get()
    assert (stored.status, stored.rendered_html, stored.source, stored.name) == ("removed", "", "", "")
    assert (stored.path, stored.thread, stored.depth) == (before.path, before.thread, before.depth)
    assert (stored.commenter, stored.network, stored.text_digest, stored.held_for) == (None, "", "", [])
    assert (stored.pinned_at, stored.to_learn) == (None, False)
    assert stored.withdrawn_at is not None
    for gone in ("ecret", before.digest, before.text_digest, before.network):
        assert gone not in words_of(stored)
    action = Action.objects.get()
    assert (action.verb, action.via, action.user) == ("withdraw", "reader", None)
    assert list(Decision.objects.values_list("comment_number", "before", "after")) == [(stored.pk, status, "removed")]


def test_what_was_taken_back_is_not_taken_back_again_and_never_comes_back(comment: Comment) -> None:
    comment.withdraw()
    before = Comment.objects.values().get()

    assert not comment.withdraw()
    assert not comment.approve(make_staff())
    assert not comment.edit("Back.", FINE)
    assert not comment.correct(make_staff(), ["name"])

    assert Comment.objects.values().get() == before
    assert Action.objects.count() == 1


def test_the_database_refuses_to_show_what_was_taken_back(comment: Comment) -> None:
    comment.withdraw()

    with pytest.raises(IntegrityError, match="comment_withdrawn_is_removed"), transaction.atomic():
        Comment.objects.update(status="approved")


@pytest.mark.parametrize("number", [2, 20])
def test_many_are_withdrawn_as_one_action(django_assert_num_queries: Any, number: int) -> None:
    post = make_post()
    first = make_comment(post)
    for _ in range(number):
        make_comment(post, parent=first)
    Comment.objects.all().count_answers()

    # savepoint and its end, the threads (held twice), the rows, the action, the update, its numbers, the audit log, the
    # threads' answers
    with django_assert_num_queries(10):
        action = Comment.objects.filter(depth=1).withdraw(verb=Action.Verb.ERASE)

    assert action is not None
    assert (action.verb, action.decisions.count()) == ("erase", number)
    first.refresh_from_db()
    assert first.answers == 0


# --- At the same moment -------------------------------------------------------------------------------------------


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with real_database(tmp_path):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("together")
def test_one_comment_that_is_sent_eight_times_at_once_is_stored_once() -> None:
    post = make_post()
    words = {"name": "Ann", "email": "ann@example.org", "body": "Once."}

    def send() -> int:
        form = CommentForm(words, post=post)
        assert form.is_valid()
        return form.save().pk

    assert set(at_once(*[send] * 8)) == set(Comment.objects.values_list("pk", flat=True))
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("together")
def test_of_approving_and_withdrawing_at_once_the_author_wins() -> None:
    moderator = make_staff()
    for _ in range(5):
        comment = make_comment(make_post(), status="waiting")
        this = Comment.objects.filter(pk=comment.pk)

        at_once(
            lambda this=this: this.get().approve(moderator),
            lambda this=this: this.get().withdraw(),
            lambda this=this: this.get().withdraw(),
        )

        after = this.get()
        assert (after.status, after.source, after.name) == ("removed", "", "")
        verbs = list(Action.objects.filter(decisions__comment_number=comment.pk).values_list("verb", flat=True))
        assert sorted(verbs) in (["withdraw"], ["approve", "withdraw"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("together")
def test_an_edit_and_an_answer_at_once_are_both_whole() -> None:
    moderator = make_staff()
    for _ in range(5):
        comment = make_comment(make_post(), source="Before.")
        answer = make_comment(comment.post, parent=comment, status="waiting")

        edited, approved = at_once(
            lambda comment=comment: Comment.objects.get(pk=comment.pk).edit("After.", FINE),
            lambda answer=answer: Comment.objects.get(pk=answer.pk).approve(moderator),
        )

        after = Comment.objects.get(pk=comment.pk)
        assert approved
        assert (after.source, after.rendered_html) == (
            ("After.", "<p>After.</p>\n") if edited else ("Before.", "<p>Before.</p>\n")
        )
        assert after.answers == 1
        assert not after.is_editable()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("together")
def test_an_edit_and_a_refusal_at_once_leave_it_refused() -> None:
    moderator = make_staff()
    comment = make_comment(make_post())

    at_once(
        lambda: Comment.objects.get().edit("After.", HELD),
        lambda: Comment.objects.get().remove(moderator),
        lambda: Comment.objects.get().edit("Later.", SPAM),
    )

    comment.refresh_from_db()
    assert comment.status == "removed"
    numbers = Decision.objects.filter(comment_number=comment.pk)
    assert Action.objects.count() == numbers.count()
