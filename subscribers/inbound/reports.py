"""What a report says: that a mail could not be delivered (RFC 3464 and older forms), or that it was called spam."""

import logging
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from blog.keys import Purpose
from subscribers.bouncing import enhanced_code
from subscribers.inbound.messages import addresses, first_number, header, headers, parts

logger = logging.getLogger(__name__)

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it has a line for each thing it tries

GIVEN_UP = ("fail", "error")  # RFC 3464 says `failed`; some say failure, or add a comment
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})  # RFC 5965; not `not-spam`, `virus`, `auth-failure`


class Failure(NamedTuple):
    """That a delivery was given up, and why."""

    status: str = ""  # enhanced status code, where the report has one
    words: str = ""


def failure(message: Message) -> Failure | None:
    """Return what a mail to a delivery's return address reports; None unless that delivery was given up.

    That a server is still trying is no failure. Whom the report names does not count, so it is not looked at.
    """
    blocks = list(recipients(message))
    given_up = [block for block in blocks if header(block, "Action").lower().startswith(GIVEN_UP)]
    if blocks and not given_up:
        return None
    if not given_up:
        return Failure(words=header(message, "Subject")) if failed_for_good(message) else None
    status = enhanced_code(header(given_up[0], "Status"))
    words = header(given_up[0], "Diagnostic-Code") or header(given_up[0], "Status")
    return None if status.startswith("2.") else Failure(status, words)


def recipients(message: Message) -> Iterator[Message]:
    """Yield what a delivery status notification says, for each recipient it is about."""
    for part in parts(message):
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message) and block["Action"])


def failed_for_good(message: Message) -> bool:
    """Ask Mailman's library, which knows how old servers word it."""
    if not addresses(message, "From"):
        del message["From"]
        message["From"] = "<>"  # without any, the library stops half way
    try:
        _for_now, for_good = all_failures(message)
    except Exception as error:  # what was made to break a reader may break this one
        logger.warning("A report could not be read: %s.", type(error).__name__)
        return False
    return bool(for_good)


def is_feedback(message: Message) -> bool:
    """Say whether this is a report in the Abuse Reporting Format (RFC 5965)."""
    if message.get_content_type() != "multipart/report":
        return False
    return any(part.get_content_type() == "message/feedback-report" for part in parts(message))


def is_complaint(message: Message) -> bool:
    """Say whether a feedback report is about a reader who called a mail spam."""
    kinds = [
        header(inner, "Feedback-Type").lower()
        for part in parts(message)
        if part.get_content_type() == "message/feedback-report"
        for inner in [part, *contained(part)]
    ]
    return any(kind in COMPLAINTS for kind in kinds)


def contained(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


class Named(NamedTuple):
    """The row that a signed address within a report names: a delivery, or else a subscriber."""

    delivery: int | None
    subscriber: int | None


def named_within(message: Message) -> Named:
    """Return whom the mail that a report encloses was sent to.

    Only the marks in its headers count. The links in a text are known to everybody it was passed on to; these are not.
    """
    inner = [part for part in [*parts(message), *map(as_headers, parts(message))] if part is not message]
    senders = [
        address
        for part in inner
        for name in ("Original-Mail-From", "Return-Path", "X-Original-Mail-From")
        for address in addresses(part, name)
    ]
    leaving = [mailto(link) for part in inner for value in headers(part, "List-Unsubscribe") for link in links(value)]
    return Named(first_number(senders, Purpose.BOUNCE), first_number(leaving, Purpose.LEAVE_BY_MAIL))


def as_headers(part: Message) -> Message:
    """Return the headers that a part of the type text/rfc822-headers holds as its text."""
    from_text = Message()
    if part.get_content_type() != "text/rfc822-headers" or part.is_multipart():
        return from_text
    unfolded = str(part.get_payload())[:100_000].replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    for line in unfolded.split("\n")[:500]:
        name, colon, value = line.partition(":")
        if colon and name.isascii() and name.replace("-", "").isalnum():
            from_text[name] = value.strip()
    return from_text


def links(value: str) -> list[str]:
    return [link.strip(" <>") for link in value.split(",")][:10]


def mailto(link: str) -> str:
    """Return the address in a mailto: link; nothing for another link."""
    return link[7:].partition("?")[0] if link.lower().startswith("mailto:") else ""
