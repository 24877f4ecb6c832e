import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import differences as module
from blog.differences import Kind, differences


def told(old: str, new: str) -> str:
    """The differences in one line: [-removed-], {+added+}, <number of lines left out>."""
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}", Kind.SKIPPED: "<{}>"}
    return "".join(marks[piece.kind].format(piece.text or piece.lines) for piece in differences(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("The same.\r\nAgain.", "The same.\nAgain.", ""),
        ("", "New.", "{+New.+}"),
        ("Gone.", "", "[-Gone.-]"),
        ("The red fox", "The brown fox", "The [-red-]{+brown+} fox"),
        ("A red fox ran", "A brown dog ran", "A [-red fox-]{+brown dog+} ran"),
        ("One.\nTwo.\n", "One.\nTwo.\nThree.\n", "One.\nTwo.\n{+Three.\n+}"),
        ("Ein Ärger", "Ein Ärgernis", "Ein [-Ärger-]{+Ärgernis+}"),
        ("é" * 3, "e" * 3, "[-ééé-]{+eee+}"),
        ("end", "end\n", "end{+\n+}"),
    ],
)
def test_differences_read_well(old: str, new: str, expected: str) -> None:
    assert told(old, new) == expected


def test_long_unchanged_passages_are_left_out() -> None:
    lines = [f"Line {n}.\n" for n in range(20)]

    shown = told("".join(lines), "".join([*lines[:10], "New.\n", *lines[10:]]))

    assert shown == "<7>Line 7.\nLine 8.\nLine 9.\n{+New.\n+}Line 10.\nLine 11.\nLine 12.\n<7>"


TEXTS = st.text(alphabet="ab \n.é", max_size=60)


@given(TEXTS, TEXTS)
def test_nothing_of_either_text_is_missing(old: str, new: str) -> None:
    whole = module.CONTEXT
    module.CONTEXT = 10_000
    try:
        pieces = differences(old, new)
    finally:
        module.CONTEXT = whole

    if pieces:
        assert "".join(piece.text for piece in pieces if piece.kind != Kind.ADDED) == old
        assert "".join(piece.text for piece in pieces if piece.kind != Kind.REMOVED) == new
    else:
        assert old == new


@pytest.mark.parametrize(
    "old",
    [
        "a\n" * 100_000,
        "ab " * 66_000,
        "\n" * 200_000,
        "x" * 200_000,
        "".join(f"{n % 97}\n" for n in range(50_000)),
        "".join(f"{n % 97}\n" for n in range(999)),
    ],
    ids=["lines", "words", "empty lines", "one word", "few lines, often", "as many as are compared"],
)
def test_no_text_is_too_odd_to_compare(old: str) -> None:
    new = list(old)
    random.Random(7).shuffle(new)

    assert differences(old, "".join(new) + "!")
