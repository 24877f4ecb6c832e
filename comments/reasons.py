"""Why a comment is held, in words."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Parameters = dict[str, Any]

MOST_WORDS = 5  # of those that weighed most


def counted(one: str, more: str, count: int) -> str:
    return ngettext(one, more, count) % {"count": count}


def listed(words: Iterable[Any]) -> str:
    return ", ".join(f"“{word}”" for word in list(words)[:MOST_WORDS])


def of_score(parameters: Parameters) -> str:
    said = _("scores %(score)d %% on the spam filter") % {"score": round(parameters["score"] * 100)}
    weighed = listed(word for word, _weight in parameters.get("words", []))
    return _("%(said)s, for words such as %(words)s") % {"said": said, "words": weighed} if weighed else said


BLOCKED = {
    "address": lambda: _("this address is blocked"),
    "domain": lambda: _("addresses of this domain are blocked"),
    "network": lambda: _("its network is blocked"),
}

# name of a reason → its sentence, from what was kept with it
SENTENCES: dict[str, Callable[[Parameters], str]] = {
    "policy": lambda _p: _("every comment here is read first"),
    "first": lambda _p: _("first comment from this address"),
    "unconfirmed": lambda _p: _("nobody has confirmed this address"),
    "links": lambda p: counted("%(count)d link", "%(count)d links", p["count"]),
    "words": lambda p: _("has the word %(word)s") % {"word": listed([p["word"]])},
    "pattern": lambda _p: _("fits a pattern that holds comments"),
    "language": lambda p: _("in another language (%(language)s)") % {"language": p["language"]},
    "repeated": lambda p: counted("same text as another", "same text as %(count)d others", p["count"]),
    "block": lambda p: BLOCKED[p["kind"]](),
    "honeypot": lambda _p: _("fills in a field that people do not see"),
    "fast": lambda p: counted(
        "sent %(count)d second after the form was opened",
        "sent %(count)d seconds after the form was opened",
        p["seconds"],
    ),
    "throwaway": lambda _p: _("address of a throwaway mail service"),
    "akismet": lambda _p: _("Akismet takes it for spam"),
    "score": of_score,
}


def sentences(held_for: Iterable[Any]) -> list[str]:
    """Return a sentence for each reason of `Comment.held_for`; a reason without one is called by its name."""
    return [sentence(*reason) for reason in held_for]


def sentence(name: str, parameters: Parameters) -> str:
    try:
        return SENTENCES[name](parameters)
    except (KeyError, TypeError, ValueError):
        return name.replace("_", " ")
