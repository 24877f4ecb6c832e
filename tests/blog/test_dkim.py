"""Signatures that verify, and stop to when a word is changed on the way."""

from collections.abc import Iterator
from typing import Any

import dkim
import pytest
from aiosmtpd.controller import Controller
from django.core.mail import get_connection

from blog import dkim as signing
from blog.routes import Ready, SmtpRoute
from tests.ports import free_port

# Made for these tests and used nowhere else; 1024 bits, so that they are quick.
PRIVATE = """-----BEGIN PRIVATE KEY-----
MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAOS49ZBg/BuNoyrr
owbdK5uyBLi2ZBm2E5w4N4h1kRpL3tPQ89i90kbHY+EA/OjjsKozl7ZuDWp/pGG5
okLT7tFirGcdgQE9I1yLF5+lYJjQzkrDV6vAkxhH5HQVkqFgGk55QJ+y7vdkauQZ
NJKYPyJ3xEsbNhkSV6Txn5TFZHQbAgMBAAECfxc6sbX4I6Kov+mcBPKtg8BMVC5u
V7xEwbkb/IffaN1C116r2hgpLzIBDiPL9eOxPEAM/VuJ0dL/I7LJJ7Gh1J8+O/TK
w5Aa+k/grekN5y3PrQ2GjldAhIpkfOCrUVtejk5tik2edC1UK451+rNfqv5L1QPA
BOsc3ke2yhGKn6ECQQD3v9h2SHd6O8sPsnK3MrpMIZVGnowLPqSyBVKWnJgfpQcf
mGh5U4aWZ/UHi1qPylMZO1qS6E3nGu/Nq6f8cF+JAkEA7FbnApeBM7wS58m5ZiuS
j/L4bOHS1ELNFZeMQfXHaLOMbtwYHnYQe9LVKeyNLDYefcrNQwwifBtM8gnCJJnJ
gwJBAOSbIKkceyrOK7SDS/khlOgVAQJV4BGsLxqZcLjLLE/e3nDYGGcDnKgCqwXY
H6uY3Q7mRtBSDThYEbjtUSfNpUkCQHz70Br8yCT11wGhGly/ujhKA7qBCh+aXB6J
EHFpatUh7qhJ2K9zPHBfJL+RC29QB3v6neZRKoN7ZIuzQWpdscUCQQDRjIvdMiJr
qLAJ0oNbG/gCPb/BGLxpTCK2Cx7MFifiLtZ740P2AARx5NDITWY88+BCxZLhrs8H
i34mTnTlMMmb
-----END PRIVATE KEY-----
"""
PUBLIC = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkuPWQYPwbjaMq66MG3SubsgS4tmQZthOcODeIdZEaS97T0PPYvdJGx2PhAPzo47CqM5e2"
    "bg1qf6RhuaJC0+7RYqxnHYEBPSNcixefpWCY0M5Kw1erwJMYR+R0FZKhYBpOeUCfsu73ZGrkGTSSmD8id8RLGzYZElek8Z+UxWR0GwIDAQAB"
)

MAIL = (
    b"From: Byline <byline@example.org>\r\n"
    b"To: kim@example.org\r\n"
    b"Subject: Five facts\r\n"
    b"Message-ID: <issue-1.2@example.org>\r\n"
    b"List-Unsubscribe: <https://example.org/leave/>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"\r\n"
    b"Some words.\r\n"
)


@pytest.fixture(autouse=True)
def _signing(settings: Any) -> None:
    settings.DKIM_KEY, settings.DKIM_SELECTOR = PRIVATE, "post"
    settings.DEFAULT_FROM_EMAIL = "Byline <byline@example.org>"


def verifies(content: bytes) -> bool:
    def dnsfunc(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"post._domainkey.example.org."
        return f"v=DKIM1; k=rsa; p={PUBLIC}".encode()

    return bool(dkim.verify(content, dnsfunc=dnsfunc))


def test_a_signed_mail_verifies() -> None:
    signed = signing.signed(MAIL)

    assert signed.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;")
    assert signed.endswith(MAIL)
    assert verifies(signed)


def test_a_header_that_was_folded_anew_still_verifies() -> None:
    assert verifies(signing.signed(MAIL).replace(b"Five facts", b"Five\r\n facts"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Some words", b"Other words"),
        (b"Five facts", b"Six facts"),
        (b"/leave/>", b"/elsewhere/>"),
        (b"=One-Click", b"=Two-Clicks"),
        (b"issue-1.2", b"issue-1.3"),
        (b"Byline <", b"Bank <"),
    ],
)
def test_a_mail_that_was_changed_on_the_way_does_not(before: bytes, after: bytes) -> None:
    assert not verifies(signing.signed(MAIL).replace(before, after))


def test_without_a_key_a_mail_stays_as_it_is(settings: Any) -> None:
    settings.DKIM_KEY = ""

    assert signing.signed(MAIL) == MAIL


@pytest.fixture
def taken() -> Iterator[tuple[int, list[bytes]]]:
    mails: list[bytes] = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  aiosmtpd's name
            mails.append(envelope.original_content)
            return "250 OK"

    door = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    door.start()
    yield door.port, mails
    door.stop()


def test_what_leaves_by_smtp_is_signed_as_it_arrives(taken: tuple[int, list[bytes]]) -> None:
    port, mails = taken
    route = SmtpRoute(get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port))

    route.open()
    route.send(Ready("byline@example.org", "kim@example.org", MAIL + b".\r\n..\r\nEnd\r\n"))
    route.close()

    assert verifies(mails[0])
