import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from subscribers.models import Delivery, Issue, MailVisits
from tests.factories import make_issue, make_person, make_post, make_subscriber
from tests.subscribers.desk.desk import address, make_begun, make_letter

pytestmark = pytest.mark.django_db

EVERY_STATE = list(Delivery.State.values)
RED = {"level": "red", "name": "DMARC", "words": "There is no record.", "what_to_do": "Publish one."}
GREEN = {"level": "green", "name": "SPF", "words": "It is right.", "what_to_do": ""}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor"))
    return client


def buttons(page: str, issue: Issue) -> set[str]:
    """The verbs that a page offers."""
    verbs = ["stop", "pause", "resume", "recall", "discard", "test", "check", "send", "override"]
    return {verb for verb in verbs if f'action="{address(issue, verb)}/"' in page}


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("draft", {"discard", "test", "check", "send"}),
        ("waiting", {"stop", "recall", "test", "check"}),
        ("sending", {"stop", "pause", "test"}),
        ("paused", {"stop", "resume", "test", "check"}),
        ("sent", {"test"}),
        ("stopped", {"test"}),
    ],
)
def test_a_letter_offers_what_its_state_allows(editor: Client, state: str, offered: set[str]) -> None:
    make_subscriber()
    begun = None if state in {"draft", "waiting"} else timezone.now()
    issue = make_letter(state=state, started_at=begun)

    assert buttons(editor.get(address(issue)).text, issue) == offered


def test_a_letter_that_is_held_back_can_become_a_draft_again(editor: Client) -> None:
    issue = make_letter(state=Issue.State.PAUSED, why_paused="There is no record.")

    page = editor.get(address(issue)).text

    assert "Why it is held back:" in page
    assert {"recall", "resume", "stop"} <= buttons(page, issue)


def test_an_issue_of_a_post_leads_to_the_post_and_cannot_become_a_draft(editor: Client) -> None:
    issue = make_issue(make_post())

    page = editor.get(address(issue)).text

    assert f"/admin/blog/post/{issue.post_id}/change/" in page
    assert "recall" not in buttons(page, issue)


def test_the_states_add_up_to_the_audience_and_the_page_says_so(editor: Client) -> None:
    issue = make_begun(*EVERY_STATE)

    page = editor.get(address(issue)).text

    assert "The sum is right: 8 readers were to get it" in page
    assert "Being sent: 4 of 8." in page
    assert '<progress max="8" value="4"' in page
    assert "Who did not get it, and why (4)" in page


def test_a_sum_that_is_wrong_is_said_loudly(editor: Client) -> None:
    issue = make_begun("sent", audience=3)

    page = editor.get(address(issue)).text

    assert 'role="alert">The sum is wrong: 3 readers were to get it, and there are 1 mails.' in page


def test_a_paused_issue_says_why_and_what_to_do(editor: Client) -> None:
    issue = make_begun("sent", "pending", state=Issue.State.PAUSED, why_paused="421 <b>Too many</b>")

    page = editor.get(address(issue)).text

    assert "421 &lt;b&gt;Too many&lt;/b&gt;" in page
    assert "then resume" in page


def test_a_resting_issue_says_when_it_goes_on(editor: Client) -> None:
    until = timezone.now() + datetime.timedelta(minutes=3)
    issue = make_begun("sent", "pending", rests_until=until, why_paused="No connection")

    page = editor.get(address(issue)).text

    assert "Rests, and goes on by itself" in page
    assert "Try again now" in page


def test_findings_stand_in_words_the_worst_first(editor: Client) -> None:
    issue = make_letter(preflight=[GREEN, RED, {"level": "odd"}], checked_at=timezone.now())

    page = editor.get(address(issue)).text

    assert page.index("Stops the send:") < page.index("In order:")
    assert "Publish one." in page
    assert "override" in buttons(page, issue)


def test_a_reason_takes_the_place_of_the_form_that_asks_for_it(editor: Client) -> None:
    issue = make_letter(preflight=[RED], checked_at=timezone.now(), override_reason="It is on its way.")

    page = editor.get(address(issue)).text

    assert "It is on its way." in page
    assert "override" not in buttons(page, issue)


def test_visits_from_the_mail_are_summed(editor: Client) -> None:
    issue = make_begun("sent")
    for day in (1, 2):
        MailVisits.objects.create(issue=issue, date=datetime.date(2026, 11, day), count=600)

    assert "<dd>1,200</dd>" in editor.get(address(issue)).text


def test_who_may_not_see_addresses_is_led_to_reasons_alone(editor: Client) -> None:
    issue = make_begun("sent", "failed")
    assert "?state=failed" not in editor.get(address(issue)).text

    editor.force_login(make_person("Publisher"))
    assert "?state=failed" in editor.get(address(issue)).text


def test_a_subject_is_escaped(editor: Client) -> None:
    issue = make_letter(subject="<script>alert(1)</script>")

    assert "<script>alert" not in editor.get(address(issue)).text


def test_the_page_costs_the_same_queries_for_any_number_of_mails(
    editor: Client, django_assert_num_queries: Any
) -> None:
    issue = make_begun(*EVERY_STATE)
    editor.get(address(issue))
    with django_assert_num_queries(10):
        editor.get(address(issue))

    issue = make_begun(*EVERY_STATE * 20)
    with django_assert_num_queries(10):
        editor.get(address(issue))
