import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from blog.models import Post
from subscribers import newsletter, sending
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import make_issue, make_post, make_subscriber
from tests.subscribers.sending import make_started, recipients, states

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


# --- Which posts are mailed ---------------------------------------------------------------------------------------


def test_a_published_post_gets_an_issue_that_waits(settings: Any) -> None:
    settings.NEWSLETTER_DELAY = 10
    post = make_post(title="Five facts")
    now = timezone.now()

    with time_machine.travel(now, tick=False):
        (issue,) = newsletter.announce_posts()

    assert (issue.post, issue.subject, issue.state) == (post, "Five facts", Issue.State.WAITING)
    assert issue.send_at == now + 10 * MINUTE


@pytest.mark.parametrize(
    "values",
    [
        {"email_subscribers": False},
        {"visibility": Post.Visibility.UNLISTED},
        {"visibility": Post.Visibility.WITHDRAWN},
        {"published_at": None},
        {"published_at": timezone.now() + 365 * DAY},
        {"published_at": timezone.now() - 3 * DAY - MINUTE},
        {"imported_at": timezone.now()},
    ],
    ids=["unwanted", "unlisted", "withdrawn", "draft", "scheduled", "old", "imported"],
)
def test_what_is_not_to_be_mailed_gets_no_issue(values: dict[str, object]) -> None:
    make_post(**values)

    assert newsletter.announce_posts() == []
    assert not Issue.objects.exists()


def test_a_post_is_announced_once() -> None:
    make_post()

    assert len(newsletter.announce_posts()) == 1
    assert newsletter.announce_posts() == []
    assert Issue.objects.count() == 1


def test_a_post_that_another_worker_announces_meanwhile_is_announced_once() -> None:
    post = make_post()
    others: list[Issue] = []

    def announce_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not others:  # between looking for the issue and making it
            others.append(Issue(post=post, subject="The other's", send_at=timezone.now()))
            others[0].save()
        return execute(sql, *rest)

    with connection.execute_wrapper(announce_meanwhile):
        assert newsletter.announce_posts() == []

    assert Issue.objects.get() == others[0]


# --- The delay, and what stops an issue ---------------------------------------------------------------------------


def test_an_issue_goes_out_when_its_delay_is_over() -> None:
    make_subscriber("kim@example.org")
    make_post()
    now = timezone.now()

    for minutes, mails in [(0, 0), (9, 0), (10, 1), (11, 1)]:
        with time_machine.travel(now + minutes * MINUTE, tick=False):
            newsletter.run_once()
        assert len(mail.outbox) == mails

    assert Issue.objects.get().state == Issue.State.SENT


def test_an_issue_that_was_stopped_in_time_mails_nobody() -> None:
    make_subscriber()
    make_post()
    newsletter.run_once()

    Issue.objects.get().stop()
    with time_machine.travel(timezone.now() + DAY):
        newsletter.run_once()

    assert mail.outbox == []
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": Post.Visibility.WITHDRAWN},
        {"visibility": Post.Visibility.UNLISTED},
        {"email_subscribers": False},
        {"published_at": None},
    ],
    ids=["withdrawn", "unlisted", "unwanted", "a draft again"],
)
@pytest.mark.parametrize("state", [Issue.State.WAITING, Issue.State.SENDING])
def test_a_post_that_is_not_to_be_mailed_any_more_stops_its_issue(state: str, change: dict[str, object]) -> None:
    issue = make_started("kim@example.org") if state == Issue.State.SENDING else make_issue(make_post())
    Post.objects.update(**change)

    newsletter.run_once()

    issue.refresh_from_db()
    assert issue.state == Issue.State.STOPPED
    assert mail.outbox == []


def test_a_clock_that_is_set_back_stops_no_issue() -> None:
    issue = make_started("kim@example.org")

    with time_machine.travel(timezone.now() - DAY):
        newsletter.send_issue(issue)
    newsletter.run_once()

    assert recipients() == ["kim@example.org"]


def test_a_deleted_post_stops_its_issue() -> None:
    issue = make_started("kim@example.org")
    issue.post.delete()

    newsletter.run_once()

    issue.refresh_from_db()
    assert issue.state == Issue.State.STOPPED
    assert mail.outbox == []


# --- Who gets an issue --------------------------------------------------------------------------------------------


def test_everybody_on_the_list_gets_it_and_nobody_else() -> None:
    for status in Subscriber.Status:
        make_subscriber(f"{status}@example.org", status=status)

    issue = make_started("kim@example.org")

    assert states() == {"active@example.org": "pending", "kim@example.org": "pending"}
    assert (issue.state, issue.audience) == (Issue.State.SENDING, 2)


def test_who_comes_after_the_start_gets_the_next_one() -> None:
    make_started("kim@example.org")
    make_subscriber("late@example.org")

    newsletter.run_once()

    assert recipients() == ["kim@example.org"]


def test_a_list_longer_than_a_batch_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BATCH", 2)

    issue = make_started(*[f"reader{n}@example.org" for n in range(5)])
    newsletter.run_once()

    assert issue.audience == 5
    assert sorted(recipients()) == [f"reader{n}@example.org" for n in range(5)]


def test_an_issue_is_started_once() -> None:
    make_subscriber()
    first = make_issue(make_post())
    second = Issue.objects.get()

    assert newsletter.start_issue(first)
    assert not newsletter.start_issue(second)
    assert Delivery.objects.count() == 1


def test_a_start_that_breaks_off_leaves_nothing_behind_and_is_made_again() -> None:
    make_subscriber()
    issue = make_issue(make_post())

    def break_off(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and '"audience"' in sql:
            raise OSError("for the test")
        return execute(sql, *rest)

    with connection.execute_wrapper(break_off), pytest.raises(OSError, match="for the test"):
        newsletter.start_issue(issue)

    issue.refresh_from_db()
    assert (issue.state, Delivery.objects.count()) == (Issue.State.WAITING, 0)
    assert newsletter.run_once() == newsletter.Outcome(issues_started=1, mails_sent=1)


def test_an_issue_without_readers_is_sent() -> None:
    make_started()

    newsletter.run_once()

    assert Issue.objects.get().state == Issue.State.SENT


# --- What staff are told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Will be mailed: the worker makes its issue soon."),
        ({"imported_at": timezone.now()}, "Not mailed: imported posts never are."),
        ({"email_subscribers": False}, "Not mailed: “Mail to subscribers” is off."),
        ({"visibility": Post.Visibility.UNLISTED}, "Not mailed: only listed posts are."),
        ({"visibility": Post.Visibility.WITHDRAWN}, "Not mailed: only listed posts are."),
        ({"published_at": None}, "Will be mailed when it is published, unless you switch that off."),
        (
            {"published_at": timezone.now() + 365 * DAY},
            "Will be mailed when it is published, unless you switch that off.",
        ),
        ({"published_at": timezone.now() - 4 * DAY}, "Not mailed: it was published more than three days ago."),
    ],
)
def test_a_post_without_an_issue_says_why(values: dict[str, object], sentence: str) -> None:
    post = make_post(**values)

    assert newsletter.why(post) == sentence
    assert bool(newsletter.announce_posts()) == (sentence == "Will be mailed: the worker makes its issue soon.")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Issue.State.WAITING, "Will be mailed at 13:30. Until then the issue can be stopped."),
        (Issue.State.SENDING, "Being mailed: 1 of 3 mails are out."),
        (Issue.State.SENT, "Mailed: 1 of 3 mails were taken by the mail server."),
        (Issue.State.STOPPED, "Stopped: 1 of 3 mails went out before."),
    ],
)
def test_a_post_with_an_issue_says_how_far_it_is(settings: Any, state: Issue.State, sentence: str) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    send_at = datetime.datetime(2026, 1, 1, 12, 30, tzinfo=datetime.UTC)
    issue = make_issue(make_post(), state=state, audience=3, send_at=send_at)
    for delivered in ("sent", "failed", "skipped"):
        Delivery.objects.create(issue=issue, subscriber=make_subscriber(), state=delivered)

    assert newsletter.why(issue.post) == sentence


def test_a_post_whose_issue_rests_says_until_when() -> None:
    issue = make_started("kim@example.org")
    issue.rest(timezone.now().replace(hour=13, minute=30) + DAY, "No connection")

    assert newsletter.why(issue.post) == "The mail server is away: tried again at 13:30. 0 of 1 mails are out."
