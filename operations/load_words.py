"""Texts that nobody wrote, the same ones for the same seed, as the renderer would leave them."""

import itertools
import random
from dataclasses import dataclass
from functools import cache

VOCABULARY = 20_000
SPEECH = 200_000  # words
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "ai", "er", "on")]


@dataclass(frozen=True)
class Text:
    """Paragraphs, as Markdown, as HTML and without marks. No word of them means anything to a renderer."""

    paragraphs: list[str]

    @property
    def source(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def html(self) -> str:
        return "".join(f"<p>{paragraph}</p>\n" for paragraph in self.paragraphs)

    @property
    def plain(self) -> str:
        return "\n".join(self.paragraphs)


class Language:
    """Words made of syllables; the n-th is used about 1/n as often as the first, as in languages people speak.

    The words are the same for every seed, so that searches for them compare sites of any size. What is said are pieces
    of one long speech: cutting is twenty times quicker than choosing words, of which a million comments need many.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = vocabulary()
        weights = list(itertools.accumulate(1 / (n + 2) for n in range(len(self.words))))
        self._speech = rng.choices(self.words, cum_weights=weights, k=SPEECH)

    def say(self, count: int) -> str:
        start = int(self.rng.random() * (SPEECH - count))
        return " ".join(self._speech[start : start + count])

    def write(self, paragraphs: int, words: int) -> Text:
        """Return so many paragraphs of so many words each."""
        return Text([f"{self.say(words).capitalize()}." for _ in range(paragraphs)])


@cache
def vocabulary() -> list[str]:
    """Return the words there are, the commonest first. Made once: a quarter of a second."""
    rng = random.Random(VOCABULARY)  # noqa: S311  the same every time is the point
    words = {"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(VOCABULARY)}
    ordered = sorted(words)
    rng.shuffle(ordered)
    return ordered
