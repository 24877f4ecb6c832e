"""What a mail that came in does, from its bytes to the rows."""

from typing import Any

import pytest
from django.core import mail

from blog.keys import Purpose, Signer
from subscribers import notices
from subscribers.inbound import acting
from subscribers.inbound.acting import receive
from subscribers.inbound.messages import LARGEST
from subscribers.models import Bounce, Consent, Delivery, Leaving, Notice, Subscriber, Suppression
from tests.factories import make_subscriber
from tests.subscribers.inbound.mails import (
    LIST,
    bounce_address,
    feedback,
    leave_address,
    make_delivery,
    plain,
    report,
)

pytestmark = pytest.mark.django_db

Status = Subscriber.Status


@pytest.fixture(autouse=True)
def _inbound(settings: Any) -> None:
    settings.INBOUND_ADDRESS = LIST


@pytest.fixture
def delivery() -> Delivery:
    return make_delivery(make_subscriber("kim@example.org"))


def status_of(email: str = "kim@example.org") -> str:
    return Subscriber.objects.get(email=email).status


# --- Bounces ------------------------------------------------------------------------------------------------------


def test_a_report_is_about_the_delivery_it_came_to_whomever_it_names(delivery: Delivery) -> None:
    make_subscriber("victim@example.org")

    assert receive(report(bounce_address(delivery))).changed

    bounce = Bounce.objects.get()
    assert (bounce.delivery, bounce.kind, bounce.status, bounce.words) == (
        delivery,
        "hard",
        "5.1.1",
        "smtp; 550 No such user",
    )
    assert (status_of(), status_of("victim@example.org")) == (Status.SUPPRESSED, Status.ACTIVE)


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.0.0", "hard"),
        ("Failed (no such user)", "5.1.1", "hard"),
        ("failed", "4.4.7", "soft"),
        ("failed", "5.2.2", "soft"),
        ("failed", "nonsense", "hard"),
        ("delayed", "4.4.1", None),
        ("delivered", "2.0.0", None),
        ("relayed", "2.0.0", None),
        ("expanded", "2.0.0", None),
        ("failed", "2.0.0", None),
        ("", "5.1.1", None),
    ],
)
def test_what_a_report_says_it_is(delivery: Delivery, action: str, status: str, kind: str | None) -> None:
    receive(report(bounce_address(delivery), action, status))

    assert list(Bounce.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


def test_a_report_twice_is_one_bounce(delivery: Delivery) -> None:
    assert [receive(report(bounce_address(delivery))).changed for _ in range(2)] == [True, False]


def test_a_report_about_a_delivery_that_is_gone_changes_nothing(delivery: Delivery) -> None:
    address = bounce_address(delivery)
    delivery.delete()

    assert not receive(report(address)).changed


IN_OLD_WORDS = """\
A message that you sent could not be delivered to all of its recipients. The following address(es) failed:

  kim@example.org
"""


def test_who_is_away_has_no_bounce_whatever_they_quote(delivery: Delivery) -> None:
    to = bounce_address(delivery)

    receive(plain(to, "I am on holiday."))
    receive(plain(to, IN_OLD_WORDS, Auto_Submitted="auto-replied", Subject="I am on holiday"))
    receive(report(to, "relayed").replace(b"I'm sorry to have to inform you.", IN_OLD_WORDS.encode()))
    assert not Bounce.objects.exists()

    receive(plain(to, IN_OLD_WORDS, From="Mailer-Daemon@mx.example.net", Auto_Submitted="auto-replied"))
    assert Bounce.objects.get().words == "Hello"  # its subject: old words have no status


# --- Complaints -----------------------------------------------------------------------------------------------------


def enclosed_with(kind: str, delivery: Delivery) -> str:
    assert delivery.subscriber
    leave = leave_address(delivery.subscriber)
    return {
        "sender": f"Return-Path: <{bounce_address(delivery)}>\nSubject: Hello",
        "leave": f"List-Unsubscribe: <https://example.org/u/x/>,\n <mailto:{leave}>\nSubject: Hello",
        "capitals": f"LIST-UNSUBSCRIBE: <MAILTO:{leave.upper()}>\nSubject: Hello",
    }[kind]


@pytest.mark.parametrize("kind", ["sender", "leave", "capitals"])
@pytest.mark.parametrize("form", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_is_about_the_mail_it_encloses(delivery: Delivery, kind: str, form: str) -> None:
    receive(feedback("abuse@example.org", enclosed_with(kind, delivery), form=form))

    bounce = Bounce.objects.get()
    assert (bounce.delivery, bounce.kind) == (delivery, "complaint")
    assert status_of() == Status.SUPPRESSED
    assert Suppression.objects.get().cause == Suppression.Cause.COMPLAINT


def test_a_complaint_may_name_the_envelope_or_come_to_it(delivery: Delivery) -> None:
    named = f"\nOriginal-Mail-From: <{bounce_address(delivery)}>"
    other = make_delivery()

    receive(feedback("abuse@example.org", "Subject: Hello", extra=named))
    receive(feedback(bounce_address(other), "Subject: Hello"))

    assert set(Bounce.objects.values_list("delivery", flat=True)) == {delivery.pk, other.pk}


def test_a_complaint_of_somebody_without_a_delivery_suppresses_them() -> None:
    kim = make_subscriber("kim@example.org")

    assert receive(feedback(LIST, f"List-Unsubscribe: <mailto:{leave_address(kim)}>")).changed
    assert status_of() == Status.SUPPRESSED


@pytest.mark.parametrize("kind", ["not-spam", "virus", "other", "auth-failure", ""])
def test_not_every_feedback_is_a_complaint(delivery: Delivery, kind: str) -> None:
    receive(feedback(LIST, enclosed_with("sender", delivery), kind=kind))

    assert not Bounce.objects.exists()


def test_a_complaint_without_a_mark_in_the_headers_changes_nothing(delivery: Delivery) -> None:
    """Whom a mail is passed on to sees its text, and the link in it. Its Message-ID anybody can count up."""
    assert delivery.subscriber
    link = Signer(Purpose.UNSUBSCRIBE).token(delivery.subscriber.pk)
    text = f"Message-ID: <issue-1.{delivery.pk}@localhost>\nTo: kim@example.org\n\nLeave: https://example.org/u/{link}/"

    receive(feedback(LIST, text))
    receive(feedback(LIST, f"Return-Path: <list+b{delivery.pk}-{'a' * 26}@example.org>"))
    receive(feedback(LIST, f"Subject: Hello\n\n{bounce_address(delivery)}"))

    assert not Bounce.objects.exists()
    assert status_of() == Status.ACTIVE


# --- Leaving and subscribing ----------------------------------------------------------------------------------------


def test_a_mail_to_the_signed_address_leaves_whoever_sends_it() -> None:
    kim = make_subscriber("kim@example.org")

    done = [receive(plain(leave_address(kim), From="phone@example.com")).changed for _ in range(2)]

    assert done == [True, False]
    assert (status_of(), Leaving.objects.count()) == (Status.UNSUBSCRIBED, 1)
    assert Consent.objects.get(subscriber=kim, kind=Consent.Kind.LEFT).place == Consent.Place.MAIL


def test_a_forged_sender_unsubscribes_nobody() -> None:
    kim = make_subscriber("kim@example.org")

    for to in (LIST, "list+unsubscribe@example.org", f"list+l{kim.pk}-{'a' * 26}@example.org"):
        receive(plain(to, "unsubscribe", Subject="unsubscribe"))

    assert status_of() == Status.ACTIVE


def test_a_mail_to_the_list_is_answered_by_a_question() -> None:
    assert receive(plain(From="Kim <kim@Example.org>", Subject="Bcc: victim@example.org")).changed

    assert status_of() == Status.PENDING
    assert Consent.objects.get(kind=Consent.Kind.ASKED).place == Consent.Place.MAIL
    notices.send_due()
    assert [(message.to, "victim" in str(message.message())) for message in mail.outbox] == [
        (["kim@example.org"], False)
    ]


def test_mails_with_a_forged_sender_bring_its_owner_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(20):
        receive(plain())
    assert Notice.objects.count() == 1

    monkeypatch.setattr(acting, "MOST_WISHES", 30)
    for number in range(20):
        receive(plain(From=f"victim{number}@example.org"))
    assert Notice.objects.count() == 11  # of the thirty mails in this hour, twenty were about the same address


# --- Mails made to break their reader -------------------------------------------------------------------------------


def nested(depth: int) -> str:
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"MIME-Version: 1.0\n{opened}Content-Type: text/plain\n\nHello"


HOSTILE = {
    "nothing": "",
    "NULs": "\x00" * 5000,
    "no headers": "\n\nHello",
    "a mailbox's first line": "From kim@example.org Thu Nov 26 18:00:00 2026\nTo: {to}\nX: y\n\nHello",
    "two hundred deep": "To: {to}\n" + nested(200),
    "sixteen deep, and long": "To: {to}\n" + nested(16) + "\n" * LARGEST,
    "a mail in a mail in a mail": "To: {to}\n" + "Content-Type: message/rfc822\n\n" * 3000,
    "no such charset": "To: {to}\nFrom: =?no-such?Q?x?= <a@example.org>\nContent-Type: text/plain; charset=no\n\nä",
    "no such encoding": "To: {to}\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n\x7f",
    "bytes that are no text": "To: {to}\nSubject: \udcff\udcfe\nFrom: \udcff@\udcfe\n\n\udcff",
    "ten thousand headers": "To: {to}\n" + "Delivered-To: a@example.org\n" * 10_000,
    "one endless header": "To: {to}\nSubject: " + "x" * LARGEST,
    "endless addresses": "To: {to}, " + "(" * 50_000 + '"' * 50_000 + "\n\nHello",
    "a report cut short": "To: {to}\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery",
    "a report of texts": "To: {to}\nContent-Type: message/delivery-status\n\nAction",
    "a report without a kind": "To: {to}\nContent-Type: multipart/report; report-type=\n\n",
    "a header begun by another": "To: {to}\nSubject: a\rBcc: victim@example.org\n\nHello",
    "ten megabytes": "To: {to}\n\n" + "The mail could not be delivered to <a@example.org>\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_survived_and_changes_nothing(delivery: Delivery, name: str) -> None:
    raw = HOSTILE[name].replace("{to}", bounce_address(delivery)).encode(errors="surrogateescape")

    for to in ("", bounce_address(delivery), "\x00", "a" * 100_000):
        assert not receive(raw, to).changed

    assert not Bounce.objects.exists()
    assert not Notice.objects.exists()


def test_what_a_report_says_is_kept_without_anything_that_acts(delivery: Delivery) -> None:
    words = "smtp; 550 <script>alert(1)</script>\x00\x1b[2J =?utf-8?q?=0ABcc=3A?="

    receive(report(bounce_address(delivery), words=words))

    assert Bounce.objects.get().words == "smtp; 550 <script>alert(1)</script> [2J =?utf-8?q?=0ABcc=3A?="
