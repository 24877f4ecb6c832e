"""Where the bars of the drawing stand."""

import datetime

import pytest

from blog import plot
from comments.numbers import KINDS, Day

TODAY = datetime.date(2026, 5, 20)


def days(*numbers: int) -> list[Day]:
    first = TODAY - datetime.timedelta(days=len(numbers) - 1)
    return [Day(first + datetime.timedelta(days=n), approved=number) for n, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 2),
        (1, 2),
        (2, 2),
        (3, 4),
        (5, 6),
        (7, 8),
        (9, 10),
        (11, 12),
        (13, 16),
        (17, 20),
        (101, 120),
        (999_999, 1_000_000),
    ],
)
def test_the_scale_is_even_and_no_lower_than_the_highest_bar(most: int, top: int) -> None:
    assert plot.scale(most) == top


def test_no_bar_leaves_the_drawing() -> None:
    drawing = plot.draw(days(*range(90)), KINDS)

    for bar in drawing.bars:
        assert 0 <= float(bar.x.rstrip("%")) <= plot.ROOM
        assert all(plot.TOP <= float(block.y) <= drawing.ground for block in bar.blocks)
    assert float(drawing.bars[-1].x.rstrip("%")) + float(drawing.bars[-1].width.rstrip("%")) <= plot.ROOM


def test_the_blocks_of_a_day_stand_on_one_another() -> None:
    (bar,) = plot.draw([Day(TODAY, approved=2, removed=1, waiting=1, spam=4)], KINDS).bars

    assert [block.kind for block in bar.blocks] == ["approved", "removed", "waiting", "spam"]
    ground = float(plot.TOP + plot.HEIGHT)
    for block in bar.blocks:
        assert float(block.y) + float(block.height) == pytest.approx(ground, abs=0.2)
        ground = float(block.y)


def test_a_day_on_which_nobody_wrote_has_no_bar() -> None:
    assert len(plot.draw(days(0, 1, 0), KINDS).bars) == 1
    assert plot.draw(days(0, 0), KINDS).bars == []
    assert plot.draw([], KINDS).bars == []


def test_the_latest_day_is_named() -> None:
    assert [mark.text for mark in plot.draw(days(*[1] * 30), KINDS).dates] == [
        "20 May",
        "13 May",
        "6 May",
        "29 Apr",
        "22 Apr",
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1500, "1.5k"), (1250, "1250"), (12_500, "12.5k"), (1_000_000, "1M")],
)
def test_numbers_at_the_edge_are_short(number: int, words: str) -> None:
    assert plot.in_short(number) == words
