"""What a mail that came in is taken for. A table: nothing here changes anything."""

from typing import Any

import pytest

from blog.keys import Purpose
from subscribers.inbound.messages import parse
from subscribers.inbound.sorting import Kind, sort
from subscribers.return_addresses import ReturnAddresses
from tests.subscribers.inbound.mails import LIST, feedback, plain, report

pytestmark = pytest.mark.django_db

BOUNCE, LEAVE = "(bounce)", "(leave)"  # stand for signed addresses


@pytest.fixture(autouse=True)
def _inbound(settings: Any) -> None:
    settings.INBOUND_ADDRESS = LIST
    settings.DEFAULT_FROM_EMAIL = "Quiet Corner <news@example.org>"


def signed(text: bytes) -> bytes:
    for word, purpose in ((BOUNCE, Purpose.BOUNCE), (LEAVE, Purpose.LEAVE_BY_MAIL)):
        text = text.replace(word.encode(), ReturnAddresses(purpose).of(7).encode())
    return text


AUTOMATIC: list[dict[str, str]] = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-replied (vacation)"},
    {"Auto_Submitted": "AUTO-GENERATED"},
    {"X_Autoreply": "yes"},
    {"X_Autorespond": "yes"},
    {"Precedence": "auto_reply"},
]
NOT_A_PERSONS: list[dict[str, str]] = [
    {"Precedence": "bulk"},
    {"Precedence": "list"},
    {"List_Id": "Others <others.example.com>"},
    {"List_Unsubscribe": "<https://example.com/>"},
    {"Return_Path": "<>"},
    {"From": "MAILER-DAEMON@mx.example.net"},
    {"From": "Mail Delivery System <postmaster@mx.example.net>"},
    {"X_Failed_Recipients": "kim@example.org"},
    {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="b"'},
]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (report(BOUNCE), Kind.BOUNCE),
        (report(BOUNCE.upper().replace("(BOUNCE)", BOUNCE)), Kind.BOUNCE),
        (plain(BOUNCE), Kind.BOUNCE),  # what a report says is looked at when it is acted on
        (plain("somebody@example.net", X_Original_To=BOUNCE), Kind.BOUNCE),
        (plain("somebody@example.net", Delivered_To=BOUNCE), Kind.BOUNCE),
        (plain("somebody@example.net", Cc=f"a@example.net, <{BOUNCE}>"), Kind.BOUNCE),
        (report("list+b7-aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"), Kind.NOTHING),
        (report(LIST), Kind.NOTHING),
        (report(LEAVE), Kind.NOTHING),
        (feedback(LIST, "Subject: Hello"), Kind.COMPLAINT),
        (feedback(BOUNCE, "Subject: Hello"), Kind.COMPLAINT),
        (plain(LEAVE), Kind.LEAVE),
        (plain(LEAVE, In_Reply_To="<issue-1.7@example.org>"), Kind.LEAVE),
        (plain(LEAVE, Auto_Submitted="no"), Kind.LEAVE),
        (plain(LEAVE, From=""), Kind.LEAVE),
        (plain("list+unsubscribe@example.org"), Kind.NOTHING),
        (plain("list+l7@example.org", Subject="unsubscribe"), Kind.NOTHING),
        (plain("list+l7-aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"), Kind.NOTHING),
        (plain(), Kind.SUBSCRIBE),
        (plain("LIST@Example.ORG"), Kind.SUBSCRIBE),
        (plain("List+Subscribe@example.org"), Kind.SUBSCRIBE),
        (plain("me@example.org", Delivered_To=LIST), Kind.SUBSCRIBE),
        (plain(From='"Kim, of the north" <kim@example.org>'), Kind.SUBSCRIBE),
        (plain("list@example.net"), Kind.NOTHING),
        (plain(In_Reply_To="<issue-1.7@example.org>"), Kind.NOTHING),
        (plain(References="<issue-1.7@example.org>"), Kind.NOTHING),
        (plain(From="kim@example.org, lee@example.org"), Kind.NOTHING),
        (plain(From="kim@example.org\r\nFrom: lee@example.org"), Kind.NOTHING),
        (plain(From="kim"), Kind.NOTHING),
        (plain(From=""), Kind.NOTHING),
        (plain(From=f"{'k' * 300}@example.org"), Kind.NOTHING),
        (plain(From=LIST), Kind.NOTHING),
        (plain(From="News <News@example.org>"), Kind.NOTHING),
        (plain(From="list+b7-x@example.org"), Kind.NOTHING),
        (plain(From="no-reply@shop.example"), Kind.NOTHING),
        *((plain(BOUNCE, **headers), Kind.NOTHING) for headers in AUTOMATIC),
        *((plain(to, **headers), Kind.NOTHING) for headers in AUTOMATIC + NOT_A_PERSONS for to in (LIST, LEAVE)),
    ],
    ids=lambda value: str(value) if isinstance(value, Kind) else "mail",
)
def test_a_mail_is_taken_for(raw: bytes, kind: Kind) -> None:
    assert sort(parse(signed(raw))).kind == kind


def test_where_the_pipe_says_the_mail_came_to_no_header_is_believed() -> None:
    assert sort(parse(signed(plain(LEAVE, X_Original_To=BOUNCE)), "somebody@example.org")).kind == Kind.NOTHING


def test_without_an_inbound_address_nobody_subscribes_by_mail(settings: Any) -> None:
    settings.INBOUND_ADDRESS = ""

    assert [sort(parse(plain(to))).kind for to in (LIST, "@", "+subscribe@")] == [Kind.NOTHING] * 3
