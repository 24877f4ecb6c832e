"""Which language a comment is in, found out on this machine (CLD2: seven megabytes once used, docs/decisions/0020)."""

import unicodedata

import pycld2

from comments.words import ADDRESS

SHORTEST = 60  # letters; less is never clear
CLEAR = 80  # per cent of the text
# CLD2's names that are not those people write today, and two written Norwegians for the one that it tells apart badly.
SAME = {"iw": "he", "nb": "no", "nn": "no", "jw": "jv"}

# Without the detector's names for no language and for scripts alone.
KNOWN = frozenset(code for _name, code in pycld2.LANGUAGES if code != "un" and not code.startswith("xx"))


def plain_code(code: str) -> str:
    """Return the code of a language without its region or script: pt-BR is pt."""
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return SAME.get(primary, primary)


def codes(written: str) -> list[str]:
    """Return the codes in a list that somebody typed: en, de."""
    return [plain_code(code) for code in written.replace(";", ",").split(",") if code.strip()]


def is_known(code: str) -> bool:
    """Say whether the detector can find texts in the language of this code."""
    return code in {plain_code(known) for known in KNOWN}


def language_of(text: str) -> str:
    """Return the code of the language that a text is clearly in, or nothing if it is short or mixed."""
    prose = "".join(
        character if unicodedata.category(character)[0] != "C" else " " for character in ADDRESS.sub(" ", text)
    )
    if sum(map(str.isalpha, prose)) < SHORTEST:
        return ""
    try:
        is_reliable, _size, found = pycld2.detect(prose)
    except pycld2.error:  # not a text that it can read
        return ""
    _name, code, share, _score = found[0]
    return plain_code(code) if is_reliable and share >= CLEAR and code != "un" else ""
