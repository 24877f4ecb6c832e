import datetime

import pytest
from django.utils import timezone

from blog import limits
from blog.models import Tally
from comments import retention
from comments.models import Block, Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("status", "written", "decided", "stays"),
    [
        ("spam", 31, None, False),
        ("spam", 29, None, True),
        ("spam", 400, 29, True),  # a person said so lately
        ("spam", 400, 31, False),
        ("waiting", 400, None, True),
        ("approved", 400, 400, True),
        ("removed", 400, 400, True),
    ],
)
def test_spam_is_kept_for_thirty_days(status: str, written: float, decided: float | None, stays: bool) -> None:
    comment = make_comment(make_post(), status=status, created_at=ago(written))
    Comment.objects.update(decided_at=decided and ago(decided))

    assert retention.forget_spam() == (not stays)
    assert Comment.objects.filter(pk=comment.pk).exists() is stays


def test_spam_that_was_answered_leaves_an_empty_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    post = make_post()
    spam = [
        make_comment(post, name="Ann", source=f"Buy {n}", website="https://a.example", network="n") for n in range(2)
    ]
    answers = [make_comment(post, parent=comment) for comment in spam]
    Comment.objects.filter(pk__in=[comment.pk for comment in spam]).update(
        status="spam", decided_at=ago(31), created_at=ago(40), held_for=[["words", {"word": "Buy"}]]
    )

    assert retention.forget_spam() == 2
    assert retention.forget_spam() == 0

    for comment, answer in zip(spam, answers, strict=True):
        before = comment.path
        comment.refresh_from_db()
        answer.refresh_from_db()
        assert answer.parent == comment
        assert comment.path == before
        given = (comment.name, comment.email, comment.website, comment.source, comment.rendered_html, comment.network)
        assert given == ("",) * 6
        assert (comment.commenter, comment.held_for, comment.text_digest) == (None, [], "")


def test_what_a_moderator_takes_back_meanwhile_stays() -> None:
    comment = make_comment(make_post(), status="spam", created_at=ago(40))
    comment.approve(make_staff())

    assert retention.forget([comment.pk]) == 0
    assert Comment.objects.get().source


def test_networks_are_kept_for_thirty_days() -> None:
    old, new = (make_comment(make_post(), network="n" * 64, created_at=ago(days)) for days in (31, 29))

    assert retention.forget_networks() == 1

    assert Comment.objects.get(pk=old.pk).network == ""
    assert Comment.objects.get(pk=new.pk).network


def test_blocks_end() -> None:
    for number, until in enumerate([ago(1), ago(-1), None]):
        Block.objects.create(kind="address", digest=str(number), expires_at=until)

    assert retention.end_blocks() == 1
    assert set(Block.objects.values_list("digest", flat=True)) == {"1", "2"}


def test_old_tallies_are_forgotten() -> None:
    for days in (1, 3):
        Tally.objects.create(number=days, starts_at=ago(days))

    assert limits.forget_old() == 1
    assert Tally.objects.get().number == 1
