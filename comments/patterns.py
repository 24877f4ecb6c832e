"""Words and patterns that moderators write down. A pattern never hangs the site, whatever it says.

RE2 takes time in proportion to the text and refuses what would take much memory; it knows no look-around and no
references back. With the standard library's module a match can take hours; with `regex`, compiling can take all memory.
"""

import re
from functools import lru_cache

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 200  # characters of a pattern
MOST = 100  # patterns
MEMORY = 1 << 20  # bytes for one of them


def lines(written: str) -> list[str]:
    """Return what stands on the lines of a text, without empty ones."""
    return [line.strip() for line in written.splitlines() if line.strip()]


def first_word(text: str, written: str) -> str:
    """Return the first of these words or phrases, one a line, that stands in the text as a whole; or nothing."""
    folded = " ".join(text.casefold().split())
    for phrase in lines(written):
        wanted = " ".join(phrase.casefold().split())
        if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded):
            return phrase
    return ""


def first_pattern(text: str, written: str) -> str:
    """Return the first of these patterns, one a line, that the text fits; or nothing."""
    return next((line for line in lines(written) if (pattern := compiled(line)) and pattern.search(text)), "")


@lru_cache(maxsize=MOST)
def compiled(line: str) -> "re2._Regexp | None":
    """Return the pattern that a line says, capitals alike; None if it is none, which the admin does not let through."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(line, options)
    except re2.error:
        return None


def check_patterns(written: str) -> None:
    """Raise ValidationError, with a sentence for every line that is no pattern and what in it is wrong."""
    every = written.splitlines()
    problems = [problem for number, line in enumerate(every, 1) if (problem := problem_of(number, line.strip()))]
    if len(lines(written)) > MOST:
        problems.append(_("At most %(most)d patterns, please.") % {"most": MOST})
    if problems:
        raise ValidationError(problems)


def problem_of(number: int, line: str) -> str:
    """Return a sentence about a line that is no pattern, or nothing."""
    if len(line) > LONGEST:
        return _("Line %(number)d: a pattern has at most %(most)d characters.") % {"number": number, "most": LONGEST}
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        re2.compile(line, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        return place_of(number, line, *said.partition(": ")[::2])
    return ""


def place_of(number: int, line: str, trouble: str, part: str) -> str:
    """Return a sentence that says in which line, and from which character of it, RE2 met what kind of trouble."""
    words = {"number": number, "trouble": trouble, "part": part or line, "at": line.find(part or line) + 1}
    return _("Line %(number)d, from character %(at)d: “%(part)s” cannot stand in a pattern (%(trouble)s).") % words
