import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from subscribers.models import Issue
from tests.factories import make_person, make_subscriber
from tests.subscribers.desk.desk import address, make_begun, make_delivery

pytestmark = pytest.mark.django_db

UNKNOWN_USER = "550 5.1.1 <{0}>: User unknown"


@pytest.fixture
def publisher(client: Client) -> Client:
    client.force_login(make_person("Publisher"))
    return client


def make_refused(*addresses: str) -> Issue:
    issue = make_begun("sent", state=Issue.State.SENT, ended_at=timezone.now())
    for one in addresses:
        make_delivery(issue, "failed", address=one, error=UNKNOWN_USER.format(one))
    return issue


def test_the_same_answer_to_two_readers_is_one_reason(publisher: Client) -> None:
    issue = make_refused("kim@example.org", "lee@example.org")

    response = publisher.get(address(issue, "readers/"))

    assert [missed.reasons for missed in response.context["missed"]] == [[("550 5.1.1 …: User unknown", 2)]]
    assert "kim@example.org" in response.text
    assert "Try the 2 failed ones again" in response.text


def test_who_may_not_see_addresses_sees_reasons_without_any(client: Client) -> None:
    client.force_login(make_person("Editor"))
    issue = make_refused("kim@example.org")

    page = client.get(address(issue, "readers/")).text

    assert "User unknown" in page
    assert "kim@" not in page
    assert client.get(address(issue, "readers/"), {"state": "failed"}).status_code == 403


def test_the_unknown_ask_for_a_tick(publisher: Client) -> None:
    issue = make_begun("unknown")

    page = publisher.get(address(issue, "readers/")).text

    assert "I know that they may get it twice" in page


def test_an_issue_that_everybody_got_says_so(publisher: Client) -> None:
    assert "Everybody got it so far." in publisher.get(address(make_begun("sent"), "readers/")).text


def test_who_joined_since_is_counted_once_it_was_sent(publisher: Client) -> None:
    issue = make_begun("sent", state=Issue.State.SENT, ended_at=timezone.now())
    make_subscriber()

    assert "Send it to the 1 who joined since" in publisher.get(address(issue, "readers/")).text


def test_further_pages_hold_every_mail_once(publisher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscribers.desk.readers.PER_PAGE", 4)
    issue = make_begun("sent")
    now = timezone.now()
    made = {
        make_delivery(issue, "failed", next_try_at=now - datetime.timedelta(seconds=number // 3)).pk
        for number in range(11)
    }
    seen: list[int] = []
    further: Any = ""
    while further is not None:
        response = publisher.get(address(issue, "readers/"), {"state": "failed", "after": str(further)})
        seen += [delivery.pk for delivery in response.context["deliveries"]]
        further = response.context["further"]

    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.mark.parametrize("after", ["x", "5", "-", "9" * 18 + "-1", "1-" + "9" * 30])
def test_an_odd_place_breaks_nothing(publisher: Client, after: str) -> None:
    issue = make_refused("kim@example.org")

    assert publisher.get(address(issue, "readers/"), {"state": "failed", "after": after}).status_code == 200


def test_an_erased_reader_stays_in_the_account_without_address(publisher: Client) -> None:
    issue = make_begun("sent")
    make_delivery(issue, "failed", address="")

    assert "(erased)" in publisher.get(address(issue, "readers/")).text


def test_a_hostile_answer_is_escaped(publisher: Client) -> None:
    issue = make_begun("sent")
    make_delivery(issue, "failed", address='"<script>"@x.org', error="<script>alert(1)</script>")

    assert "<script>alert" not in publisher.get(address(issue, "readers/")).text
    assert "<script>alert" not in publisher.get(address(issue, "readers/"), {"state": "failed"}).text
