"""What differs between two texts, as pieces that a template shows with `del` and `ins`. Pure functions."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

# Comparing takes up to the square of this many lines, or words of one passage. What is longer is shown as replaced as
# a whole, so that no text, however odd, holds up a page for more than about a second.
MOST_PARTS = 1000
CONTEXT = 2  # unchanged lines shown around a change

LINES = re.compile(r"[^\n]*\n|[^\n]+")
WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    SKIPPED = "skipped"


class Piece(NamedTuple):
    """A stretch of text. A skipped one holds how many unchanged lines are left out instead."""

    kind: Kind
    text: str
    lines: int = 0


def differences(old: str, new: str) -> list[Piece]:
    """Return both texts as one run of pieces, unchanged passages cut short. Empty if they are equal.

    The removed and the unchanged pieces together are the old text, the added and the unchanged ones the new text,
    but for what is skipped.
    """
    old, new = (text.replace("\r\n", "\n").replace("\r", "\n") for text in (old, new))
    if old == new:
        return []
    return list(shortened(joined(by_lines(LINES.findall(old), LINES.findall(new)))))


def by_lines(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Compare line by line, and within lines that changed word by word."""
    for kind, before, after in blocks(old, new):
        if kind == Kind.SAME:
            yield Piece(kind, before)
        else:
            yield from by_words(before, after)


def by_words(old: str, new: str) -> Iterator[Piece]:
    for kind, before, after in blocks(WORDS.findall(old), WORDS.findall(new)):
        if kind == Kind.SAME:
            yield Piece(kind, before)
            continue
        if before:
            yield Piece(Kind.REMOVED, before)
        if after:
            yield Piece(Kind.ADDED, after)


def blocks(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str, str]]:
    """Yield what agrees as (same, text, text) and what does not as (removed, old, new), in order."""
    start = common(old, new)
    end = common(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield Kind.SAME, "".join(old[:start]), ""
    if max(len(old_middle), len(new_middle)) > MOST_PARTS:
        yield Kind.REMOVED, "".join(old_middle), "".join(new_middle)
    else:
        for name, a, b, c, d in SequenceMatcher(None, old_middle, new_middle).get_opcodes():
            kind = Kind.SAME if name == "equal" else Kind.REMOVED
            yield kind, "".join(old_middle[a:b]), "".join(new_middle[c:d])
    if end:
        yield Kind.SAME, "".join(old[len(old) - end :]), ""


def common(old: list[str], new: list[str]) -> int:
    """Return how many parts both begin with."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put neighbours of one kind together, and a lone space between two changes into both."""
    held = {Kind.REMOVED: "", Kind.ADDED: ""}
    same = ""
    for piece in pieces:
        if piece.kind == Kind.SAME:
            same += piece.text
            continue
        if same.strip() or "\n" in same or not any(held.values()):
            yield from (Piece(kind, text) for kind, text in held.items() if text)
            if same:
                yield Piece(Kind.SAME, same)
            held = dict.fromkeys(held, "")
        else:
            held = {kind: text + same for kind, text in held.items()}
        same = ""
        held[piece.kind] += piece.text
    yield from (Piece(kind, text) for kind, text in held.items() if text)
    if same:
        yield Piece(Kind.SAME, same)


def shortened(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Leave out unchanged lines that are far from any change."""
    every = list(pieces)
    for index, piece in enumerate(every):
        lines = LINES.findall(piece.text)
        before = CONTEXT + 1 if index > 0 else 0  # the first one may be the rest of a changed line
        after = CONTEXT + 1 if index < len(every) - 1 else 0
        left_out = len(lines) - before - after
        if piece.kind != Kind.SAME or left_out < 2:
            yield piece
            continue
        if before:
            yield Piece(Kind.SAME, "".join(lines[:before]))
        yield Piece(Kind.SKIPPED, "", left_out)
        if after:
            yield Piece(Kind.SAME, "".join(lines[-after:]))
