"""Texts that nobody wrote, the same ones for the same seed, as the renderer would leave them."""

import itertools
import random
from dataclasses import dataclass

VOCABULARY = 20_000
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

    The words are the same for every seed, so that searches for them compare sites of any size.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = vocabulary()
        self._weights = list(itertools.accumulate(1 / (n + 2) for n in range(len(self.words))))

    def say(self, count: int) -> str:
        return " ".join(self.rng.choices(self.words, cum_weights=self._weights, k=count))

    def write(self, paragraphs: int, words: int) -> Text:
        """Return so many paragraphs of so many words each."""
        return Text([f"{self.say(words).capitalize()}." for _ in range(paragraphs)])


def vocabulary() -> list[str]:
    """Return the words there are, the commonest first."""
    rng = random.Random(VOCABULARY)  # noqa: S311  the same every time is the point
    words = {"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(VOCABULARY)}
    ordered = sorted(words)
    rng.shuffle(ordered)
    return ordered
