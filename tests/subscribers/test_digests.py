"""When a digest is made, what it holds and for whom. The site's clocks show UTC here; test_periods.py has others."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from blog.models import Post
from subscribers import digests, newsletter, periods
from subscribers.models import Consent, Delivery, Issue, Subscriber
from tests.factories import make_author, make_issue, make_post, make_subscriber, make_tag
from tests.subscribers.sending import recipients

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
MONDAY = datetime.datetime(2026, 11, 16, 7, 0, tzinfo=datetime.UTC)  # seven o'clock; the week before it has ended


@pytest.fixture(autouse=True)
def seven_on_monday(settings: Any) -> Iterator[time_machine.Traveller]:
    settings.NEWSLETTER_DELAY = 0
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def make_post_of(days_ago: float, **values: Any) -> Post:
    """A post that is mailed in digests alone, so that tests need not look at its own issue."""
    return make_post(published_at=MONDAY - days_ago * DAY, **values)


def make_weekly(email: str = "", **values: Any) -> Subscriber:
    return make_subscriber(email, cadence=Subscriber.Cadence.WEEKLY, **values)


def make_digest() -> Issue:
    """The weekly digest that is due, begun."""
    issue = next(issue for issue in digests.make_due() if issue.cadence == "weekly")
    assert newsletter.start_issue(issue)
    issue.refresh_from_db()
    return issue


# --- When -----------------------------------------------------------------------------------------------------------


def test_the_weekly_digest_is_made_on_monday_and_waits_to_be_stopped(settings: Any) -> None:
    settings.NEWSLETTER_DELAY = 10
    make_weekly()
    make_post_of(3)

    (issue,) = digests.make_due()

    assert (issue.kind, issue.cadence, issue.state) == ("digest", "weekly", Issue.State.WAITING)
    assert issue.send_at == MONDAY + 10 * MINUTE
    assert issue.subject == "Byline: the week of 9 November"
    assert list(issue.posts.all()) == []  # settled when it begins


def test_a_digest_is_made_once_however_often_somebody_asks() -> None:
    make_weekly()
    make_post_of(3)

    assert len(digests.make_due()) == 1
    assert digests.make_due() == []


def test_nothing_is_made_where_nobody_waits_or_nothing_came_out() -> None:
    make_post_of(3)
    make_subscriber()  # each post at once
    make_weekly(status=Subscriber.Status.UNSUBSCRIBED)
    assert digests.make_due() == []

    Post.objects.update(published_at=MONDAY - 8 * DAY)
    make_weekly()
    assert digests.make_due() == []


def test_a_worker_that_is_back_too_late_mails_nobody(seven_on_monday: time_machine.Traveller) -> None:
    make_weekly()
    make_post_of(3)

    seven_on_monday.move_to(MONDAY + 3 * DAY)
    assert digests.make_due() == []
    seven_on_monday.move_to(MONDAY + 2 * DAY)
    assert len(digests.make_due()) == 1


@pytest.mark.parametrize("days", [1, -1], ids=["forward", "back"])
def test_a_clock_that_is_set_wrong_and_right_again_mails_nobody_twice_and_skips_no_post(
    seven_on_monday: time_machine.Traveller, days: int
) -> None:
    reader = make_subscriber(cadence=Subscriber.Cadence.DAILY)
    early, late = make_post_of(0.5), make_post_of(-0.1)

    for moment in (MONDAY, MONDAY + days * DAY, MONDAY + DAY / 5, MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 3 * DAY):
        seven_on_monday.move_to(moment)
        newsletter.run_once()

    texts = [message.body for message in mail.outbox if reader.email in message.to]
    assert sum(early.title + "\n" in text for text in texts) == 1
    assert sum(late.title + "\n" in text for text in texts) == 1


def test_a_post_that_was_listed_after_its_days_digest_comes_with_the_next(
    seven_on_monday: time_machine.Traveller,
) -> None:
    make_subscriber(cadence=Subscriber.Cadence.DAILY)
    make_post_of(0.5)
    hidden = make_post_of(0.6, visibility=Post.Visibility.UNLISTED)
    newsletter.run_once()

    Post.objects.filter(pk=hidden.pk).update(visibility=Post.Visibility.LISTED)
    seven_on_monday.move_to(MONDAY + DAY)
    newsletter.run_once()

    assert list(Issue.objects.filter(kind="digest").latest("period_start").posts.all()) == [hidden]


def test_a_site_that_changes_its_time_zone_brings_back_no_stopped_digest(settings: Any) -> None:
    make_subscriber(cadence=Subscriber.Cadence.DAILY)
    make_post_of(0.8)  # a Sunday in both zones
    (issue,) = digests.make_due()
    issue.stop()

    with timezone.override("Asia/Tokyo"):
        newsletter.run_once()

    assert mail.outbox == []


# --- What -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"visibility": Post.Visibility.UNLISTED},
        {"email_subscribers": False},
        {"imported_at": MONDAY},
        {"published_at": MONDAY - DAY / 24},
    ],
    ids=["unlisted", "not for mail", "imported", "of the next week"],
)
def test_a_digest_holds_listed_posts_of_its_period_that_are_meant_for_mail(values: dict[str, Any]) -> None:
    make_weekly()
    first, second = make_post_of(7.2), make_post_of(1)
    make_post(**{"published_at": MONDAY - 2 * DAY, **values})

    assert set(make_digest().posts.all()) == {second, first}


def test_a_post_that_was_withdrawn_while_the_digest_waited_is_left_out_and_the_last_one_stops_it() -> None:
    make_weekly()
    kept, gone = make_post_of(1), make_post_of(2)
    (issue,) = digests.make_due()
    gone.withdraw()

    assert digests.held_by(issue) == [kept]
    kept.withdraw()
    newsletter.run_once()
    issue.refresh_from_db()
    assert issue.state == Issue.State.STOPPED
    assert mail.outbox == []


# --- For whom -------------------------------------------------------------------------------------------------------


def test_a_digest_goes_to_who_chose_it_and_wants_one_of_its_posts() -> None:
    tag, author = make_tag(), make_author()
    make_post_of(1, tags=[tag], authors=[author])
    make_weekly("everything@example.org")
    make_weekly("tag@example.org", chosen_only=True).tags.add(tag)
    make_weekly("author@example.org", chosen_only=True).authors.add(author)
    make_weekly("other@example.org", chosen_only=True).tags.add(make_tag())
    make_weekly("asleep@example.org", paused_until=MONDAY + DAY)
    make_weekly("gone@example.org", status=Subscriber.Status.UNSUBSCRIBED)
    make_subscriber("monthly@example.org", cadence=Subscriber.Cadence.MONTHLY)

    newsletter.run_once()

    assert sorted(recipients()) == ["author@example.org", "everything@example.org", "tag@example.org"]


@pytest.mark.parametrize(
    ("state", "told"),
    [("sent", False), ("unknown", False), ("deferred", False), ("failed", True), ("skipped", True)],
)
def test_who_has_a_post_already_or_may_have_it_is_not_told_again(state: str, told: bool) -> None:
    reader, post = make_weekly(), make_post_of(1)
    Delivery.objects.create(
        issue=make_issue(post, state=Issue.State.SENT), subscriber=reader, address=reader.email, state=state
    )

    (issue,) = digests.make_due()

    assert digests.audience(issue).filter(pk=reader.pk).exists() == told


def test_who_changed_from_a_digest_to_each_post_misses_nothing_of_the_week_and_gets_nothing_twice() -> None:
    make_weekly()
    before, after = make_post_of(4), make_post_of(1)
    reader = make_subscriber("kim@example.org")  # since the day before yesterday
    changed = {"cadence": {"before": "weekly", "after": "each"}}
    Consent.objects.create(subscriber=reader, kind="changed", place="link", at=MONDAY - 2 * DAY, detail=changed)
    issue = make_issue(after, state=Issue.State.SENT)
    Delivery.objects.create(issue=issue, subscriber=reader, address=reader.email, state="sent")

    make_digest()
    newsletter.run_once()

    (text,) = [message.body for message in mail.outbox if message.to == ["kim@example.org"]]
    assert before.title in text
    assert after.title not in text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="each database explains in its own words")
def test_looking_for_readers_asks_the_ledger_once_and_not_for_each_subscriber() -> None:
    period = periods.Period("weekly", timezone.now() - datetime.timedelta(days=7), timezone.now())

    assert "CORRELATED" not in digests.readers_of(period).explain()
