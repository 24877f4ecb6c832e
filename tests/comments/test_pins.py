import pytest

from comments.models import Action, Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def test_pinning_is_recorded_once_with_who_and_where() -> None:
    comment, moderator = make_comment(make_post()), make_staff()

    assert [comment.pin(moderator, "admin"), comment.pin(make_staff())] == [True, False]
    assert comment.pinned_at is not None
    assert [comment.unpin(moderator), comment.unpin(moderator)] == [True, False]
    assert comment.pinned_at is None

    rows = Action.objects.order_by("pk").values_list(
        "verb", "via", "user", "decisions__comment_number", "decisions__before", "decisions__after"
    )
    assert list(rows) == [
        ("pin", "admin", moderator.pk, comment.pk, "approved", "approved"),
        ("unpin", "queue", moderator.pk, comment.pk, "approved", "approved"),
    ]


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_only_what_readers_see_is_pinned(status: str) -> None:
    comment = make_comment(make_post(), status=status)

    assert not comment.pin(make_staff())
    assert not Action.objects.exists()


def test_an_answer_is_not_pinned() -> None:
    post = make_post()
    answer = make_comment(post, parent=make_comment(post))

    assert not answer.pin(make_staff())
    assert Comment.objects.filter(pinned_at__isnull=False).count() == 0


def test_what_was_decided_since_the_page_was_opened_counts() -> None:
    comment = make_comment(make_post())
    Comment.objects.get().remove(make_staff())

    assert not comment.pin(make_staff())
    assert comment.status == "removed"
