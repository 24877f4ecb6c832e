"""Who is told by mail that a comment waits, and when."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import User
from comments import moderator_mails as mails
from comments.models import Comment, ConversationMail, NoticePreference
from tests.comments.moderating import make_moderator, make_waiting, told
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 4, 12, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def kinds(person: User) -> list[str]:
    return list(person.conversation_mails.values_list("kind", flat=True))


def states() -> set[str]:
    return set(ConversationMail.objects.values_list("state", flat=True))


# --- Who, and when ------------------------------------------------------------------------------------------------


def test_who_wants_it_at_once_gets_one_mail_a_comment() -> None:
    make_moderator(name="Kim")
    post = make_post(title="On sunscreen")
    make_comment(post, name="Ann", status="waiting")
    make_comment(post, name="Ben", status="waiting")

    assert mails.run_once() == 2
    assert mails.run_once() == 0

    assert told() == [("Kim", "Ann on “On sunscreen” waits for you"), ("Kim", "Ben on “On sunscreen” waits for you")]


@pytest.mark.parametrize("status", ["approved", "spam", "removed"])
def test_what_does_not_wait_is_mailed_to_nobody(status: str) -> None:
    make_moderator()
    make_comment(make_post(), status=status)

    assert mails.run_once() == 0
    assert not ConversationMail.objects.exists()


@pytest.mark.parametrize(
    ("pace", "early", "due"),
    [
        ("hourly", datetime.timedelta(minutes=39), datetime.timedelta(minutes=40)),
        ("daily", datetime.timedelta(hours=19, minutes=39), datetime.timedelta(hours=19, minutes=40)),
    ],
)
def test_a_digest_goes_out_when_its_hour_or_day_is_over(
    pace: str, early: datetime.timedelta, due: datetime.timedelta
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator(pace)
        make_waiting(2)
        assert mails.run_once() == 0
        make_waiting(1)
        mails.run_once()

        clock.move_to(NOON + early)
        assert mails.run_once() == 0
        clock.move_to(NOON + due)
        assert mails.run_once() == 1

    assert [subject for _to, subject in told()] == ["3 comments wait at Byline"]


def test_a_mail_of_the_day_comes_at_eight_in_the_sites_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    with timezone.override("America/New_York"):
        row = mails.digest(1, "daily", datetime.datetime(2026, 3, 7, 13, 0, tzinfo=datetime.UTC))  # the clocks change

    assert row.next_try_at == datetime.datetime(2026, 3, 8, 12, 0, tzinfo=datetime.UTC)


def test_nobody_is_told_twice_of_what_has_waited_before() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator("hourly")
        make_waiting()
        mails.run_once()
        clock.shift(HOUR)
        assert mails.run_once() == 1

        clock.shift(5 * HOUR)
        assert mails.run_once() == 0


def test_hourly_is_what_somebody_gets_who_has_chosen_nothing() -> None:
    person = make_person("Moderator")
    make_waiting()

    mails.run_once()

    assert kinds(person) == ["digest"]


def test_after_ten_mails_in_an_hour_the_rest_is_told_together() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        person = make_moderator()
        make_waiting(mails.MOST_AN_HOUR + 3)

        assert mails.run_once() == mails.MOST_AN_HOUR
        make_waiting()
        assert mails.run_once() == 0
        assert kinds(person).count("digest") == 1

        clock.move_to(NOON + datetime.timedelta(minutes=40))
        assert mails.run_once() == 1
        assert told()[-1][1] == f"{mails.MOST_AN_HOUR + 4} comments wait at Byline"
        make_waiting()
        assert mails.run_once() == 1  # the next hour begins anew


@pytest.mark.parametrize(
    ("make", "is_told"),
    [
        (lambda: make_person("Moderator"), True),
        (lambda: make_person("Publisher"), True),
        (lambda: make_staff(), True),
        (lambda: make_person("Editor"), False),
        (lambda: make_person("Author"), False),
        (lambda: make_staff(is_staff=False), False),
        (lambda: make_staff(is_active=False), False),
        (lambda: make_staff(email=""), False),
    ],
)
def test_who_moderates_and_can_be_reached_is_told(make: Any, is_told: bool) -> None:
    person = make()
    make_waiting()

    mails.run_once()

    assert bool(kinds(person)) == is_told


def test_who_wants_no_mail_gets_none() -> None:
    person = make_moderator("never")
    make_waiting()

    mails.run_once()

    assert kinds(person) == []
    assert Comment.objects.get().moderators_told_at  # a later change of mind is about later comments


@pytest.mark.parametrize("kind", ["now", "hourly"])
@pytest.mark.parametrize(
    "change",
    [
        lambda person: Comment.objects.get().approve(make_staff()),
        lambda person: Comment.objects.all().delete(),
        lambda person: User.objects.update(is_active=False),
        lambda person: User.objects.update(email=""),
        lambda person: person.groups.clear(),
        lambda person: NoticePreference.objects.update(pace="never"),
    ],
    ids=["decided", "deleted", "dismissed", "no address", "no role", "wants none"],
)
def test_what_nobody_needs_any_more_is_not_sent(kind: str, change: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        person = make_moderator(kind)
        make_waiting()
        mails.write_rows()
        change(person)
        clock.shift(HOUR)

        assert mails.send_due() == 0

    assert states() == {"skipped"}
    assert mail.outbox == []
    assert ConversationMail.objects.get().error


def test_a_comment_that_came_back_into_the_queue_is_not_mailed_again() -> None:
    make_moderator()
    (comment,) = make_waiting()
    mails.run_once()
    comment.approve(make_staff())
    comment.hold(make_staff())

    assert mails.run_once() == 0


def test_looking_for_what_is_new_costs_one_query_when_nothing_is(django_assert_num_queries) -> None:
    make_moderator()
    make_waiting()
    mails.run_once()

    with django_assert_num_queries(1):
        mails.write_rows()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a few rows without any index")
def test_looking_for_what_is_new_does_not_read_the_queue() -> None:
    untold = Comment.objects.filter(moderators_told_at=None).waiting()

    assert "comment_moderators_to_tell" in untold.explain()


def test_writing_the_rows_costs_the_same_for_any_number_of_people(django_assert_num_queries) -> None:
    for _ in range(5):
        make_moderator("hourly")
    make_waiting(20)

    # is there anything, begin, the comments, the mark, the people, the rows, commit
    with django_assert_num_queries(7):
        mails.write_rows()


def test_rows_are_kept_for_a_month() -> None:
    make_moderator()
    make_waiting()
    mails.run_once()

    assert mails.forget_old() == 0
    with time_machine.travel(timezone.now() + mails.KEPT):
        assert mails.forget_old() == 1
