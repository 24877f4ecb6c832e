"""How fast, how long, and in which words: pure functions as tables."""

import datetime

import pytest
from django.utils import timezone

from subscribers.desk import words
from subscribers.desk.progress import Progress, per_second
from subscribers.models import Delivery, Issue
from tests.subscribers.desk.desk import make_begun


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "less than a minute left"),
        (59, "less than a minute left"),
        (80, "about one minute left"),
        (200, "about 3 minutes left"),
        (4000, "about one hour left"),
        (7300, "about 2 hours left"),
        (90000, "about one day left"),
        (300000, "about 3 days left"),
    ],
)
def test_time_left_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert words.time_left(seconds) == said


@pytest.mark.parametrize(
    ("rate", "pending", "said"),
    [
        (0, 100, ""),
        (40, 12000, "40 mails a second, about 5 minutes left"),
        (0.5, 90, "30 mails a minute, about 3 minutes left"),
    ],
)
def test_the_pace_is_said_where_it_is_known(rate: float, pending: int, said: str) -> None:
    assert words.pace(Progress(pending, {"pending": pending}, rate)) == said


@pytest.mark.parametrize(
    ("audience", "sums", "adds_up", "settled", "missed"),
    [
        (0, {}, True, 0, 0),
        (3, {"sent": 3}, True, 3, 0),
        (4, {"sent": 3}, False, 3, 0),
        (8, dict.fromkeys(Delivery.State.values, 1), True, 4, 4),
    ],
)
def test_a_progress_is_told_by_its_sums(
    audience: int, sums: dict[str, int], adds_up: bool, settled: int, missed: int
) -> None:
    progress = Progress(audience, sums)

    assert (progress.adds_up, progress.settled, progress.missed) == (adds_up, settled, missed)
    assert sum(line.number for line in progress.lines) == progress.total


def test_a_welcome_has_no_sum_to_compare_with() -> None:
    assert Progress(0, {"sent": 3}, never_ends=True).adds_up


def test_a_moment_of_another_day_is_said_with_the_day() -> None:
    now = timezone.now()

    assert words.moment(now).startswith("at ")
    assert words.moment(now + datetime.timedelta(days=2)).startswith("on ")


@pytest.mark.django_db
def test_the_pace_is_that_of_the_last_minutes() -> None:
    issue, now = make_begun(*["sent"] * 5), timezone.now()
    for number, delivery in enumerate(Delivery.objects.order_by("pk")):
        long_ago = now - datetime.timedelta(hours=1)
        sent_at = long_ago if number == 0 else now - datetime.timedelta(seconds=20 - 2 * number)
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=sent_at)

    assert per_second(issue) == pytest.approx(0.5)
    assert per_second(Issue.objects.create(subject="None", send_at=now)) == 0
