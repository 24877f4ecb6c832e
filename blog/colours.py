"""Contrast, as WCAG 2.2 reckons it, and the pairs of a theme's tokens that have to have enough of it."""

from typing import NamedTuple

TEXT = 4.5  # to one: SC 1.4.3
CONTROL = 3.0  # to one: edges of controls and rings of focus, SC 1.4.11
GROUNDS = ("paper", "ground", "mark")
WORDS = ("ink", "ink-soft", "accent", "success", "caution", "error")
DISCS = tuple(f"disc-{number}" for number in range(6))


class Pair(NamedTuple):
    """A token that is seen on another one, and the contrast it needs there."""

    upper: str
    lower: str
    least: float


PAIRS = [
    *(Pair(word, ground, TEXT) for word in WORDS for ground in GROUNDS),
    Pair("accent-ink", "accent", TEXT),
    *(Pair("ink", disc, TEXT) for disc in DISCS),
    *(Pair("edge", ground, CONTROL) for ground in ("paper", "ground")),
]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, #rrggbb: from 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
