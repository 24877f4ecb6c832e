"""Asking the domain name system, in one place, which tests replace. Whatever happens is an answer, not an exception."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dns.resolver import Resolver

ONE_NAME = 3.0  # seconds that one question may take
ALL_NAMES = 6.0  # seconds for all questions of one look


class State(StrEnum):
    """What came of a question."""

    FOUND = "found"
    NOTHING = "nothing"  # the name is there, without a record of this kind
    NO_NAME = "no name"  # NXDOMAIN
    UNKNOWN = "unknown"  # no server answered, in time or at all


class Answer(NamedTuple):
    """A state, and the records where there are any: texts, or hosts."""

    state: State
    values: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether it is certain that there is no such record."""
        return self.state in {State.NOTHING, State.NO_NAME}


Ask = Callable[[str, str], Answer]  # a name, and TXT, MX, A or AAAA


def asker() -> Ask:
    """Return a function that asks, as long as the time for all its questions lasts."""
    import dns.exception  # 4 MB of memory, and only a look before a mail asks
    import dns.resolver

    ends = time.monotonic() + ALL_NAMES
    try:
        resolver = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError):
        return lambda name, kind: Answer(State.UNKNOWN)

    def ask(name: str, kind: str) -> Answer:
        left = min(ONE_NAME, ends - time.monotonic())
        return look_up(resolver, name, kind, left) if left > 0 else Answer(State.UNKNOWN)

    return ask


def look_up(resolver: "Resolver", name: str, kind: str, seconds: float) -> Answer:
    """Ask one question. Takes at most that many seconds."""
    import dns.exception
    import dns.resolver

    try:
        records = resolver.resolve(f"{name.rstrip('.')}.", kind, lifetime=seconds, search=False)
    except dns.resolver.NXDOMAIN:
        return Answer(State.NO_NAME)
    except dns.resolver.NoAnswer:
        return Answer(State.NOTHING)
    except (dns.exception.DNSException, OSError, ValueError):  # a time-out, SERVFAIL, a name that cannot be one
        return Answer(State.UNKNOWN)
    return Answer(State.FOUND, tuple(in_words(record) for record in records))


def in_words(record: object) -> str:
    """Return a record as text; the pieces of a long TXT record are one (RFC 7208 section 3.3)."""
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    host = getattr(record, "exchange", None)
    return str(record if host is None else host).rstrip(".")
