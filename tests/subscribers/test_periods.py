import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from subscribers import periods

HOUR = datetime.timedelta(hours=1)


def at(text: str, zone: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due(cadence: str, now: datetime.datetime) -> list[str]:
    """The periods that are due, as first and last day."""
    zone = timezone.get_current_timezone()
    return [
        f"{period.start.astimezone(zone):%m-%d} {period.end.astimezone(zone):%m-%d}"
        for period in periods.due(cadence, now)
    ]


@pytest.fixture
def zurich() -> Any:
    with timezone.override("Europe/Zurich"):
        yield


@pytest.mark.parametrize(
    ("now", "daily", "weekly", "monthly"),
    [
        ("2026-03-02 06:59", ["02-27 02-28", "02-28 03-01"], [], ["02-01 03-01"]),
        ("2026-03-02 07:00", ["02-27 02-28", "02-28 03-01", "03-01 03-02"], ["02-23 03-02"], ["02-01 03-01"]),
        ("2026-03-04 12:00", ["03-01 03-02", "03-02 03-03", "03-03 03-04"], ["02-23 03-02"], []),
        ("2026-03-05 00:00", ["03-01 03-02", "03-02 03-03", "03-03 03-04"], ["02-23 03-02"], []),
        ("2026-03-05 00:01", ["03-02 03-03", "03-03 03-04"], [], []),
        ("2026-01-01 08:00", ["12-29 12-30", "12-30 12-31", "12-31 01-01"], [], ["12-01 01-01"]),
    ],
)
def test_a_period_is_due_at_seven_and_for_three_days(
    zurich: None, now: str, daily: list[str], weekly: list[str], monthly: list[str]
) -> None:
    moment = at(now, "Europe/Zurich")
    assert (due("daily", moment), due("weekly", moment), due("monthly", moment)) == (daily, weekly, monthly)


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Zurich", "2026-03-29", 23),
        ("Europe/Zurich", "2026-10-25", 25),
        ("Europe/Zurich", "2026-10-26", 24),
        ("America/Havana", "2026-03-08", 23),  # there the clocks skip midnight itself
        ("America/Havana", "2026-11-01", 25),  # … and strike it twice
    ],
)
def test_days_in_which_the_clocks_change_join_without_a_gap(zone: str, date: str, hours: int) -> None:
    with timezone.override(zone):
        now = at(f"{date} 07:00", zone) + datetime.timedelta(days=1)
        *_earlier, before, changed = periods.due("daily", now)

        assert changed.end - changed.start == hours * HOUR
        assert before.end == changed.start
        assert list(periods.due("daily", now - datetime.timedelta(seconds=1)))[-1] == before


def test_a_period_has_a_name(zurich: None) -> None:
    start = at("2026-11-16", "Europe/Zurich")

    assert periods.in_words("daily", start) == "Monday, 16 November"
    assert periods.in_words("weekly", start) == "the week of 16 November"
    assert periods.in_words("monthly", at("2026-11-01", "Europe/Zurich")) == "November 2026"
