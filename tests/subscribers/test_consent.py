import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from subscribers import consent
from subscribers.models import Notice, Subscriber
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def ask_at(moment: datetime.datetime, email: str = "kim@example.org") -> bool:
    """Ask, and say whether that made a mail."""
    before = Notice.objects.count()
    with time_machine.travel(moment, tick=False):
        consent.ask(email)
    return Notice.objects.count() > before


def test_an_address_is_left_alone_longer_after_every_mail() -> None:
    first = timezone.now()

    assert ask_at(first)
    assert not ask_at(first + 14 * MINUTE)
    second = first + 15 * MINUTE
    assert ask_at(second)
    assert not ask_at(second + DAY - MINUTE)
    third = second + DAY
    assert ask_at(third)
    assert not ask_at(third + 30 * DAY - MINUTE)
    fourth = third + 30 * DAY
    assert ask_at(fourth)
    assert not ask_at(fourth + 29 * DAY)
    assert ask_at(fourth + 30 * DAY)


def test_asking_in_vain_does_not_make_the_pause_longer() -> None:
    first = timezone.now()
    ask_at(first)

    for minute in range(1, 15):
        ask_at(first + minute * MINUTE)

    assert ask_at(first + 15 * MINUTE)


def test_the_pause_of_one_address_is_not_that_of_another() -> None:
    now = timezone.now()
    ask_at(now)

    assert ask_at(now, "lee@example.org")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Subscriber.Status.PENDING, Notice.Kind.CONFIRM),
        (Subscriber.Status.UNSUBSCRIBED, Notice.Kind.CONFIRM),
        (Subscriber.Status.ACTIVE, Notice.Kind.ALREADY),
        (Subscriber.Status.SUPPRESSED, None),
    ],
)
def test_what_the_owner_is_told(status: Subscriber.Status, kind: Notice.Kind | None) -> None:
    make_subscriber("kim@example.org", status=status)

    consent.ask("kim@example.org")

    assert [notice.kind for notice in Notice.objects.all()] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Subscriber.Status.PENDING, Subscriber.Status.PENDING),
        (Subscriber.Status.UNSUBSCRIBED, Subscriber.Status.PENDING),
        (Subscriber.Status.ACTIVE, Subscriber.Status.ACTIVE),
        (Subscriber.Status.SUPPRESSED, Subscriber.Status.SUPPRESSED),
    ],
)
def test_asking_puts_nobody_on_the_list(before: Subscriber.Status, after: Subscriber.Status) -> None:
    make_subscriber("kim@example.org", status=before)

    consent.ask("kim@example.org")

    assert Subscriber.objects.get().status == after


def test_who_left_may_come_back_at_once() -> None:
    now = timezone.now()
    ask_at(now)
    Subscriber.objects.get().confirm()
    Subscriber.objects.get().leave()

    assert ask_at(now + MINUTE)


@pytest.mark.parametrize(
    "other",
    ["Kim.Lee@example.org", "kim.lee@EXAMPLE.org", "KIM.LEE@EXAMPLE.ORG", " kim.lee@example.org "],
)
def test_every_way_to_write_an_address_is_one_row(other: str) -> None:
    consent.ask("kim.lee@example.org")
    consent.ask(other)

    assert Subscriber.objects.get().email == "kim.lee@example.org"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("email", ["\u212aim@example.org", "\u0130da@example.org", "kim@BÜCHER.example"])
def test_letters_that_databases_lower_in_their_own_ways_are_found_again(email: str) -> None:
    consent.ask(email)
    consent.ask(email)

    assert Subscriber.objects.count() == 1


def test_the_domain_is_kept_in_small_letters_and_the_rest_as_its_owner_writes_it() -> None:
    consent.ask('"Kim @ Home"@EXAMPLE.org')

    assert Subscriber.objects.get().email == '"Kim @ Home"@example.org'


def test_the_second_of_two_who_ask_at_once_makes_no_mail() -> None:
    subscriber = make_subscriber("kim@example.org", status=Subscriber.Status.PENDING)
    seen_by_both = Subscriber.objects.get(pk=subscriber.pk)

    assert consent.may_be_mailed(subscriber)
    assert not consent.may_be_mailed(seen_by_both)
    assert Subscriber.objects.get().times_asked == 1


def test_who_is_suppressed_meanwhile_is_not_mailed() -> None:
    seen_before = make_subscriber("kim@example.org", status=Subscriber.Status.PENDING)
    Subscriber.objects.get().suppress()

    assert not consent.may_be_mailed(seen_before)


def test_asking_wakes_the_worker_up_once_the_rows_are_there(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        consent.ask("kim@example.org")
        assert not DBTaskResult.objects.exists()

    assert DBTaskResult.objects.get().task_path == "subscribers.tasks.send_notices"
