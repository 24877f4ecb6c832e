"""Composing mails that say what they should, and recording what came of each."""

import email
import email.policy
import smtplib
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage as ParsedMessage
from email.utils import getaddresses
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from blog import mail, routes
from blog.models import Publication, QueuedMail
from blog.routes import BackendRoute, SmtpRoute
from subscribers.models import Notice
from tests.factories import make_subscriber
from tests.ports import free_port

State = QueuedMail.State


def compose(publication: Publication | None = None, **values: Any) -> EmailMultiAlternatives:
    publication = publication or Publication(name="Byline")
    context = {"publication": publication, "confirm_url": "https://a.example/c/", "site_url": "https://a.example/"}
    defaults = {"to": "reader@example.org", "subject": "A subject", "sender": mail.sender(publication.name)}
    return mail.compose("subscription_confirm", context, **{**defaults, "headers": {}, **values})


def parsed(message: EmailMessage) -> ParsedMessage:
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


# --- What is in a mail --------------------------------------------------------------------------------------------


def test_a_mail_has_two_parts_with_text_first() -> None:
    message = parsed(compose())

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert all("https://a.example/c/" in part.get_content() for part in message.iter_parts())


def test_a_mail_of_any_letters_goes_out_in_seven_bits() -> None:
    content = routes.as_bytes(compose(Publication(name="Blög 東京", postal_address="Zürich"), subject="Grüße"))

    assert content.isascii()
    assert "Zürich" in email.message_from_bytes(content, policy=email.policy.default).get_body(("plain",)).get_content()  # type: ignore[attr-defined]


def test_what_looks_like_an_encoded_word_is_read_as_it_was_written() -> None:
    evil = "=?utf-8?q?a=0D=0ABcc:_evil@evil.example?="

    assert mail.plain_words(evil) == "= ?utf-8?q?a=0D=0ABcc:_evil@evil.example?="
    assert mail.plain_words("1 =? 2") == "1 =? 2"
    assert parsed(compose(Publication(name=evil), subject=evil))["Subject"].startswith("= ?utf-8")


def test_words_of_others_are_escaped_in_html_and_as_they_are_in_text() -> None:
    message = parsed(compose(Publication(name="Salt & <b>Pepper</b>", postal_address="<script>\nHere")))

    text, html = (part.get_content() for part in message.iter_parts())
    assert "Salt & <b>Pepper</b>" in text
    assert "Salt &amp; &lt;b&gt;Pepper&lt;/b&gt;" in html
    assert "<script>" not in html


def test_answers_go_where_the_settings_say(settings: Any) -> None:
    assert parsed(compose())["Reply-To"] is None

    settings.REPLY_TO = "desk@a.example"

    assert parsed(compose())["Reply-To"] == "desk@a.example"


@pytest.mark.parametrize(
    ("name", "address", "sender"),
    [
        ("Byline", "byline@a.example", '"Byline" <byline@a.example>'),
        ("Salt, Pepper; <x@y.example>", "byline@a.example", '"Salt, Pepper; <x@y.example>" <byline@a.example>'),
        ('Say "hi" \\o', "byline@a.example", '"Say hi o" <byline@a.example>'),
        ("A\r\nBcc: x@y.example", "byline@a.example", '"A Bcc: x@y.example" <byline@a.example>'),
        ("Byline", "The Desk <desk@a.example>", "The Desk <desk@a.example>"),
    ],
)
def test_who_a_mail_is_from(settings: Any, name: str, address: str, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = address

    assert mail.sender(name) == sender


HEADERS = {
    "Content-Type": 1,
    "MIME-Version": 1,
    "Subject": 1,
    "From": 1,
    "To": 1,
    "Date": 1,
    "Message-ID": 1,
    "List-Id": 1,
    "X-Title": 1,
}

INJECTIONS = {
    "crlf": "a\r\nBcc: evil@evil.example",
    "lf": "a\nBcc: evil@evil.example",
    "cr": "a\rBcc: evil@evil.example",
    "two line breaks": "a\r\n\r\n<script>alert(1)</script>",
    "folded": "a\r\n\tBcc: evil@evil.example",
    "line separator": "a\u2028Bcc: evil@evil.example",
    "paragraph separator": "a\u2029Bcc: evil@evil.example",
    "next line": "a\x85Bcc: evil@evil.example",
    "vertical tab and form feed": "a\x0bBcc: x\x0cBcc: y",
    "nul": "a\x00Bcc: evil@evil.example",
    "encoded": "=?utf-8?q?a=0D=0ABcc:_evil@evil.example?=",
    "not ASCII": "ä\r\nBcc: evil@evil.example",
    "long": "a " * 500 + "\r\nBcc: evil@evil.example",
    "quotes": '"a" <evil@evil.example>, "b',
}


@pytest.mark.parametrize("evil", INJECTIONS.values(), ids=INJECTIONS)
def test_no_title_or_name_begins_a_header(evil: str) -> None:
    headers = {"Message-ID": "<1@a.example>", "List-Id": evil, "X-Title": evil}
    message = compose(Publication(name=evil), subject=evil, headers=headers)

    received = email.message_from_bytes(message.message().as_bytes())  # as the wire has it, nothing decoded
    assert Counter(received.keys()) == HEADERS
    assert message.recipients() == ["reader@example.org"]
    assert received["To"] == "reader@example.org"
    assert [address for _name, address in getaddresses([received["From"]])] == ["byline@localhost"]
    assert received.is_multipart()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \r\n\t b\x00c\x85d\u2028e  ", "a b c d e"),
        ("Über 東京 👩 – “é”", "Über 東京 👩 – “é”"),
        ("", ""),
        ("\r\n", ""),
    ],
)
def test_a_header_is_one_line(text: str, line: str) -> None:
    assert mail.one_line(text) == line


# --- Sending ------------------------------------------------------------------------------------------------------


class Server(BaseEmailBackend):
    """Stands for a mail server that answers as it is told, one answer a mail; None takes the mail."""

    def __init__(self, *answers: Exception | None, opening: Exception | None = None) -> None:
        super().__init__()
        self.answers = list(answers)
        self.opening = opening
        self.taken: list[EmailMessage] = []
        self.closed = 0

    def open(self) -> bool:
        if self.opening:
            raise self.opening
        return True

    def close(self) -> None:
        self.closed += 1

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        answer = self.answers.pop(0)
        if answer:
            raise answer
        self.taken += email_messages
        return len(email_messages)


def claimed_row() -> Notice:
    row = Notice.objects.create(subscriber=make_subscriber(), kind=Notice.Kind.CONFIRM)
    assert row.claim()
    return row


def refused(code: int, words: bytes = b"because") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"reader@example.org": (code, words)})


OUTCOMES: dict[str, tuple[Exception | None, str, str, bool]] = {
    # what the server does, the state and the note of the row, whether the connection is given up
    "taken": (None, State.SENT, "", False),
    "nobody there": (refused(550, b"5.1.1 No such user"), State.FAILED, "550 5.1.1 No such user", False),
    "mailbox busy": (refused(450), State.DEFERRED, "450 because", False),
    "reader's words in bytes": (refused(550, b"\xff\xfe"), State.FAILED, "550 \ufffd\ufffd", False),
    "sender refused": (smtplib.SMTPSenderRefused(553, b"No", "a@b"), State.FAILED, "553 No", False),
    "sender not now": (smtplib.SMTPSenderRefused(451, b"Later", "a@b"), State.DEFERRED, "451 Later", False),
    "text refused": (smtplib.SMTPDataError(554, b"Spam"), State.FAILED, "554 Spam", False),
    "text not now": (smtplib.SMTPDataError(452, b"Full"), State.DEFERRED, "452 Full", False),
    "server closes": (refused(421, b"Too many"), State.DEFERRED, "421 Too many", True),
    "server closes after the text": (smtplib.SMTPDataError(421, b"Bye"), State.DEFERRED, "421 Bye", True),
    "no answer": (smtplib.SMTPServerDisconnected("gone"), State.UNKNOWN, "The connection broke: gone", True),
    "reset": (ConnectionResetError("reset"), State.UNKNOWN, "The connection broke: reset", True),
    "too slow": (TimeoutError("timed out"), State.UNKNOWN, "The connection broke: timed out", True),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "state", "error", "closed"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_came_of_a_mail_is_kept(answer: Exception | None, state: str, error: str, closed: bool) -> None:
    row, server = claimed_row(), Server(answer)

    sent = mail.send(row, compose, BackendRoute(server))

    row.refresh_from_db()
    assert (row.state, row.error) == (state, error)
    assert sent is (answer is None)
    assert bool(row.sent_at) is sent
    assert bool(server.closed) is closed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("refused"),
        socket.gaierror("no such host"),
        TimeoutError("timed out"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPConnectError(421, b"busy"),
        smtplib.SMTPNotSupportedError("STARTTLS"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_without_a_connection_a_mail_waits(error: Exception) -> None:
    row = claimed_row()

    assert not mail.send(row, compose, BackendRoute(Server(opening=error)))

    row.refresh_from_db()
    assert row.state == State.DEFERRED
    assert row.error.startswith("No connection: ")
    assert row.next_try_at > timezone.now()


def cannot_be_made() -> EmailMessage:
    raise ValueError("no such template")


def cannot_be_written() -> EmailMessage:
    return compose(to="reader@example.org\nBcc: evil@evil.example")


@pytest.mark.django_db
@pytest.mark.parametrize("make", [cannot_be_made, cannot_be_written], ids=lambda make: make.__name__)
def test_a_mail_that_cannot_be_made_fails_alone(make: Callable[[], EmailMessage]) -> None:
    bad, good, server = claimed_row(), claimed_row(), Server(None)

    assert not mail.send(bad, make, BackendRoute(server))
    assert mail.send(good, compose, BackendRoute(server))

    bad.refresh_from_db()
    assert bad.state == State.FAILED
    assert bad.error.startswith("The message could not be made: ")
    assert len(server.taken) == 1


@pytest.mark.django_db
def test_a_row_that_another_worker_took_over_is_not_sent() -> None:
    row, server = claimed_row(), Server(None)

    def compose_slowly() -> EmailMessage:
        Notice.objects.update(claimed_at=timezone.now())
        return compose()

    assert not mail.send(row, compose_slowly, BackendRoute(server))

    row.refresh_from_db()
    assert (row.state, server.taken) == (State.CLAIMED, [])


@pytest.mark.django_db
def test_a_mail_goes_on_the_wire_as_a_row_that_says_so() -> None:
    row = claimed_row()
    seen: list[str] = []

    class Watching(Server):
        def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
            seen.append(Notice.objects.get().state)
            return super().send_messages(email_messages)

    mail.send(row, compose, BackendRoute(Watching(None)))

    assert seen == [State.TRANSMITTING]


def test_a_connection_is_given_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(routes, "get_connection", lambda: server)

    with pytest.raises(RuntimeError), routes.open_route():
        raise RuntimeError

    assert server.closed == 1


class GoodbyeFirst:
    """A server that takes nothing on its first connection: 421, as after too many mails on one."""

    def __init__(self) -> None:
        self.said_goodbye = False
        self.taken: list[str] = []

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802  aiosmtpd's name
        if not self.said_goodbye:
            self.said_goodbye = True
            return "421 Goodbye"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.mark.django_db
def test_after_a_goodbye_the_next_mail_goes_through_a_new_connection() -> None:
    handler = GoodbyeFirst()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    first, second = claimed_row(), claimed_row()
    backend = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=server.port, timeout=10
    )

    try:
        assert not mail.send(first, compose, SmtpRoute(backend))
        assert mail.send(second, compose, SmtpRoute(backend))
    finally:
        backend.close()
        server.stop()

    first.refresh_from_db()
    assert (first.state, first.error) == (State.DEFERRED, "421 Goodbye")
    assert handler.taken == ["reader@example.org"]
