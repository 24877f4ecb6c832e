"""The ways by which mails leave: a mail server (SMTP), or any other of Django's mail backends.

A route says what came of one mail as a Verdict; it raises nothing. What a verdict means for a row is blog/mail.py's
business for single mails, and subscribers/sending.py's for the list.
"""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

SERVICE_CLOSING = 421  # RFC 5321 section 3.8: with this answer, whatever it is to, the server hangs up
GO_ON = 354  # RFC 5321 section 4.1.1.4: the server waits for the text
AFTER_THE_TEXT = 600  # seconds that a server may take to answer it (RFC 5321 section 4.5.3.2.6)

WITHOUT_METADATA = frozenset({"postal"})  # providers that take none; this one gives our Message-ID back as it is

# RFC 3463 section 3.8: a reason of the class "security or policy" is about who sends, not about one reader.
LINE_END = re.compile(rb"\r\n|\r|\n")
POLICY = re.compile(r"\b[45]\.7\.\d{1,3}\b")


class Outcome(StrEnum):
    """What came of handing over one mail."""

    TAKEN = "taken"  # the server answers for it now
    LATER = "later"  # refused for now
    REFUSED = "refused"  # refused for good, because of this reader
    BARRED = "barred"  # refused for good, because of who sends or what: the next reader's would be, too
    BROKE = "broke"  # the line broke before the whole text was on it: it cannot have arrived
    LOST = "lost"  # the line broke after that: it may have arrived (RFC 5321 section 6.1)


class Verdict(NamedTuple):
    """An outcome, and what the server said: its three digits (0: it said nothing) and its words."""

    outcome: Outcome
    code: int = 0
    words: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.words}" if self.code else self.words


class Ready(NamedTuple):
    """One mail that only has to be handed over."""

    sender: str  # of the envelope: where a server reports to
    recipient: str
    content: bytes | EmailMessage


class Unreachable(Exception):  # noqa: N818  it names what happened
    """There is no connection to be had; no mail was looked at."""


class Route(Protocol):
    """A way by which mails leave, opened by the first that does."""

    takes_bytes: bool  # else it wants Django's message

    def open(self) -> None:
        """Connect if need be. Raises Unreachable."""

    def send(self, mail: Ready) -> Verdict:
        """Hand over one mail on the open connection."""

    def close(self) -> None:
        """Give the connection back. Never raises."""


class SmtpRoute:
    """A mail server. Django's backend opens the connection; the conversation is ours, to know how far it came."""

    takes_bytes = True

    def __init__(self, backend: SmtpBackend) -> None:
        self._backend = backend

    def open(self) -> None:
        try:
            self._backend.open()
            if self._backend.connection is not None:
                self._backend.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def send(self, mail: Ready) -> Verdict:
        content = mail.content if isinstance(mail.content, bytes) else as_bytes(mail.content)
        line = self._backend.connection
        if line is None:
            return Verdict(Outcome.BROKE, 0, "The connection was closed.")
        verdict = converse(line, mail.sender, mail.recipient, content)
        if verdict.code == SERVICE_CLOSING or verdict.outcome in {Outcome.BROKE, Outcome.LOST}:
            self.close()  # else the next mail would go down a dead line
        elif verdict.outcome is not Outcome.TAKEN:
            self._reset(line)
        return verdict

    def close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def _reset(self, line: smtplib.SMTP) -> None:
        try:
            line.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


class BackendRoute:
    """Any other backend of Django's: a provider's interface, files, or a test's list."""

    takes_bytes = False

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend

    def open(self) -> None:
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(str(error)) from error

    def send(self, mail: Ready) -> Verdict:
        verdict = self._hand_over(mail)
        if verdict.code == SERVICE_CLOSING or verdict.outcome is Outcome.LOST:
            self.close()
        return verdict

    def _hand_over(self, mail: Ready) -> Verdict:
        assert isinstance(mail.content, EmailMessage)  # noqa: S101  whoever made the mail asked `takes_bytes`
        if settings.MAIL_PROVIDER not in {"", *WITHOUT_METADATA}:
            # What django-anymail gives the provider, who gives it back when telling what became of the mail.
            metadata = {"message-id": mail.content.extra_headers.get("Message-ID", "")}
            setattr(mail.content, "metadata", metadata)  # noqa: B010  Django's message does not know it
        try:
            self._backend.send_messages([mail.content])
        except smtplib.SMTPRecipientsRefused as error:
            return judge(*next(iter(error.recipients.values())), about_reader=True)
        except smtplib.SMTPResponseException as error:
            return judge(error.smtp_code, error.smtp_error)
        except Exception as error:
            return Verdict(Outcome.LOST, 0, f"The connection broke: {error}")
        return Verdict(Outcome.TAKEN)

    def close(self) -> None:
        self._backend.close()


@contextmanager
def open_route() -> Iterator[Route]:
    """Lend a route for several mails. It connects with the first that is sent."""
    backend = get_connection()
    route = SmtpRoute(backend) if isinstance(backend, SmtpBackend) else BackendRoute(backend)
    try:
        yield route
    finally:
        route.close()


def ready(message: EmailMessage) -> Ready:
    """Return a message of Django's as a mail to hand over: from the address in its From, to its one reader."""
    content = message.message()  # a header that cannot be written shows here, not half way through the conversation
    sender = parseaddr(str(content["From"]))[1] or settings.DEFAULT_FROM_EMAIL
    return Ready(sender, message.to[0], message)


def as_bytes(message: EmailMessage) -> bytes:
    """Return the message in the form of the wire, every line with CR and LF (RFC 5321 section 2.3.8)."""
    return LINE_END.sub(b"\r\n", message.message().as_bytes())


def converse(line: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Verdict:
    """Hand over one mail on an open connection (RFC 5321 section 3.3), and say how far it came."""
    try:
        code, words = line.mail(sender)
        if code != 250:
            return judge(code, words)
        code, words = line.rcpt(recipient)
        if code not in {250, 251}:
            return judge(code, words, about_reader=True)
        code, words = line.docmd("DATA")
        if code != GO_ON:
            return judge(code, words)
        line.send(stuffed(content))  # whatever fails here, the closing dot has not left this machine
    except (OSError, smtplib.SMTPException) as error:
        return Verdict(Outcome.BROKE, 0, f"The connection broke before the text was over: {error}")
    return await_answer(line)


def await_answer(line: smtplib.SMTP) -> Verdict:
    """Wait for the answer to the text, for as long as the standard allows a server to take."""
    usual = line.sock.gettimeout() if line.sock else None
    try:
        if line.sock:
            line.sock.settimeout(AFTER_THE_TEXT)
        code, words = line.getreply()
        if line.sock:
            line.sock.settimeout(usual)
    except (OSError, smtplib.SMTPException) as error:
        return Verdict(Outcome.LOST, 0, f"The connection broke after the text: {error}")
    return Verdict(Outcome.TAKEN, code, readable(words)) if code == 250 else judge(code, words)


def stuffed(content: bytes) -> bytes:
    """Return the text as it goes on the wire: leading dots doubled, and the closing dot (RFC 5321 section 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\r\n.", b"\r\n..")
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def judge(code: int, words: bytes | str, *, about_reader: bool = False) -> Verdict:
    """Say what an answer other than yes means: 4xx is for now, 5xx for good (RFC 5321 section 4.2.1)."""
    said = readable(words)
    if 400 <= code < 500:
        return Verdict(Outcome.LATER, code, said)
    if about_reader and not POLICY.search(said):
        return Verdict(Outcome.REFUSED, code, said)
    return Verdict(Outcome.BARRED, code, said)


def readable(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
