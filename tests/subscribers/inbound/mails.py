"""Mails that come in, as bytes, for tests of what follows from them."""

from typing import Any

from blog.keys import Purpose
from subscribers.models import Delivery, Subscriber
from subscribers.return_addresses import ReturnAddresses
from tests.factories import make_issue, make_post, make_subscriber

LIST = "list@example.org"


def make_delivery(subscriber: Subscriber | None = None, **values: Any) -> Delivery:
    """A delivery that the mail server took, to a subscriber who confirmed before."""
    subscriber = subscriber or make_subscriber()
    return Delivery.objects.create(
        issue=make_issue(make_post()),
        subscriber=subscriber,
        **{"address": subscriber.email, "state": Delivery.State.SENT, **values},
    )


def bounce_address(delivery: Delivery) -> str:
    return ReturnAddresses(Purpose.BOUNCE).of(delivery.pk)


def leave_address(subscriber: Subscriber) -> str:
    return ReturnAddresses(Purpose.LEAVE_BY_MAIL).of(subscriber.pk)


def plain(to: str = LIST, body: str = "Hello", **headers: str) -> bytes:
    """A mail from a person; a name such as Auto_Submitted is a header's, None takes one away."""
    given = {"From": "Kim <kim@example.org>", "To": to, "Subject": "Hello"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return "\r\n".join([*lines, "", body]).encode()


def report(to: str, action: str = "failed", status: str = "5.1.1", words: str = "smtp; 550 No such user") -> bytes:
    """A delivery status notification (RFC 3464). Its body names somebody else, whom nobody may believe."""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; victim@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--b--
""".encode()


def feedback(to: str, enclosed: str, kind: str = "abuse", form: str = "message/rfc822", extra: str = "") -> bytes:
    """A complaint in the Abuse Reporting Format (RFC 5965), about a mail with the headers `enclosed`."""
    return f"""\
From: Abuse desk <feedback@mailbox.example>
To: {to}
Subject: FW: Earn money
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1{extra}

--b
Content-Type: {form}

{enclosed}

--b--
""".encode()
