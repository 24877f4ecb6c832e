"""Held back before it begins, and asked for again after it ended."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from subscribers import newsletter, preflight
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import make_issue, make_post, make_subscriber
from tests.subscribers.sending import make_started, recipients, states

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


# --- A look before it begins --------------------------------------------------------------------------------------


@pytest.fixture
def red(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [
        preflight.Finding("red", "SPF", "No SPF record.", "Add one."),
        preflight.Finding("green", "DKIM", "", ""),
    ]
    monkeypatch.setattr(preflight, "examine", lambda issue: findings)


def test_a_red_finding_holds_an_issue_back_until_somebody_resumes_it(red: None) -> None:
    make_subscriber()
    issue = make_issue(make_post())
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, issue.why_paused) == (Issue.State.PAUSED, "No SPF record.")
    assert issue.preflight[0] == {"level": "red", "name": "SPF", "words": "No SPF record.", "what_to_do": "Add one."}
    assert not Delivery.objects.exists()

    assert issue.resume()
    assert issue.state == Issue.State.WAITING
    newsletter.run_once()  # looked at again: still red
    issue.refresh_from_db()
    assert issue.state == Issue.State.PAUSED


def test_a_reason_lets_it_go_out_all_the_same(red: None) -> None:
    make_subscriber()
    issue = make_issue(make_post(), override_reason="The domain is new, DNS follows.")
    newsletter.run_once()

    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT
    assert len(issue.preflight) == 2


# --- Who gets which kind ------------------------------------------------------------------------------------------


def test_each_kind_of_issue_has_its_audience() -> None:
    make_subscriber("each@example.org")
    make_subscriber("weekly@example.org", cadence="weekly")
    make_subscriber("asleep@example.org", paused_until=timezone.now() + DAY)
    make_subscriber("left@example.org", status=Subscriber.Status.UNSUBSCRIBED)
    post = make_issue(make_post())
    letter = Issue(kind="letter", subject="A letter", send_at=timezone.now())
    week = {"period_start": timezone.now() - 7 * DAY, "period_end": timezone.now() + DAY}
    digest = Issue(kind="digest", cadence="weekly", subject="A digest", send_at=timezone.now(), **week)
    welcome = Issue(kind="welcome", subject="Welcome", send_at=timezone.now())

    def audience(issue: Issue) -> list[str]:
        return sorted(newsletter.audience_of(issue).values_list("email", flat=True))

    assert audience(post) == ["each@example.org"]
    assert audience(letter) == ["each@example.org", "weekly@example.org"]
    assert audience(digest) == ["weekly@example.org"]
    assert audience(welcome) == []


# --- Again --------------------------------------------------------------------------------------------------------


def test_only_those_asked_for_are_tried_again() -> None:
    issue = make_started("failed@example.org", "unknown@example.org", "sent@example.org")
    for state in ("failed", "unknown", "sent"):
        Delivery.objects.filter(address=f"{state}@example.org").update(state=state, attempts=3, error="why")
    assert issue.finish()

    assert newsletter.retry(issue, ["failed", "sent"]) == 1  # what was sent is never sent again
    assert states() == {"failed@example.org": "pending", "unknown@example.org": "unknown", "sent@example.org": "sent"}
    newsletter.run_once()

    issue.refresh_from_db()
    assert (recipients(), issue.state) == (["failed@example.org"], Issue.State.SENT)


def test_a_retry_has_the_same_message_id(mailoutbox: Any) -> None:
    issue = make_started("kim@example.org")
    newsletter.run_once()
    Delivery.objects.update(state="unknown")
    newsletter.retry(issue, ["unknown"])
    newsletter.run_once()

    first, second = (message.extra_headers["Message-ID"] for message in mailoutbox)
    assert first == second


def test_who_came_since_can_have_it_too_and_nobody_gets_it_twice() -> None:
    issue = make_started("kim@example.org")
    newsletter.run_once()
    make_subscriber("late@example.org")

    assert newsletter.widen(issue) == 1
    assert newsletter.widen(issue) == 0
    newsletter.run_once()

    issue.refresh_from_db()
    assert recipients() == ["kim@example.org", "late@example.org"]
    assert (issue.state, issue.audience) == (Issue.State.SENT, 2)


def test_nothing_is_added_to_an_issue_that_has_not_begun() -> None:
    make_subscriber()
    issue = make_issue(make_post(), send_at=timezone.now() + DAY)

    assert newsletter.widen(issue) == newsletter.retry(issue, ["failed"]) == 0
    assert not Delivery.objects.exists()


def test_a_paused_issue_stays_paused_when_more_is_asked_of_it() -> None:
    issue = make_started("kim@example.org")
    issue.pause("why")
    make_subscriber("late@example.org")

    assert newsletter.widen(issue) == 1
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, recipients()) == (Issue.State.PAUSED, [])
