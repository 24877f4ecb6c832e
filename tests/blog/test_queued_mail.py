"""The steps of a mail that is a row: one worker at a time, nothing twice, nothing forgotten."""

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine

from blog.models import QueuedMail
from blog.models.mail import LEASE, RETRY_AFTER
from subscribers.models import Notice
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

State = QueuedMail.State
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def make_row(**values: object) -> Notice:
    return Notice.objects.create(subscriber=make_subscriber(), kind=Notice.Kind.CONFIRM, **values)


def another_worker(row: Notice) -> Notice:
    return Notice.objects.get(pk=row.pk)


def state(row: Notice) -> str:
    return Notice.objects.get(pk=row.pk).state


def claimed() -> Notice:
    row = make_row()
    assert row.claim()
    return row


def transmitting() -> Notice:
    row = claimed()
    assert row.begin()
    return row


def test_a_mail_on_its_way_to_sent() -> None:
    row = make_row()

    assert row.claim()
    assert state(row) == State.CLAIMED
    assert row.begin()
    assert state(row) == State.TRANSMITTING
    assert row.succeed()
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.error) == (State.SENT, NOW, 1, "")


def test_of_two_workers_one_gets_the_row() -> None:
    mine = make_row()
    theirs = another_worker(mine)

    assert theirs.claim()
    assert not mine.claim()

    assert another_worker(mine).attempts == 1


STEPS: dict[str, tuple[Callable[[Notice], bool], set[str]]] = {
    # what is done, and the states in which it may be done
    "begin": (lambda row: row.begin(), {State.CLAIMED}),
    "succeed": (lambda row: row.succeed(), {State.TRANSMITTING}),
    "retry": (lambda row: row.retry("why"), {State.CLAIMED, State.TRANSMITTING}),
    "fail": (lambda row: row.fail("why"), {State.CLAIMED, State.TRANSMITTING}),
    "lose_track": (lambda row: row.lose_track("why"), {State.TRANSMITTING}),
    "skip": (lambda row: row.skip("why"), {State.CLAIMED}),
}


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_the_states_it_belongs_to(step: str, before: str) -> None:
    act, allowed = STEPS[step]
    row = claimed()
    Notice.objects.update(state=before)

    assert act(row) is (before in allowed)
    if before not in allowed:
        assert state(row) == before


@pytest.mark.parametrize("before", [value for value in State.values if value not in {State.PENDING, State.DEFERRED}])
def test_only_what_waits_can_be_claimed(before: str) -> None:
    row = make_row(state=before, claimed_at=NOW)

    assert not row.claim()


def test_a_mail_for_later_cannot_be_claimed_now(clock: time_machine.Traveller) -> None:
    row = make_row(next_try_at=NOW + SECOND)

    assert not row.claim()
    clock.shift(SECOND)
    assert row.claim()


# --- When a worker dies -------------------------------------------------------------------------------------------


def test_what_a_dead_worker_had_claimed_is_taken_over(clock: time_machine.Traveller) -> None:
    row = claimed()

    clock.shift(LEASE - SECOND)
    assert not another_worker(row).claim()
    clock.shift(SECOND)
    assert another_worker(row).claim()

    assert another_worker(row).attempts == 2


@pytest.mark.parametrize("step", STEPS)
def test_who_comes_back_too_late_moves_nothing(clock: time_machine.Traveller, step: str) -> None:
    late = claimed()
    clock.shift(LEASE)
    taken_over = another_worker(late)
    assert taken_over.claim()

    assert not STEPS[step][0](late)

    assert state(late) == State.CLAIMED
    assert taken_over.begin()


def test_what_was_on_the_wire_when_its_sender_died_is_unknown_and_not_sent_again(
    clock: time_machine.Traveller,
) -> None:
    row = transmitting()

    clock.shift(LEASE - SECOND)
    assert Notice.objects.all().note_lost_senders() == 0
    clock.shift(SECOND)
    assert Notice.objects.all().note_lost_senders() == 1

    assert state(row) == State.UNKNOWN
    assert "on its way" in another_worker(row).error
    clock.shift(10 * LEASE)
    assert not Notice.objects.all().due().exists()
    assert not row.succeed()


def test_only_senders_that_died_are_given_up(clock: time_machine.Traveller) -> None:
    make_row()
    claimed()
    clock.shift(LEASE)

    assert Notice.objects.all().note_lost_senders() == 0


# --- Trying again -------------------------------------------------------------------------------------------------


def test_a_refused_mail_is_tried_again_later_and_later_and_then_given_up(clock: time_machine.Traveller) -> None:
    row = make_row()

    for pause in RETRY_AFTER:
        assert row.claim()
        assert row.retry("450 later")
        assert state(row) == State.DEFERRED
        clock.shift(pause - SECOND)
        assert not row.claim()
        clock.shift(SECOND)

    assert row.claim()
    assert row.retry("450 still not")
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts) == (State.FAILED, "450 still not", len(RETRY_AFTER) + 1)


def test_pauses_grow() -> None:
    assert sorted(RETRY_AFTER) == RETRY_AFTER


def test_a_mail_that_was_sent_at_last_says_nothing_of_earlier_errors(clock: time_machine.Traveller) -> None:
    row = claimed()
    row.retry("450 later")
    clock.shift(RETRY_AFTER[0])

    row.claim()
    row.begin()
    row.succeed()

    assert another_worker(row).error == ""


@pytest.mark.parametrize("step", ["retry", "fail", "lose_track", "skip"])
def test_a_long_answer_of_a_server_is_cut(step: str) -> None:
    row = claimed() if step == "skip" else transmitting()

    assert getattr(row, step)("x" * 10_000)

    assert another_worker(row).error == "x" * 500


def test_what_is_due_are_waiting_rows_and_abandoned_ones(clock: time_machine.Traveller) -> None:
    abandoned = claimed()
    clock.shift(LEASE)
    waiting = make_row()
    claimed()
    make_row(next_try_at=NOW + 2 * LEASE)

    assert set(Notice.objects.all().due()) == {abandoned, waiting}
