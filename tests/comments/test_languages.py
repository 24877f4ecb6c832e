import pytest

from comments.languages import codes, is_known, language_of

ENGLISH = "Thank you for this article, it helped me a lot with my skin. I will try it next week."
GERMAN = "Vielen Dank für diesen Artikel, er hat mir sehr geholfen. Ich werde es nächste Woche versuchen."
RUSSIAN = "Спасибо за эту статью, она мне очень помогла, я попробую на следующей неделе и напишу вам."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (RUSSIAN, "ru"),
        ("Great post", ""),  # short
        ("lol ok thx :) +1", ""),
        (f"{ENGLISH} {GERMAN}", ""),  # mixed
        ("https://example.org/ein-langer-weg-mit-vielen-worten-auf-deutsch " * 3, ""),  # no prose at all
        ("1234567890 " * 50, ""),
        ("", ""),
        (f"\x00\x07{GERMAN}\ufffe\u200b", "de"),  # what the detector itself would choke on
        ("\ud800 " + GERMAN, "de"),
    ],
)
def test_a_text_has_a_language_only_where_that_is_clear(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("written", "found"),
    [("en, de", ["en", "de"]), (" EN ;pt-BR,", ["en", "pt"]), ("nb, nn_NO", ["no", "no"]), ("iw", ["he"]), ("", [])],
)
def test_languages_are_read_as_people_write_them(written: str, found: list[str]) -> None:
    assert codes(written) == found


@pytest.mark.parametrize(
    ("code", "known"), [("en", True), ("he", True), ("un", False), ("xx", False), ("english", False)]
)
def test_a_code_is_known_or_not(code: str, known: bool) -> None:
    assert is_known(code) is known
