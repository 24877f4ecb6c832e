import random
from io import BytesIO

import pytest
from PIL import Image

from blog.social_drawing import HEIGHT, LARGEST_FILE, TITLE_SIZES, WIDTH, Card, can_write, draw, font, set_title

ROOM = 1000  # pixels


@pytest.mark.parametrize(
    "title",
    [
        "No",
        "",
        "Five things worth knowing before a needle touches your face",
        "A title that goes on and on " * 10,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
        "Почему мы пишем от руки",
        "e\u0301tude \u201cNr. 5\u201d \u2013 \u00bd \u20ac",
        "two\nlines\tand \x0b a control character",
        "\u202eturned round\u202c",
    ],
)
@pytest.mark.parametrize("with_cover", [True, False], ids=["cover", "no-cover"])
def test_any_title_is_drawn_within_the_limits(title: str, with_cover: bool) -> None:
    cover = Image.new("RGBA", (300, 900), "maroon") if with_cover else None

    file = draw(Card(title, "Ann, Bob and others " * 5, "A journal with a long name " * 4), cover)

    assert file
    assert len(file) <= LARGEST_FILE
    with Image.open(BytesIO(file)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT))


def test_the_busiest_cover_stays_under_the_limit() -> None:
    noise = Image.frombytes("RGB", (840, 1260), random.Random(1).randbytes(840 * 1260 * 3))

    file = draw(Card("Noise", "Ann", "Journal"), noise)

    assert file
    assert len(file) <= LARGEST_FILE


def test_the_same_words_give_the_same_bytes() -> None:
    assert draw(Card("Tea", "Ann", "Journal")) == draw(Card("Tea", "Ann", "Journal"))


@pytest.mark.parametrize(
    ("text", "writable"),
    [
        ("Plain, “quoted” – naïve façade", True),
        ("Žluťoučký kůň, Ελλάδα, Київ", True),
        ("日本", False),
        ("שלום", False),
        ("Tea \U0001fad6", False),
    ],
)
def test_the_font_is_asked_before_anything_is_drawn(text: str, writable: bool) -> None:
    assert can_write(text) is writable
    assert (draw(Card(text, "", "")) is not None) is writable


def test_lines_are_about_equally_long() -> None:
    size, lines = set_title("One two three four five six seven eight nine ten eleven", ROOM)
    lengths = [font(size).getlength(line) for line in lines]

    assert len(lines) > 1
    assert min(lengths) > 0.6 * max(lengths)


def test_a_longer_title_is_smaller_and_the_longest_is_cut() -> None:
    short, _ = set_title("Short", ROOM)
    long, _ = set_title("Some more words than that " * 5, ROOM)
    longest, lines = set_title("Far too many words " * 40, ROOM)

    assert TITLE_SIZES[0] == short > long > longest == TITLE_SIZES[-1]
    assert lines[-1].endswith("…")
    assert all(font(longest).getlength(line) <= ROOM for line in lines)


def test_the_cover_is_cropped_around_its_focus() -> None:
    cover = Image.new("RGB", (4000, 1000), "white")
    cover.paste("black", (0, 0, 2000, 1000))

    left = draw(Card("A", "", "", focus=(0.0, 0.5)), cover)
    right = draw(Card("A", "", "", focus=(1.0, 0.5)), cover)

    for file, brightness in [(left, 0), (right, 255)]:
        with Image.open(BytesIO(file or b"")) as picture:
            assert abs(picture.convert("L").getpixel((1100, 300)) - brightness) < 10  # type: ignore[operator]
