import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from subscribers.models import Issue
from tests.factories import make_issue, make_person, make_post, make_subscriber
from tests.subscribers.desk.desk import make_begun, make_letter

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor"))
    return client


def test_an_empty_desk_says_how_issues_come_to_be(editor: Client) -> None:
    assert "Nothing was mailed yet" in editor.get(LIST).text


def test_what_waits_stands_with_its_time_its_readers_and_a_stop_button(editor: Client) -> None:
    make_subscriber()
    make_subscriber()
    in_an_hour = timezone.now() + datetime.timedelta(hours=1)
    issue = make_issue(make_post(title="The garden"), send_at=in_an_hour)

    page = editor.get(LIST).text

    assert "The garden" in page
    assert f"{timezone.localtime(in_an_hour):%H:%M}. 2 readers would get it now." in page
    assert f'action="{LIST}{issue.pk}/stop/"' in page


def test_every_issue_stands_under_what_becomes_of_it(editor: Client) -> None:
    make_letter(subject="Half written")
    make_begun("sent", "pending", subject="On its way")
    make_letter(subject="Held", state=Issue.State.PAUSED)
    make_begun("sent", subject="All out", state=Issue.State.SENT, ended_at=timezone.now())

    page = editor.get(LIST).text
    places = [page.index(word) for word in ("Held", "On its way", "Half written", "All out")]

    assert places == sorted(places)
    assert "Being sent: 1 of 2." in page
    assert "Held back. Nothing of it has gone out." in page


def test_older_issues_stand_on_further_pages(editor: Client) -> None:
    for number in range(45):
        make_letter(subject=f"Letter {number}.", state=Issue.State.SENT, ended_at=timezone.now())
    make_letter(subject="A draft")
    seen, address = [], LIST
    while address:
        response = editor.get(address)
        seen += [issue.subject for issue in response.context["ended"]]
        address = f"{LIST}?after={response.context['further']}" if response.context["further"] else ""

    assert seen == [f"Letter {number}." for number in reversed(range(45))]
    assert "A draft" not in response.text


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "١٢"])
def test_an_odd_address_is_the_first_page(editor: Client, after: str) -> None:
    assert editor.get(LIST, {"after": after}).status_code == 200


def test_more_sent_issues_cost_no_more_queries(editor: Client, django_assert_num_queries: Any) -> None:
    make_begun("sent", "pending")
    make_letter(state=Issue.State.WAITING)
    for _ in range(30):
        make_begun("sent", state=Issue.State.SENT, ended_at=timezone.now())
    editor.get(LIST)

    with django_assert_num_queries(13):
        editor.get(LIST)
