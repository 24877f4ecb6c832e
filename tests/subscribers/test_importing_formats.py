"""Whose list a file is, and what its rows say."""

import csv
import datetime
import io

import pytest

from subscribers.importing import formats
from subscribers.importing.entry import Entry, Standing
from subscribers.models import Suppression
from tests.subscribers.lists import CLEANED, SUBSCRIBED, UNSUBSCRIBED

Cause = Suppression.Cause
ON, UNCONFIRMED = Standing.ON, Standing.UNCONFIRMED
MAY_4 = datetime.datetime(2021, 5, 4, 10, 5, tzinfo=datetime.UTC)

SUBSTACK = """email,active_subscription,expiry,email_disabled,prefer_digests,created_at
a@example.org,true,2027-01-01,false,false,2021-05-04T10:05:00.000Z
b@example.org,false,,false,false,2021-05-04T10:05:00.000Z
c@example.org,true,,true,false,2021-05-04T10:05:00.000Z
"""
GHOST = """id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels
1,a@example.org,Ann,,true,,,2021-05-04T10:05:00.000Z,,friend
2,b@example.org,Ben,,false,,,2021-05-04T10:05:00.000Z,,
3,c@example.org,Cat,,true,,,2021-05-04T10:05:00.000Z,2022-01-01T00:00:00.000Z,
"""
BUTTONDOWN = """email,notes,subscriber_type,creation_date,tags
a@example.org,,regular,2021-05-04T10:05:00+00:00,news
b@example.org,,premium,2021-05-04T12:05:00+02:00,
c@example.org,,unactivated,2021-05-04T10:05:00Z,
d@example.org,,unsubscribed,2021-05-04T10:05:00Z,
e@example.org,,undeliverable,2021-05-04T10:05:00Z,
f@example.org,,complained,2021-05-04T10:05:00Z,
g@example.org,,blocked,2021-05-04T10:05:00Z,
h@example.org,,a word of next year,2021-05-04T10:05:00Z,
"""
NEWER_BUTTONDOWN = """id,email_address,type,creation_date
1,a@example.org,regular,2021-05-04T10:05:00Z
"""
LISTMONK = """uuid,email,name,attributes,status,created_at,updated_at,lists
1,a@example.org,Ann,"{""city"": ""Bern, BE""}",enabled,2021-05-04 10:05:00+00:00,,
2,b@example.org,Ben,{},disabled,2021-05-04 10:05:00+00:00,,
3,c@example.org,Cat,{},blocklisted,2021-05-04 10:05:00+00:00,,
"""


def entries(text: str) -> tuple[str, list[Entry]]:
    first, *rows = csv.reader(io.StringIO(text))
    header = formats.header_of(first)
    known = formats.recognise(header)
    assert known is not None
    return known.name, [known.read(dict(zip(header, cells, strict=True))) for cells in rows]


@pytest.mark.parametrize(
    ("text", "name", "standings"),
    [
        (SUBSCRIBED, "mailchimp", [ON, ON, UNCONFIRMED, ON, ON, ON]),
        (UNSUBSCRIBED, "mailchimp", [Cause.LEFT, Cause.COMPLAINT]),
        (CLEANED, "mailchimp", [Cause.BOUNCE]),
        (SUBSTACK, "substack", [ON, ON, Cause.LEFT]),
        (GHOST, "ghost", [ON, Cause.LEFT, Cause.LEFT]),
        (
            BUTTONDOWN,
            "buttondown",
            [ON, ON, UNCONFIRMED, Cause.LEFT, Cause.BOUNCE, Cause.COMPLAINT, Cause.STAFF, UNCONFIRMED],
        ),
        (NEWER_BUTTONDOWN, "buttondown", [ON]),
        (LISTMONK, "listmonk", [ON, Cause.LEFT, Cause.STAFF]),
        ("Name,E-Mail\nAnn,a@example.org\n", "list", [UNCONFIRMED]),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_a_list_is_known_by_its_first_row(text: str, name: str, standings: list[str]) -> None:
    found, people = entries(text)

    assert found == name
    assert [person.standing for person in people] == standings


@pytest.mark.parametrize("text", [SUBSCRIBED, SUBSTACK, GHOST, BUTTONDOWN, LISTMONK])
def test_the_time_of_the_yes_comes_along(text: str) -> None:
    first = entries(text)[1][0]

    assert first.confirmed_at == MAY_4
    assert MAY_4.isoformat() in first.evidence.values()


def test_what_was_written_about_a_person_stays_behind() -> None:
    people = entries(UNSUBSCRIBED)[1]

    kept = str([person.evidence for person in people])
    assert all(word not in kept for word in ("Spring", "77", "Eve", "Abuse"))


@pytest.mark.parametrize("text", ["id,title\n", "email_sent_at,post_id\n"])
def test_what_is_no_list_is_nobodys(text: str) -> None:
    assert formats.recognise(formats.header_of(next(csv.reader(io.StringIO(text))))) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-04 10:05:00", MAY_4),
        (" 2021-05-04T12:05:00+02:00 ", MAY_4),
        ("2021-05-04T10:05:00.000Z", MAY_4),
        ("2021-05-04", MAY_4.replace(hour=0, minute=0)),
        ("9999-12-31 23:59:59", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("2021-13-45", None),
        ("last May", None),
        ("", None),
    ],
)
def test_a_time_is_read_or_left_out(text: str, expected: datetime.datetime | None) -> None:
    assert formats.moment(text) == expected
