"""Where the bars of numbers per day stand: numbers for a drawing that `blog/_plot.html` writes as SVG.

Across, everything is in percent and the drawing takes the width it gets; down, in pixels. So letters keep their size on
a phone. No style attribute is needed, which the site's Content-Security-Policy would refuse.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from django.utils.formats import date_format

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

TOP, HEIGHT = 20, 200  # pixels: above the bars, and of the highest bar
ROOM = 89  # percent of the width for bars; the rest is for the numbers beside them
GAP = 0.25  # of a day's width
LABEL_EVERY = {30: 7, 90: 21}  # days
STEPS = (1, 2, 3, 4, 5, 6, 8)


class Day(Protocol):
    """Numbers of a day: one under the name of each kind."""

    @property
    def date(self) -> datetime.date: ...

    @property
    def total(self) -> int: ...


class Kind(NamedTuple):
    """What is counted, with its words. Each has a pattern of its own, so that nothing depends on seeing colours."""

    name: str
    label: "StrOrPromise"


class Block(NamedTuple):
    kind: str
    y: str
    height: str


class Bar(NamedTuple):
    """One day: blocks above one another."""

    day: Day
    x: str
    width: str
    blocks: list[Block]


class Mark(NamedTuple):
    """A word at a place along an edge."""

    at: str
    text: str


class Plot(NamedTuple):
    bars: list[Bar]
    levels: list[Mark]
    dates: list[Mark]
    kinds: Sequence[Kind]
    ground: int = TOP + HEIGHT
    date_line: int = TOP + HEIGHT + 22
    height: int = TOP + HEIGHT + 30


def draw(days: Sequence[Day], kinds: Sequence[Kind]) -> Plot:
    """Place the days from left to right, of each the kinds from the ground up. Raises nothing for days of nothing."""
    top = scale(max((day.total for day in days), default=0))
    step = ROOM / max(len(days), 1)
    every = LABEL_EVERY.get(len(days), 7)
    last = len(days) - 1
    return Plot(
        bars=[bar(day, kinds, n * step, step * (1 - GAP), top) for n, day in enumerate(days) if day.total],
        levels=[Mark(pixels(TOP + HEIGHT * (1 - level / top)), in_short(level)) for level in (0, top // 2, top)],
        dates=[
            Mark(percent((n + (1 - GAP) / 2) * step), date_format(days[n].date, "j M")) for n in range(last, -1, -every)
        ],
        kinds=kinds,
    )


def bar(day: Day, kinds: Sequence[Kind], x: float, width: float, top: int) -> Bar:
    blocks, ground = [], float(TOP + HEIGHT)
    for kind in kinds:
        number = getattr(day, kind.name)
        if number:
            height = HEIGHT * number / top
            ground -= height
            blocks.append(Block(kind.name, pixels(ground), pixels(height)))
    return Bar(day, percent(x), percent(width), blocks)


def scale(most: int) -> int:
    """Return the height of the drawing: an even number that is easy to halve, no lower than the most."""
    power = 1
    while True:
        for step in STEPS:
            if 2 * step * power >= most:
                return 2 * step * power
        power *= 10


def in_short(number: int) -> str:
    """Return a number for the edge, where there is room for four or five letters: 500, 12k, 1.2M."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if number >= 10 * size or (number >= size and number % (size // 10) == 0):
            return f"{number / size:g}{letter}"
    return str(number)


def percent(number: float) -> str:
    return f"{number:.2f}%"


def pixels(number: float) -> str:
    return f"{number:.1f}"
