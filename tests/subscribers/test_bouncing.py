"""What a bounce or a complaint does to its reader: once, and no more than it should."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from subscribers import bouncing
from subscribers.bouncing import Grade, enhanced_code, grade
from subscribers.models import Bounce, Consent, Delivery, Subscriber, Suppression
from tests.at_once import at_once, real_database
from tests.factories import make_subscriber
from tests.subscribers.inbound.mails import make_delivery

pytestmark = pytest.mark.django_db

Kind, Source = Bounce.Kind, Bounce.Source
DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def kim() -> Subscriber:
    return make_subscriber("kim@example.org", confirmed_at=START - 100 * DAY)


def note(subscriber: Subscriber, day: float, kind: str = Kind.HARD, status: str = "", **values: Any) -> Delivery:
    """Note a bounce of a new delivery, so many days after the start."""
    with time_machine.travel(START + day * DAY, tick=False):
        delivery = make_delivery(subscriber, **values)
        bouncing.note(delivery, kind, Source.REPORT, status)
    subscriber.refresh_from_db()
    return delivery


@pytest.mark.parametrize(
    ("kind", "status", "counts"),
    [
        (Kind.HARD, "", Grade(Kind.HARD, Decimal(1))),
        (Kind.HARD, "5.0.0", Grade(Kind.HARD, Decimal(1))),
        (Kind.HARD, "5.1.1", Grade(Kind.HARD, Decimal(1), enough=True)),
        (Kind.HARD, "5.1.10", Grade(Kind.HARD, Decimal(1), enough=True)),
        (Kind.HARD, "5.1.100", Grade(Kind.HARD, Decimal(1))),
        (Kind.HARD, "5.2.1", Grade(Kind.HARD, Decimal(1))),
        (Kind.HARD, "5.2.2", Grade(Kind.SOFT, Decimal("0.5"))),
        (Kind.HARD, "5.3.4", Grade(Kind.HARD, Decimal(0))),
        (Kind.HARD, "5.7.1", Grade(Kind.HARD, Decimal(0))),
        (Kind.HARD, "4.4.7", Grade(Kind.SOFT, Decimal("0.5"))),
        (Kind.SOFT, "5.1.1", Grade(Kind.SOFT, Decimal("0.5"))),
        (Kind.COMPLAINT, "5.7.1", Grade(Kind.COMPLAINT, Decimal(0), enough=True)),
    ],
)
def test_what_a_report_counts(kind: str, status: str, counts: Grade) -> None:
    assert grade(kind, status) == counts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5.1.1", "5.1.1"),
        ("550 5.1.1 <kim@example.org>: no such user", "5.1.1"),
        ("5.0.0 (recipient reached disk quota)", "5.0.0"),
        ("550 no such user at 15.1.1.7", ""),
        ("553 Exceeded", ""),
        ("3.1.1", ""),
        ("5.1.1111", ""),
        ("", ""),
    ],
)
def test_an_enhanced_code_is_found(text: str, code: str) -> None:
    assert enhanced_code(text) == code


def test_one_unknown_mailbox_is_enough(kim: Subscriber) -> None:
    note(kim, 0, status="5.1.1")

    assert kim.status == Subscriber.Status.SUPPRESSED
    assert Suppression.objects.get().cause == Suppression.Cause.BOUNCE
    assert Consent.objects.filter(kind=Consent.Kind.SUPPRESSED, place=Consent.Place.SERVER).count() == 1


def test_the_same_report_counts_once(kim: Subscriber) -> None:
    delivery = note(kim, 0)

    assert not bouncing.note(delivery, Kind.HARD, Source.PROVIDER, "5.0.0", "again")

    kim.refresh_from_db()
    assert (kim.bounce_score, Bounce.objects.count()) == (1, 1)


def test_two_hard_bounces_on_one_day_are_one_step(kim: Subscriber) -> None:
    note(kim, 0)
    note(kim, 0.1)

    assert (kim.status, kim.bounce_score) == (Subscriber.Status.ACTIVE, 1)


def test_a_second_hard_bounce_on_another_day_is_enough_however_much_later(kim: Subscriber) -> None:
    note(kim, 0)
    note(kim, 31)

    assert kim.status == Subscriber.Status.SUPPRESSED


def test_what_arrived_in_between_makes_a_hard_bounce_the_first(kim: Subscriber) -> None:
    note(kim, 0)
    make_delivery(kim)
    note(kim, 31)

    assert (kim.status, kim.bounce_score) == (Subscriber.Status.ACTIVE, 1)


def test_soft_bounces_need_ten_days_in_a_row(kim: Subscriber) -> None:
    for day in range(9):
        note(kim, day, Kind.SOFT)
    assert (kim.status, kim.bounce_score) == (Subscriber.Status.ACTIVE, Decimal("4.5"))

    note(kim, 9, Kind.SOFT)

    assert kim.status == Subscriber.Status.SUPPRESSED


def test_a_week_without_a_bounce_wipes_the_score_out(kim: Subscriber) -> None:
    for day in (0, 1, 8):
        note(kim, day, Kind.SOFT)
    assert kim.bounce_score == Decimal("1.5")

    note(kim, 16, Kind.SOFT)

    assert kim.bounce_score == Decimal("0.5")


def test_a_clock_that_is_set_back_counts_nothing_twice(kim: Subscriber) -> None:
    note(kim, 1, Kind.SOFT)
    note(kim, 0, Kind.SOFT)

    assert kim.bounce_score == Decimal("0.5")


def test_what_a_server_has_against_the_sender_is_kept_and_not_counted(kim: Subscriber) -> None:
    for day in range(12):
        note(kim, day, status="5.7.1")

    assert (kim.status, kim.bounce_score, Bounce.objects.count()) == (Subscriber.Status.ACTIVE, 0, 12)


@pytest.mark.parametrize("status", [Subscriber.Status.ACTIVE, Subscriber.Status.UNSUBSCRIBED])
def test_a_complaint_is_final_at_once_even_after_leaving(kim: Subscriber, status: str) -> None:
    Suppression.objects.all().delete()
    Subscriber.objects.update(status=status)

    note(kim, 0, Kind.COMPLAINT)

    assert kim.status == Subscriber.Status.SUPPRESSED
    assert Suppression.objects.get().cause == Suppression.Cause.COMPLAINT


def test_who_has_left_is_not_suppressed_by_a_bounce(kim: Subscriber) -> None:
    kim.leave()

    note(kim, 0, status="5.1.1")

    assert kim.status == Subscriber.Status.UNSUBSCRIBED
    assert Bounce.objects.count() == 1


def test_a_bounce_of_a_former_address_is_not_held_against_the_new_one(kim: Subscriber) -> None:
    note(kim, 0, status="5.1.1", address="former@example.org")

    assert (kim.status, kim.bounce_score) == (Subscriber.Status.ACTIVE, 0)


def test_who_confirmed_anew_starts_with_a_clean_sheet(kim: Subscriber) -> None:
    with time_machine.travel(START, tick=False):
        old = make_delivery(kim)
    Subscriber.objects.update(confirmed_at=START + DAY)

    bouncing.note(old, Kind.HARD, Source.REPORT, "5.1.1")
    note(kim, 2)

    assert (kim.status, kim.bounce_score) == (Subscriber.Status.ACTIVE, 1)


def test_a_bounce_of_somebody_erased_is_kept_without_them() -> None:
    delivery = make_delivery()
    assert delivery.subscriber
    delivery.subscriber.delete()
    delivery.refresh_from_db()

    assert bouncing.note(delivery, Kind.HARD, Source.ANSWER, "5.1.1", "<kim@example.org>: no such user")
    bounce = Bounce.objects.get()
    assert (bounce.subscriber, bounce.status, bounce.words) == (None, "5.1.1", "")


def test_a_delivery_stays_sent_when_it_comes_back(kim: Subscriber) -> None:
    delivery = note(kim, 0, status="5.1.1")

    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


def test_what_a_server_said_is_kept_in_one_short_line() -> None:
    words = "550 no\r\nBcc: victim@example.org\x00\x1b[31m" + "x" * 1000

    bouncing.note(make_delivery(), Kind.HARD, Source.ANSWER, "", words)

    kept = Bounce.objects.get().words
    assert kept.startswith("550 no Bcc: victim@example.org [31mx")
    assert len(kept) == 500


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_noted(tmp_path: Path) -> None:
    subscriber = make_subscriber(confirmed_at=timezone.now() - DAY)
    delivery = make_delivery(subscriber)

    with real_database(tmp_path):
        done = at_once(*[lambda: bouncing.note(delivery, Kind.SOFT, Source.REPORT)] * 4)
        subscriber.refresh_from_db()

    assert sorted(done) == [False, False, False, True]
    assert subscriber.bounce_score == Decimal("0.5")
