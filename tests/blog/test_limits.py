import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from blog import limits
from blog.limits import Allowance
from blog.models import Tally
from tests.at_once import at_once, real_database

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)


@time_machine.travel(NOON, tick=False)
def test_so_many_pass_and_no_more() -> None:
    assert [limits.count("comments", "ann", 2, HOUR) for _ in range(4)] == [True, True, False, False]
    assert Tally.objects.get().count == 2


@time_machine.travel(NOON, tick=False)
def test_who_was_refused_is_refused_again_without_a_query(django_assert_num_queries: Any) -> None:
    assert [limits.count("comments", "ann", 1, HOUR) for _ in range(2)] == [True, False]

    with django_assert_num_queries(0):
        assert not limits.count("comments", "ann", 1, HOUR)


def test_who_was_refused_is_let_in_when_the_next_stretch_begins() -> None:
    with time_machine.travel(NOON, tick=False):
        assert [limits.count("comments", "ann", 1, HOUR) for _ in range(2)] == [True, False]
    with time_machine.travel(NOON + HOUR, tick=False):
        assert limits.count("comments", "ann", 1, HOUR)


@time_machine.travel(NOON, tick=False)
def test_what_a_process_forgets_the_rows_still_refuse() -> None:
    assert [limits.count("comments", "ann", 1, HOUR) for _ in range(2)] == [True, False]
    limits.used_up.clear()

    assert not limits.count("comments", "ann", 1, HOUR)


@time_machine.travel(NOON, tick=False)
def test_a_process_remembers_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 3)

    for who in range(10):
        limits.count("comments", str(who), 0, HOUR)

    assert len(limits.used_up) <= 3


@time_machine.travel(NOON, tick=False)
def test_everybody_and_everything_is_counted_apart() -> None:
    assert limits.count("comments", "ann", 1, HOUR)
    assert limits.count("comments", "ben", 1, HOUR)
    assert limits.count("previews", "ann", 1, HOUR)
    assert not limits.count("comments", "ann", 1, HOUR)


def test_the_next_stretch_begins_anew() -> None:
    with time_machine.travel(NOON, tick=False):
        limits.count("comments", "ann", 1, HOUR)
    with time_machine.travel(NOON + HOUR, tick=False):
        assert limits.count("comments", "ann", 1, HOUR)


@time_machine.travel(NOON, tick=False)
def test_of_several_allowances_the_first_that_is_used_up_is_named(django_assert_num_queries: Any) -> None:
    few, many = Allowance("comments", "ann", 1, HOUR), Allowance("comments", "everybody", 5, HOUR)
    assert limits.first_used_up([many, few]) is None

    with django_assert_num_queries(4):  # the key and one for both, and the same once more to give back
        assert limits.first_used_up([many, few]) == few


@time_machine.travel(NOON, tick=False)
def test_what_one_allowance_refuses_is_counted_against_none() -> None:
    few, many = Allowance("comments", "ann", 1, HOUR), Allowance("comments", "everybody", 3, HOUR)

    assert [limits.first_used_up([many, few]) for _ in range(3)] == [None, few, few]
    assert limits.left(many) == 2


def test_what_is_given_back_after_its_stretch_has_ended_takes_nothing_from_the_next() -> None:
    ask = Allowance("comments", "ann", 3, HOUR)
    with time_machine.travel(NOON, tick=False):
        limits.first_used_up([ask])
    with time_machine.travel(NOON + HOUR, tick=False):
        limits.give_back([ask])
        limits.first_used_up([ask])
        for _ in range(2):
            limits.give_back([ask])
        assert limits.left(ask) == 3


@time_machine.travel(NOON, tick=False)
def test_looking_whether_an_allowance_is_used_up_counts_nothing() -> None:
    few, many = Allowance("comments", "ann", 1, HOUR), Allowance("comments", "everybody", 3, HOUR)

    assert [limits.first_full([many, few]) for _ in range(3)] == [None] * 3
    assert [limits.first_used_up([many, few]) for _ in range(2)] == [None, few]

    assert limits.first_full([many, few]) == few
    assert limits.first_full([many]) is None
    assert limits.first_full([]) is None


@time_machine.travel(NOON + datetime.timedelta(minutes=50, seconds=0.5), tick=False)
def test_it_is_known_when_the_next_stretch_begins() -> None:
    assert limits.seconds_left(HOUR) == 600


@time_machine.travel(NOON, tick=False)
def test_nobody_can_be_read_off_a_tally_or_what_a_process_remembers() -> None:
    assert [limits.count("comments", "ann@example.org", 1, HOUR) for _ in range(2)] == [True, False]

    assert "ann" not in str(Tally.objects.values().get())
    assert limits.used_up
    assert "ann" not in str(limits.used_up)


def test_a_tally_is_forgotten_when_its_time_is_long_over() -> None:
    with time_machine.travel(NOON, tick=False):
        limits.count("comments", "ann", 1, HOUR)
    with time_machine.travel(NOON + datetime.timedelta(days=3), tick=False):
        limits.count("comments", "ben", 1, HOUR)
        assert limits.forget_old() == 1

    assert Tally.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_come_at_once_no_more_pass_than_may(tmp_path: Path) -> None:
    def come() -> bool:
        return limits.count("comments", "ann", 3, datetime.timedelta(days=1000))

    with real_database(tmp_path):
        passed = at_once(*[come] * 12)

    assert sorted(passed) == [False] * 9 + [True] * 3


@time_machine.travel(NOON, tick=False)
def test_several_are_taken_at_once_as_far_as_they_are_allowed() -> None:
    ten = Allowance("mails", "ann", 10, HOUR)

    assert [limits.take(ten, wanted) for wanted in (4, 4, 4, 4)] == [4, 4, 2, 0]
    assert limits.left(ten) == 0
    assert limits.left(Allowance("mails", "ben", 10, HOUR)) == 10


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_several_at_once_they_get_no_more_than_there_are(tmp_path: Path) -> None:
    ten = Allowance("mails", "ann", 10, datetime.timedelta(days=1000))
    with real_database(tmp_path):
        taken = at_once(*[lambda: limits.take(ten, 3)] * 6)

    assert sorted(taken) == [0, 0, 1, 3, 3, 3]
