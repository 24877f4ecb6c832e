import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from comments.models import Action, Comment
from tests.factories import make_comment, make_post, make_staff
from tests.plans import plans_of

pytestmark = pytest.mark.django_db

VERBS = [
    (Comment.approve, "approved"),
    (Comment.remove, "removed"),
    (Comment.mark_spam, "spam"),
    (Comment.hold, "waiting"),
]


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(), status="waiting")


@pytest.mark.parametrize(("verb", "status"), VERBS)
def test_a_verb_records_what_was_decided_by_whom_and_when(verb, status: str) -> None:
    other = "approved" if status == "waiting" else "waiting"
    comment, moderator, before = make_comment(make_post(), status=other), make_staff(), timezone.now()

    assert verb(comment, moderator)

    stored = Comment.objects.get()
    assert (comment.status, stored.status) == (status, status)
    assert stored.decided_by == moderator
    assert before <= stored.decided_at <= timezone.now()


@pytest.mark.parametrize(("verb", "status"), VERBS)
def test_what_somebody_else_has_decided_already_stays_theirs(verb, status: str) -> None:
    comment, faster, slower = make_comment(make_post(), status="waiting"), make_staff(), make_staff()
    Comment.objects.update(status=status, decided_by=faster, decided_at=timezone.now(), published_at=timezone.now())
    decided_at = Comment.objects.get().decided_at

    assert not verb(comment, slower)

    stored = Comment.objects.get()
    assert (stored.decided_by, stored.decided_at) == (faster, decided_at)
    assert (comment.status, comment.decided_by) == (status, faster)


@pytest.mark.parametrize(
    "verb",
    [*(verb for verb, _status in VERBS), Comment.pin, Comment.unpin, Comment.keep, lambda gone, _: gone.withdraw()],
)
def test_nothing_is_done_to_a_comment_that_is_gone_meanwhile(verb, comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).delete()

    assert not verb(comment, make_staff())
    assert not Action.objects.exists()


def test_a_decision_leaves_the_text_alone(comment: Comment) -> None:
    Comment.objects.update(source="Changed meanwhile.")

    comment.approve(make_staff())

    assert Comment.objects.get().source == "Changed meanwhile."


def test_the_same_comment_is_stored_once(comment: Comment) -> None:
    twin = Comment(post=comment.post, name="Ann", email=comment.email.upper(), source=comment.source)

    with pytest.raises(IntegrityError, match=r"comment_posted_once|digest"), transaction.atomic():
        twin.save()


def test_a_comment_is_not_its_own_parent(comment: Comment) -> None:
    with pytest.raises(IntegrityError, match="comment_not_its_own_parent"), transaction.atomic():
        Comment.objects.update(parent=comment)


def test_an_answer_outlives_what_it_answers(comment: Comment) -> None:
    answer = make_comment(comment.post, parent=comment)

    comment.delete()

    answer.refresh_from_db()
    assert answer.parent is None


def test_a_decision_outlives_the_account_of_who_took_it(comment: Comment) -> None:
    moderator = make_staff()
    comment.approve(moderator)

    moderator.delete()

    assert Comment.objects.get().status == "approved"


def test_saving_renders_the_text(comment: Comment) -> None:
    comment.source = "**Now** with <b>this</b>"

    comment.save()

    assert Comment.objects.get().rendered_html == "<p><strong>Now</strong> with &lt;b&gt;this&lt;/b&gt;</p>\n"


def test_the_queue_is_answered_in_the_order_it_was_written() -> None:
    post = make_post()
    first, second = make_comment(post, status="waiting"), make_comment(post, status="waiting")
    make_comment(post)

    assert list(Comment.objects.waiting()) == [first, second]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a few rows without any index")
def test_counting_a_threads_answers_does_not_read_the_whole_conversation(comment: Comment) -> None:
    plan = plans_of(Comment.objects.filter(pk=comment.pk).count_answers, "UPDATE")

    assert "comment_in_thread (post_id=? AND path>? AND path<?)" in plan


def test_what_another_constraint_refuses_is_no_comment_that_was_sent_before() -> None:
    comment = Comment(post=make_post(), name="Ann", email="ann@example.org", source="Hello.")
    comment.prepare()
    comment.depth = -1

    with pytest.raises(IntegrityError), transaction.atomic():
        comment.add()
