"""The ways by which mails leave: a mail server (SMTP), or any other of Django's mail backends.

A route says what came of one mail as a Verdict; it raises nothing. What a verdict means for a row is blog/mail.py's
business for single mails, and subscribers/sending.py's for the list.
"""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.generator import BytesGenerator
from email.utils import parseaddr
from io import BytesIO
from typing import NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.encoding import punycode

from blog import failpoints
from blog.dkim import signed
from blog.verdicts import Outcome, Step, Verdict, judge, readable

SERVICE_CLOSING = 421  # RFC 5321 section 3.8: with this answer, whatever it is to, the server hangs up
GO_ON = 354  # RFC 5321 section 4.1.1.4: the server waits for the text
LONGEST_LINE = 998  # octets (RFC 5322 section 2.1.1)
AFTER_THE_TEXT = 600  # seconds that a server may take to answer it (RFC 5321 section 4.5.3.2.6)

WITHOUT_METADATA = frozenset({"postal"})  # providers that take none; this one gives our Message-ID back as it is
LINE_END = re.compile(rb"\r\n|\r|\n")


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
        verdict = converse(line, mail.sender, mail.recipient, signed(content))
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
        if type(self._backend).__module__.startswith("anymail."):
            suit_provider(mail.content)
        try:
            self._backend.send_messages([mail.content])
        except smtplib.SMTPRecipientsRefused as error:
            return judge(*next(iter(error.recipients.values())), Step.READER)
        except smtplib.SMTPResponseException as error:
            return judge(error.smtp_code, error.smtp_error, Step.SENDER)
        except Exception as error:
            return judge_provider(error)
        return Verdict(Outcome.TAKEN, 0, taken_as(mail.content))

    def close(self) -> None:
        self._backend.close()


class NoRoute:
    """Stands for a way that no setting describes."""

    takes_bytes = False

    def open(self) -> None:
        raise Unreachable("No second route is set (EMAIL_FALLBACK_URL).")

    def send(self, mail: Ready) -> Verdict:
        return Verdict(Outcome.BROKE, 0, "There is no connection.")

    def close(self) -> None:
        pass


@contextmanager
def open_route(*, fallback: bool = False) -> Iterator[Route]:
    """Lend a route for several mails. It connects with the first that is sent.

    `fallback`: the second route, EMAIL_FALLBACK_URL. Nothing takes it by itself: it may have another reputation, and
    what the first lost track of may have arrived.
    """
    route = route_by(backend_of(fallback=fallback))
    try:
        yield route
    finally:
        route.close()


def backend_of(*, fallback: bool) -> BaseEmailBackend | None:
    if not fallback:
        return get_connection()
    second = settings.EMAIL_FALLBACK
    return get_connection(second.backend, **second.options) if second else None


def route_by(backend: BaseEmailBackend | None) -> Route:
    match backend:
        case None:
            return NoRoute()
        case SmtpBackend():
            return SmtpRoute(backend)
        case _:
            return BackendRoute(backend)


def ready(message: EmailMessage) -> Ready:
    """Return a message of Django's as a mail to hand over: from the address in its From, to its one reader."""
    message.message()  # a header that cannot be written shows here, not half way through the conversation
    return Ready(bare(message.from_email), bare(message.to[0]), message)


def bare(address: str) -> str:
    """Return an address as an envelope has it: without a name, its domain in ASCII (RFC 5891).

    Raises ValueError for one whose part before the @ is not printable ASCII: few servers take it (RFC 6531).
    """
    if "<" in address:
        address = parseaddr(address)[1]
    if address.isascii() and address.isprintable():
        return address
    local, at, domain = address.rpartition("@")
    if not (local.isascii() and local.isprintable()):
        raise ValueError(f"{address!r} can be reached through few mail servers.")
    return f"{local}{at}{punycode(domain)}"


def as_bytes(message: EmailMessage) -> bytes:
    """Return the message in the form of the wire, every line with CR and LF (RFC 5321 section 2.3.8).

    A long header stays in one line, up to 998 octets: some programs lose one that is folded right after its name.
    """
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, maxheaderlen=LONGEST_LINE).flatten(message.message())
    return LINE_END.sub(b"\r\n", written.getvalue())


def converse(line: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Verdict:
    """Hand over one mail on an open connection (RFC 5321 section 3.3), and say how far it came."""
    try:
        # Not mail() and rcpt(), which take addresses apart that were taken apart before, for a tenth of a mail's cost.
        code, words = line.docmd("MAIL", f"FROM:<{sender}>")
        if code != 250:
            return judge(code, words, Step.SENDER)
        code, words = line.docmd("RCPT", f"TO:<{recipient}>")
        if code not in {250, 251}:
            return judge(code, words, Step.READER)
        code, words = line.docmd("DATA")
        if code != GO_ON:
            return judge(code, words, Step.SENDER)
        line.send(stuffed(content))  # whatever fails here, the closing dot has not left this machine
    except (OSError, smtplib.SMTPException) as error:
        return Verdict(Outcome.BROKE, 0, f"The connection broke before the text was over: {error}")
    return await_answer(line)


def await_answer(line: smtplib.SMTP) -> Verdict:
    """Wait for the answer to the text, for as long as the standard allows a server to take."""
    failpoints.reached("text sent")
    usual = line.sock.gettimeout() if line.sock else None
    try:
        if line.sock:
            line.sock.settimeout(AFTER_THE_TEXT)
        code, words = line.getreply()
        if line.sock:
            line.sock.settimeout(usual)
    except (OSError, smtplib.SMTPException) as error:
        return Verdict(Outcome.LOST, 0, f"The connection broke after the text: {error}")
    return Verdict(Outcome.TAKEN, code, readable(words)) if code == 250 else judge(code, words, Step.TEXT)


def stuffed(content: bytes) -> bytes:
    """Return the text as it goes on the wire: leading dots doubled, and the closing dot (RFC 5321 section 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    if b"\r\n." in content:
        content = content.replace(b"\r\n.", b"\r\n..")
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


# --- What providers say (django-anymail) ----------------------------------------------------------------------------

NO_CONNECTION = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}  # urllib3's, below anymail
NOT_NOW = {429, 503}  # too many requests, or down: with these a provider has taken nothing (RFC 6585, RFC 9110)


def judge_provider(error: Exception) -> Verdict:
    """Say what a backend's exception means. One that tells nothing may have come after the mail was taken."""
    words = str(error) or type(error).__name__
    code = getattr(error, "status_code", None) or 0  # of the provider's HTTP answer
    if type(error).__name__ == "AnymailRecipientsRefused":
        return Verdict(Outcome.REFUSED, code, words)
    if isinstance(error, ValueError):  # anymail's for what it can tell the provider nothing of, before it asks
        return Verdict(Outcome.BARRED, code, words)
    if code in NOT_NOW:
        return Verdict(Outcome.LATER, code, words)
    if 400 <= code < 500:
        return Verdict(Outcome.BARRED, code, words)
    if never_connected(error):
        return Verdict(Outcome.BROKE, 0, words)
    return Verdict(Outcome.LOST, code, words if code else f"The connection broke: {error}")


def never_connected(error: BaseException | None) -> bool:
    """Say whether an error, or what led to it, was that no connection came about: then nothing can have arrived."""
    while error is not None:
        if type(error).__name__ in NO_CONNECTION:
            return True
        error = error.__cause__ or error.__context__
    return False


def suit_provider(message: EmailMessage) -> None:
    """Let the provider choose where it is reported to, and tell us by its webhooks which mail it was.

    Most refuse another return address, or take its domain for the one to send from.
    """
    message.from_email = message.extra_headers.pop("From", message.from_email)
    if settings.MAIL_PROVIDER not in WITHOUT_METADATA:
        metadata = {"message-id": message.extra_headers.get("Message-ID", "")}
        setattr(message, "metadata", metadata)  # noqa: B010  Django's message does not know it


def taken_as(message: EmailMessage) -> str:
    """Return the name by which the provider knows a mail it took, if it gave one."""
    name = getattr(getattr(message, "anymail_status", None), "message_id", None)
    return "" if name is None else str(name)
