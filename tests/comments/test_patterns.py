import pytest
from django.core.exceptions import ValidationError

from blog.markup import COMMENT_LIMIT
from comments.patterns import MOST, check_patterns, first_pattern, first_word


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        ("Buy cheap PILLS today", "casino\npills", "pills"),
        ("Pillsbury", "pills", ""),  # a word stands as a whole
        ("buy\n  cheap   pills", "Cheap Pills", "Cheap Pills"),  # a phrase over two lines
        ("STRASSE", "straße", "straße"),
        ("c++ or c", "c++", "c++"),  # no pattern here
        ("a.b", "a*b", ""),
        ("anything", "\n \n", ""),
        ("", "word", ""),
    ],
)
def test_a_word_is_found_wherever_it_stands_as_one(text: str, written: str, found: str) -> None:
    assert first_word(text, written) == found


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        ("Call 555-1234", r"\d{3}-\d{4}", r"\d{3}-\d{4}"),
        ("BITCOIN now", "bit ?coin", "bit ?coin"),
        ("nothing", "x\n(y\nthing$", "thing$"),  # a line that is no pattern holds nothing up
        ("Grüße", "grüß", "grüß"),
        ("a\nb", "^b", ""),
    ],
)
def test_a_pattern_is_found(text: str, written: str, found: str) -> None:
    assert first_pattern(text, written) == found


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(a|a?)+$", r"(.*a){20}$", r"(\w+\s?)+$", "(?:a?){500}a{500}$"]
)
@pytest.mark.parametrize("text", ["a" * (COMMENT_LIMIT - 1) + "!", "a " * (COMMENT_LIMIT // 2)])
def test_no_pattern_hangs_the_site(pattern: str, text: str) -> None:
    """Each of these takes longer than anybody lives where matching goes back on its steps."""
    first_pattern(text, pattern)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("good\n(a", "Line 2, from character 1: “(a” cannot stand in a pattern (missing ))."),
        ("ab[z-a]", "Line 1, from character 4: “z-a” cannot stand in a pattern (invalid character class range)."),
        ("a**", "Line 1, from character 2: “**” cannot stand in a pattern (bad repetition operator)."),
        (r"(?<=a)b", "Line 1, from character 1: “(?<=” cannot stand in a pattern (invalid perl operator)."),
        (
            "(?:a{9}){1000}",
            "Line 1, from character 9: “{1000}” cannot stand in a pattern (invalid repetition size).",
        ),
        ("é(", "Line 1, from character 1: “é(” cannot stand in a pattern (missing ))."),
        ("x" * 201, "Line 1: a pattern has at most 200 characters."),
        ("\n".join(f"a{n}" for n in range(MOST + 1)), "At most 100 patterns, please."),
    ],
)
def test_a_line_that_is_no_pattern_is_refused_with_its_place(written: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_patterns(written)

    assert sentence in refused.value.messages


@pytest.mark.parametrize("written", ["", "\n", r"\bcasino\b" + "\n\n" + "(?:win|won) \\$\\d+"])
def test_patterns_are_let_through(written: str) -> None:
    check_patterns(written)
