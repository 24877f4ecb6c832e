"""Reading a mail that came in, whatever its state: cut short, broken, or made to break its reader."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice

from django.conf import settings

from blog.keys import Purpose
from blog.mail import one_line
from subscribers.return_addresses import read

LARGEST = 250_000  # bytes of a mail that are looked at; what a report says stands at its front
MOST_LINES = 10_000
LONGEST_HEADER = 4_000
MOST_ADDRESSES = 50
MOST_PARTS = 100
# Taking a mail apart takes time by its lines times its depth. Real reports hold some five of these.
NESTING = re.compile(rb"boundary\s*\*?\d*\*?\s*=|message/rfc822|message/global", re.IGNORECASE)
MOST_NESTED = 16


@dataclass(frozen=True)
class Incoming:
    """A mail, and the addresses it came to: what whoever handed it over says, or else its headers."""

    message: Message
    to: tuple[str, ...]

    def header(self, name: str) -> str:
        return header(self.message, name)

    def number(self, purpose: Purpose) -> int | None:
        """Return the number of the row whose signed address for that purpose the mail came to."""
        return first_number(self.to, purpose)

    def came_to_the_list(self) -> bool:
        """Say whether it came to INBOUND_ADDRESS itself, or to that with +subscribe."""
        name, _at, host = settings.INBOUND_ADDRESS.partition("@")
        ours = {f"{name}@{host}", f"{name}+subscribe@{host}"}
        return bool(name) and any(address.lower() in ours for address in self.to)


def parse(raw: bytes, to: str = "") -> Incoming:
    """Make a mail of some bytes. Never raises: of what cannot be taken apart, the headers are read."""
    raw = b"\n".join(raw[:LARGEST].split(b"\n", MOST_LINES)[:MOST_LINES])
    # Headers stay as they came (compat32): the newer policy interprets them when they are read, and fails at some.
    parser = BytesParser(policy=policy.compat32)
    try:
        message = parser.parsebytes(raw, headersonly=len(NESTING.findall(raw)) > MOST_NESTED)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        message = headers_alone(parser, raw)
    return Incoming(message, (to,) if to else tuple(addressed_to(message)))


def headers_alone(parser: BytesParser, raw: bytes) -> Message:
    try:
        return parser.parsebytes(raw, headersonly=True)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return Message()


def header(message: Message, name: str) -> str:
    """Return the first header of that name in one line, without control characters; nothing if there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    return [one_line(str(value)[:LONGEST_HEADER]) for value in message.get_all(name, [])[:MOST_ADDRESSES]]


def addresses(message: Message, name: str) -> list[str]:
    """Return the addresses in the headers of that name; none of what nobody can take apart."""
    try:
        found = getaddresses(headers(message, name))
    except (RecursionError, ValueError, IndexError):  # some thousand comments, each within the one before
        return []
    return [address for _name, address in found if address][:MOST_ADDRESSES]


def addressed_to(message: Message) -> Iterator[str]:
    """Yield where a mail came to: what the last servers wrote down first, then what its sender did."""
    for name in ("X-Original-To", "Delivered-To", "To", "Cc"):
        yield from addresses(message, name)


def first_number(candidates: list[str] | tuple[str, ...], purpose: Purpose) -> int | None:
    """Return the number in the first of these addresses that this site signed for that purpose."""
    meant = (read(address) for address in candidates)
    return next((found.number for found in meant if found is not None and found.purpose == purpose), None)


def parts(message: Message) -> list[Message]:
    """Return the message and what it holds, of any depth, as far as one reader can be expected to go."""
    try:
        return list(islice(message.walk(), MOST_PARTS))
    except (RecursionError, AttributeError, TypeError):
        return [message]
