"""What makes a comment suspicious: one table of pure functions. comments/judging.py gathers what they look at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from disposable_email_domains import blocklist

from comments import languages, patterns
from comments.blocks import domains_above
from comments.traps import NO_SIGNS, Signs
from comments.words import ADDRESS

CERTAIN = 1.0
FASTEST = 2  # seconds in which nobody fills in a form, or mends one
SHORTEST_REPEATED = 40  # characters; two people may both say “Thank you for this”

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """Everything that the rules look at, gathered once."""

    text: str
    name: str = ""
    email: str = ""
    repeated: int = 0  # other comments of the last 30 days with this text
    blocked: Sequence[str] = ()  # kinds of blocks that it meets
    signs: Signs = NO_SIGNS
    held_words: str = ""
    spam_words: str = ""
    patterns: str = ""
    most_links: int = 2
    languages: Sequence[str] = ()

    @property
    def read(self) -> str:
        """What words and patterns are looked for in: the name as well, where advertising likes to stand."""
        return f"{self.name}\n{self.text}"


@dataclass(frozen=True)
class Rule:
    """A reason, how sure it alone makes us of spam (0 to 1), and a function: what it found, or None."""

    reason: str
    weight: float
    find: Callable[[Evidence], Parameters | None]


@dataclass(frozen=True)
class Finding:
    """A rule that applies, with what the sentence about it needs."""

    reason: str
    weight: float
    parameters: Parameters = field(default_factory=dict)


def blocked(evidence: Evidence) -> Parameters | None:
    return {"kind": evidence.blocked[0]} if evidence.blocked else None


def trapped(evidence: Evidence) -> Parameters | None:
    return {} if evidence.signs.is_trapped else None


def fast(evidence: Evidence) -> Parameters | None:
    seconds = evidence.signs.seconds
    return None if seconds is None or seconds >= FASTEST else {"seconds": max(int(seconds), 0)}


def throwaway(evidence: Evidence) -> Parameters | None:
    domains = domains_above(evidence.email.rpartition("@")[2])
    return next(({"domain": domain} for domain in domains if domain in blocklist), None)


def many_links(evidence: Evidence) -> Parameters | None:
    count = len(ADDRESS.findall(evidence.text))
    return {"count": count} if count > evidence.most_links else None


def repeated(evidence: Evidence) -> Parameters | None:
    is_long = len(evidence.text) >= SHORTEST_REPEATED
    return {"count": evidence.repeated} if evidence.repeated and is_long else None


def spam_word(evidence: Evidence) -> Parameters | None:
    word = patterns.first_word(evidence.read, evidence.spam_words)
    return {"word": word} if word else None


def held_word(evidence: Evidence) -> Parameters | None:
    word = patterns.first_word(evidence.read, evidence.held_words)
    return {"word": word} if word else None


def held_pattern(evidence: Evidence) -> Parameters | None:
    pattern = patterns.first_pattern(evidence.read, evidence.patterns)
    return {"pattern": pattern} if pattern else None


def foreign(evidence: Evidence) -> Parameters | None:
    if not evidence.languages:
        return None
    language = languages.language_of(evidence.text)
    return {"language": language} if language and language not in evidence.languages else None


RULES = [
    Rule("block", CERTAIN, blocked),
    Rule("words", CERTAIN, spam_word),
    Rule("honeypot", 0.95, trapped),
    Rule("repeated", 0.6, repeated),
    Rule("links", 0.5, many_links),
    Rule("throwaway", 0.4, throwaway),
    Rule("fast", 0.4, fast),
    Rule("pattern", 0.3, held_pattern),
    Rule("words", 0.3, held_word),
    Rule("language", 0.3, foreign),
]


def findings(evidence: Evidence) -> list[Finding]:
    """Return what the rules find, the heaviest first."""
    found = ((rule, rule.find(evidence)) for rule in RULES)
    return [Finding(rule.reason, rule.weight, what) for rule, what in found if what is not None]


def score(weights: Iterable[float]) -> float:
    """Return how sure these make us together: as if each were right independently of the others."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1 - weight
    return 1 - doubt
