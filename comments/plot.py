"""Where the bars of comments per day stand: numbers for a drawing that a template writes as SVG.

Across, everything is in percent and the drawing takes the width it gets; down, in pixels. So letters keep their size on
a phone. No style attribute is needed, which the site's Content-Security-Policy would refuse.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from comments.numbers import Day

TOP, HEIGHT = 20, 200  # pixels: above the bars, and of the highest bar
ROOM = 89  # percent of the width for bars; the rest is for the numbers beside them
GAP = 0.25  # of a day's width
LABEL_EVERY = {30: 7, 90: 21}  # days
STEPS = (1, 2, 3, 4, 5, 6, 8)


class Kind(NamedTuple):
    """A status with its words. Each has a pattern of its own, so that nothing depends on seeing colours."""

    name: str
    label: "StrOrPromise"


# From the ground up.
KINDS = [
    Kind("approved", _("approved")),
    Kind("removed", _("refused or taken back")),
    Kind("waiting", _("waiting")),
    Kind("spam", _("spam")),
]


class Block(NamedTuple):
    kind: str
    y: str
    height: str


class Bar(NamedTuple):
    """One day: blocks above one another."""

    day: "Day"
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
    kinds: list[Kind]
    ground: int = TOP + HEIGHT
    date_line: int = TOP + HEIGHT + 22
    height: int = TOP + HEIGHT + 30


def draw(days: "Sequence[Day]") -> Plot:
    """Place the days from left to right. Raises nothing for days on which nobody wrote."""
    top = scale(max((day.total for day in days), default=0))
    step = ROOM / max(len(days), 1)
    every = LABEL_EVERY.get(len(days), 7)
    last = len(days) - 1
    return Plot(
        bars=[bar(day, n * step, step * (1 - GAP), top) for n, day in enumerate(days) if day.total],
        levels=[Mark(pixels(TOP + HEIGHT * (1 - level / top)), str(level)) for level in (0, top // 2, top)],
        dates=[
            Mark(percent((n + (1 - GAP) / 2) * step), date_format(days[n].date, "j M")) for n in range(last, -1, -every)
        ],
        kinds=KINDS,
    )


def bar(day: "Day", x: float, width: float, top: int) -> Bar:
    blocks, ground = [], float(TOP + HEIGHT)
    for kind in KINDS:
        number = getattr(day, kind.name)
        if number:
            height = HEIGHT * number / top
            ground -= height
            blocks.append(Block(kind.name, pixels(ground), pixels(height)))
    return Bar(day, percent(x), percent(width), blocks)


def scale(most: int) -> int:
    """Return the height of the drawing in comments: an even number that is easy to halve, no lower than the most."""
    power = 1
    while True:
        for step in STEPS:
            if 2 * step * power >= most:
                return 2 * step * power
        power *= 10


def percent(number: float) -> str:
    return f"{number:.2f}%"


def pixels(number: float) -> str:
    return f"{number:.1f}"
