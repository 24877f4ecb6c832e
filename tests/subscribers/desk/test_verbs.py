"""What can be done to an issue, and what is said when it cannot."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.mail import mail_route
from subscribers import models, preflight
from subscribers.desk import words
from subscribers.models import Delivery, Issue
from tests.factories import make_issue, make_person, make_post, make_subscriber
from tests.subscribers.desk.desk import address, make_begun, make_letter, told

pytestmark = pytest.mark.django_db

NOTHING = "Nothing was changed"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor", "ed", first_name="Edith"))
    return client


@pytest.fixture
def red(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look before sending finds something that must not go out."""
    finding = preflight.Finding("red", "DMARC", "There is no record.", "Publish one.")
    monkeypatch.setattr(preflight, "examine", lambda issue: [finding])


def press(client: Client, issue: Issue, verb: str, **data: Any) -> str:
    """Press a button; return what the page says then, and have the issue as it is now."""
    response = client.post(address(issue, f"{verb}/"), data)
    if Issue.objects.filter(pk=issue.pk).exists():
        issue.refresh_from_db()
    return told(response)


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("stop", "waiting", "stopped"),
        ("stop", "sending", "stopped"),
        ("stop", "paused", "stopped"),
        ("stop", "sent", ""),
        ("pause", "sending", "paused"),
        ("pause", "waiting", ""),
        ("resume", "paused", "sending"),
        ("resume", "stopped", ""),
        ("recall", "waiting", "draft"),
        ("recall", "sending", ""),
        ("send", "draft", "waiting"),
        ("send", "sent", ""),
    ],
)
def test_a_verb_does_what_it_says_or_says_that_it_did_nothing(
    editor: Client, verb: str, before: str, after: str
) -> None:
    begun = None if before in {"draft", "waiting"} else timezone.now()
    issue = make_letter(state=before, started_at=begun)

    said = press(editor, issue, verb, when="soon")

    assert issue.state == (after or before)
    assert (NOTHING in said) == (not after)


def test_a_pause_says_whose_it_was(editor: Client) -> None:
    issue = make_begun("pending")

    press(editor, issue, "pause")

    assert issue.why_paused == "Edith paused it."


def test_a_letter_sent_now_waits_in_case_somebody_stops_it(editor: Client, settings: Any) -> None:
    settings.NEWSLETTER_DELAY = 10
    issue = make_letter()

    said = press(editor, issue, "send", when="soon")

    assert datetime.timedelta(minutes=9) < issue.send_at - timezone.now() <= datetime.timedelta(minutes=10)
    assert f"It goes out {words.moment(issue.send_at)}." in said


def test_a_letter_goes_out_at_a_time_of_the_sites_zone(editor: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.deactivate()
    issue = make_letter()
    day = timezone.localdate() + datetime.timedelta(days=30)

    press(editor, issue, "send", when="later", at=f"{day}T09:00")

    assert timezone.localtime(issue.send_at).strftime("%Y-%m-%d %H:%M %Z").startswith(f"{day} 09:00 CE")


@pytest.mark.parametrize("at", ["", "tomorrow", "2020-01-01T09:00", "2999-01-01T09:00"])
def test_an_impossible_time_sends_nothing_and_says_why(editor: Client, at: str) -> None:
    make_subscriber()
    issue = make_letter()

    response = editor.post(address(issue, "send/"), {"when": "later", "at": at})

    issue.refresh_from_db()
    assert (response.status_code, issue.state) == (422, Issue.State.DRAFT)
    assert 'class="error"' in response.text


@pytest.mark.usefixtures("red")
def test_what_is_red_keeps_a_letter_until_somebody_writes_why_it_goes_out(editor: Client) -> None:
    issue = make_letter()

    refused = editor.post(address(issue, "send/"), {"when": "soon"})
    issue.refresh_from_db()
    assert (refused.status_code, issue.state) == (422, Issue.State.DRAFT)
    assert "There is no record." in refused.text

    assert editor.post(address(issue, "override/"), {"reason": " "}).status_code == 422
    press(editor, issue, "override", reason="The record comes tomorrow.")
    press(editor, issue, "send", when="soon")

    assert (issue.state, issue.override_reason) == (Issue.State.WAITING, "The record comes tomorrow.")


@pytest.mark.usefixtures("red")
def test_a_check_is_kept_with_the_issue(editor: Client) -> None:
    issue = make_issue(make_post())

    said = press(editor, issue, "check")

    assert "stops the send" in said
    assert [row["name"] for row in issue.preflight] == ["DMARC"]
    assert issue.checked_at


def test_only_a_draft_is_deleted(editor: Client) -> None:
    draft, waiting, post = make_letter(), make_letter(state=Issue.State.WAITING), make_issue(make_post())

    said = [press(editor, issue, "discard") for issue in (draft, waiting, post)]

    assert "is deleted" in said[0]
    assert NOTHING in said[1]
    assert NOTHING in said[2]
    assert set(Issue.objects.all()) == {waiting, post}


def test_the_failed_alone_are_tried_again(editor: Client) -> None:
    issue = make_begun("sent", "failed", "failed", "unknown", state=Issue.State.SENT, ended_at=timezone.now())

    said = press(editor, issue, "retry", state="failed")

    assert "2 mails are tried again." in said
    assert issue.state == Issue.State.SENDING
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["pending", "pending", "sent", "unknown"]


def test_the_unknown_are_sent_again_only_with_a_tick(editor: Client) -> None:
    issue = make_begun("unknown", state=Issue.State.SENT, ended_at=timezone.now())

    assert "Tick that" in press(editor, issue, "retry", state="unknown")
    assert Delivery.objects.get().state == "unknown"

    press(editor, issue, "retry", state="unknown", twice="on")
    assert Delivery.objects.get().state == "pending"


@pytest.mark.parametrize("state", ["sent", "pending", "skipped", ""])
def test_nothing_else_is_sent_again(editor: Client, state: str) -> None:
    issue = make_begun("sent", "skipped", state=Issue.State.SENT, ended_at=timezone.now())

    assert NOTHING in press(editor, issue, "retry", state=state, twice="on")
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "skipped"]


def test_who_joined_since_gets_it_too_and_the_sum_stays_right(editor: Client) -> None:
    issue = make_begun("sent", state=Issue.State.SENT, ended_at=timezone.now())
    late = make_subscriber("late@example.org")

    said = press(editor, issue, "widen")

    assert "One more reader gets it." in said
    assert Delivery.objects.get(subscriber=late).state == "pending"
    assert (issue.audience, issue.state) == (2, Issue.State.SENDING)
    assert NOTHING in press(editor, issue, "widen")


def test_a_test_goes_to_who_asks_and_leaves_the_ledger_alone(editor: Client) -> None:
    make_subscriber()
    issue = make_letter()

    said = press(editor, issue, "test", address="other@example.org")

    assert "A test mail goes to ed@example.org." in said
    assert models.TestMail.objects.get().user.username == "ed"
    assert not Delivery.objects.exists()


def test_without_an_address_there_is_no_test(editor: Client) -> None:
    models.TestMail._meta.get_field("user").related_model.objects.update(email="")
    issue = make_letter()

    assert "no mail address" in press(editor, issue, "test")
    assert not models.TestMail.objects.exists()


def test_what_is_left_goes_by_the_second_route_once_somebody_says_so(editor: Client, settings: Any) -> None:
    issue = make_begun("pending")
    issue.pause("554 5.7.1 not from you")
    assert "second route" not in editor.get(address(issue)).text
    assert NOTHING in press(editor, issue, "route", route="second")

    settings.EMAIL_FALLBACK = mail_route("smtp://mail.example", "EMAIL_FALLBACK_URL")
    assert "Go on by the second route" in editor.get(address(issue)).text
    assert "It goes on by the second route." in press(editor, issue, "route", route="second")
    assert (issue.fallback, issue.state) == (True, "sending")
    assert "It goes on by the first route again." in press(editor, issue, "route", route="first")
    assert (issue.fallback, issue.state) == (False, "sending")
