"""Handing mails over to servers that answer, refuse, hang up and lie, and to providers that do."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, syntax
from anymail.exceptions import (
    AnymailAPIError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMessage, get_connection

from blog import routes
from blog.routes import BackendRoute, Outcome, Ready, SmtpRoute, Unreachable, open_route
from config.mail import mail_route
from tests.ports import free_port

TEXT = b"Subject: Hello\r\n\r\n.\r\n..\r\nHello\r\n"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Moods:
    """Answers as the recipient's name says: step-code-status, or hangs up there."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses) -> list[str]:  # noqa: N802
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, server, _session, envelope, address, _options) -> str:  # noqa: N802
        envelope.mail_from = address
        return answer(server, "mail", address) or "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return answer(server, "rcpt", address) or "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        said = answer(server, "text", envelope.rcpt_tos[0])
        if said is None:
            self.taken.append((envelope.rcpt_tos[0], envelope.original_content))
        return said or "250 2.0.0 Queued as 4711"


class Moody(SMTP):
    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        assert self.envelope is not None
        address = self.envelope.rcpt_tos[0]
        if said := answer(self, "data", address):
            await self.push(said)
        elif address.startswith("middle-"):
            await self.push("354 Go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


def answer(server: SMTP, step: str, address: str) -> str | None:
    said, code, status = (*address.partition("@")[0].split("-"), "", "")[:3]
    if said != step:
        return None
    if code == "drop":
        server.transport.abort()
    return f"{code} {status} because".replace("  ", " ")


class Door(Controller):
    def factory(self) -> SMTP:
        return Moody(self.handler, **self.SMTP_kwargs)


@pytest.fixture(scope="module")
def server() -> Iterator[Door]:
    door = Door(Moods(), hostname="127.0.0.1", port=free_port())
    door.start()
    yield door
    door.stop()


def smtp(port: int, **options: Any) -> SmtpRoute:
    return SmtpRoute(get_connection(SMTP_BACKEND, host="127.0.0.1", port=port, timeout=10, **options))


ANSWERS = [
    ("kim", Outcome.TAKEN, 250, ""),
    ("mail-451-4.3.0", Outcome.LATER, 451, "4.3.0"),
    ("mail-550-5.7.1", Outcome.BARRED, 550, "5.7.1"),
    ("mail-421-4.7.0", Outcome.LATER, 421, "4.7.0"),
    ("rcpt-450-4.2.1", Outcome.LATER, 450, "4.2.1"),
    ("rcpt-550-5.1.1", Outcome.REFUSED, 550, "5.1.1"),
    ("rcpt-552-5.2.2", Outcome.LATER, 552, "5.2.2"),
    ("rcpt-554-5.7.1", Outcome.BARRED, 554, "5.7.1"),
    ("rcpt-421-", Outcome.LATER, 421, ""),
    ("data-451-4.3.0", Outcome.LATER, 451, "4.3.0"),
    ("data-554-5.5.1", Outcome.BARRED, 554, "5.5.1"),
    ("data-250-", Outcome.BROKE, 250, ""),
    ("text-452-4.3.1", Outcome.LATER, 452, "4.3.1"),
    ("text-554-5.7.1", Outcome.BARRED, 554, "5.7.1"),
    ("text-421-", Outcome.LATER, 421, ""),
    ("mail-drop", Outcome.BROKE, 0, ""),
    ("rcpt-drop", Outcome.BROKE, 0, ""),
    ("data-drop", Outcome.BROKE, 0, ""),
    ("middle-drop", Outcome.BROKE, 0, ""),
    ("text-drop", Outcome.LOST, 0, ""),
]


@pytest.mark.parametrize(("name", "outcome", "code", "status"), ANSWERS, ids=[line[0] for line in ANSWERS])
def test_what_came_of_a_mail_and_the_next_one_goes_out(
    server: Door, name: str, outcome: Outcome, code: int, status: str
) -> None:
    route = smtp(server.port)
    sender = f"{name}@example.org" if name.startswith("mail-") else "byline@example.org"
    recipient = "kim@example.org" if name.startswith("mail-") else f"{name}@example.org"
    content = b"x" * 76 + b"\r\n"
    content = TEXT + content * 300_000 if name.startswith("middle") else TEXT  # more than any buffer holds

    route.open()
    verdict = route.send(Ready(sender, recipient, content))

    assert (verdict.outcome, verdict.code, verdict.status) == (outcome, code, status)
    route.open()
    assert route.send(Ready("byline@example.org", "lee@example.org", TEXT)).outcome == Outcome.TAKEN
    assert server.handler.taken[-1] == ("lee@example.org", TEXT)
    route.close()


def test_many_mails_go_down_one_line(server: Door) -> None:
    route, before = smtp(server.port), server.handler.connections

    for name in ("kim", "rcpt-550-5.1.1", "lee", "text-554-5.7.1", "ann"):
        route.open()
        route.send(Ready("byline@example.org", f"{name}@example.org", TEXT))
    route.close()

    assert server.handler.connections == before + 1


def test_a_closed_route_says_so(server: Door) -> None:
    route = smtp(server.port)

    assert route.send(Ready("byline@example.org", "kim@example.org", TEXT)).outcome == Outcome.BROKE


def test_nobody_there() -> None:
    with pytest.raises(Unreachable):
        smtp(free_port()).open()


def test_a_server_without_starttls_gets_no_password(server: Door) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        smtp(server.port, use_tls=True, username="kim", password="word").open()


def test_a_server_that_speaks_no_tls(server: Door) -> None:
    with pytest.raises(Unreachable):
        smtp(server.port, use_ssl=True).open()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_and_then_the_right_one() -> None:
    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        return AuthResult(success=login.password == b"word", handled=False)

    options = {"auth_required": True, "auth_require_tls": False, "authenticator": authenticate}
    door = Door(Moods(), hostname="127.0.0.1", port=free_port(), **options)
    door.start()
    try:
        with pytest.raises(Unreachable, match="535"):
            smtp(door.port, username="kim", password="wrong").open()
        route = smtp(door.port, username="kim", password="word")
        route.open()
        route.close()
    finally:
        door.stop()


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's backend checks certificates; this holds that nothing here has switched that off."""
    backend = get_connection(SMTP_BACKEND, host="127.0.0.1", port=server.port, use_ssl=True)

    assert backend.ssl_context.verify_mode == ssl.CERT_REQUIRED
    assert backend.ssl_context.check_hostname


# --- Envelopes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("kim@example.org", "kim@example.org"),
        ("Kim <kim@example.org>", "kim@example.org"),
        ("kim@bücher.example", "kim@xn--bcher-kva.example"),
        ('"a b"@example.org', '"a b"@example.org'),
    ],
)
def test_an_envelope_has_bare_addresses_in_ascii(address: str, bare: str) -> None:
    assert routes.bare(address) == bare


def test_a_name_that_few_servers_take_is_refused() -> None:
    with pytest.raises(ValueError, match="few mail servers"):
        routes.bare("kïm@example.org")


def test_a_django_message_goes_out_in_7_bits_with_long_headers_in_one_line(server: Door) -> None:
    message = EmailMessage("Grüße", "Text\n.\nEnde\n", "Bïlin <byline@example.org>", ["kim@bücher.example"])
    message.extra_headers["List-Unsubscribe"] = f"<https://a.example/{'x' * 200}>"
    route = smtp(server.port)

    route.open()
    route.send(routes.ready(message))
    route.close()

    recipient, content = server.handler.taken[-1]
    assert recipient == "kim@xn--bcher-kva.example"
    assert b"List-Unsubscribe: <https://a.example/xxx" in content
    assert b"\r\n.\r\nEnde\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")


# --- Providers ----------------------------------------------------------------------------------------------------


def answered(code: int) -> AnymailRequestsAPIError:
    response = requests.Response()
    response.status_code, response.reason = code, "because"
    return AnymailRequestsAPIError(response=response, payload=None)


PROVIDER_ERRORS = [
    (AnymailRecipientsRefused("Nobody took it"), Outcome.REFUSED, 0),
    (answered(429), Outcome.LATER, 429),
    (answered(503), Outcome.LATER, 503),
    (answered(401), Outcome.BARRED, 401),
    (answered(500), Outcome.LOST, 500),
    (AnymailAPIError("No answer"), Outcome.LOST, 0),
    (AnymailUnsupportedFeature("envelope_sender"), Outcome.BARRED, 0),
]


@pytest.mark.parametrize(("error", "outcome", "code"), PROVIDER_ERRORS)
def test_what_a_providers_error_means(error: Exception, outcome: Outcome, code: int) -> None:
    class Provider:
        def open(self) -> None: ...
        def close(self) -> None: ...
        def send_messages(self, _messages: list[EmailMessage]) -> int:
            raise error

    verdict = BackendRoute(Provider()).send(Ready("a@b.org", "c@d.org", EmailMessage()))  # type: ignore[arg-type]

    assert (verdict.outcome, verdict.code) == (outcome, code)


def test_a_provider_takes_a_mail_names_it_and_chooses_where_bounces_go(settings: Any, mailoutbox: Any) -> None:
    settings.EMAIL_BACKEND = mail_route("anymail+test://?TEST_API_KEY=x").backend
    message = EmailMessage("Hello", "Text", "b1-x@example.org", ["kim@example.org"])
    message.extra_headers["From"] = "Byline <byline@example.org>"

    with open_route() as route:
        route.open()
        verdict = route.send(routes.ready(message))

    assert (verdict.outcome, verdict.words) == (Outcome.TAKEN, "0")
    sent = mailoutbox[0].anymail_test_params
    assert "envelope_sender" not in sent
    assert str(sent["from"]) == "Byline <byline@example.org>"


def test_a_provider_that_cannot_be_reached_has_taken_nothing() -> None:
    class Provider:
        def open(self) -> None: ...
        def close(self) -> None: ...
        def send_messages(self, _messages: list[EmailMessage]) -> int:
            try:
                requests.post(f"http://127.0.0.1:{free_port()}/", timeout=5)
            except requests.RequestException as error:
                raise AnymailAPIError("Nobody there") from error
            return 1

    verdict = BackendRoute(Provider()).send(Ready("a@b.org", "c@d.org", EmailMessage()))  # type: ignore[arg-type]

    assert verdict.outcome == Outcome.BROKE


# --- The second route ---------------------------------------------------------------------------------------------


def test_the_second_route_is_taken_by_who_asks_for_it(settings: Any, server: Door) -> None:
    settings.EMAIL_FALLBACK = mail_route(f"smtp://127.0.0.1:{server.port}", "EMAIL_FALLBACK_URL")

    with open_route() as first, open_route(fallback=True) as second:
        second.open()
        verdict = second.send(Ready("byline@example.org", "kim@example.org", TEXT))

        assert verdict.outcome == Outcome.TAKEN
        assert (first.takes_bytes, second.takes_bytes) == (False, True)


def test_without_a_second_route_nothing_is_reached(settings: Any) -> None:
    settings.EMAIL_FALLBACK = None

    with open_route(fallback=True) as route, pytest.raises(Unreachable, match="EMAIL_FALLBACK_URL"):
        route.open()
