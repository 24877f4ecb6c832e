"""Rows that are moved many at a time, and who may move them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models.mail import LEASE
from subscribers import ledger, newsletter
from subscribers.ledger import Claim, Entry, State
from subscribers.models import Delivery, Issue, Subscriber
from tests.at_once import at_once, real_database
from tests.factories import make_issue, make_post, make_subscriber
from tests.subscribers.sending import make_started, states

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def readers(number: int) -> list[str]:
    return [f"reader{n}@example.org" for n in range(number)]


def claim_all(issue: Issue, most: int = 100) -> list[Claim]:
    with transaction.atomic():
        return ledger.claim(issue, most)


def test_a_list_of_any_length_is_frozen_by_the_same_few_statements() -> None:
    def statements(people: int) -> int:
        for _ in range(people):
            make_subscriber()
        issue = make_issue(make_post())
        with CaptureQueriesContext(connection) as caught:
            assert newsletter.start_issue(issue)
        return len(caught)

    statements(1)  # makes the rows that the site has one of
    assert statements(1) == statements(30)


def test_claims_come_in_order_put_off_ones_first_and_no_more_than_asked_for() -> None:
    issue = make_started(*readers(5))
    Delivery.objects.filter(address="reader3@example.org").update(state="deferred", attempts=1)
    Delivery.objects.filter(address="reader0@example.org").update(next_try_at=timezone.now() + DAY)

    first, second, third = claim_all(issue, 2), claim_all(issue, 2), claim_all(issue, 2)

    names = [claim.address.partition("@")[0] for claim in [*first, *second]]
    assert names == ["reader3", "reader1", "reader2", "reader4"]
    assert third == []
    assert states()["reader0@example.org"] == "pending"


def test_two_who_claim_at_once_share_nothing(tmp_path: Path, transactional_db: None) -> None:
    issue = make_started(*readers(20))
    with real_database(tmp_path):
        one, other = at_once(lambda: claim_all(issue, 15), lambda: claim_all(issue, 15))

    held = [claim.delivery for claim in [*one, *other]]
    assert len(held) == len(set(held)) == 20


def test_what_was_claimed_is_given_back_as_it_was() -> None:
    issue = make_started(*readers(2))
    Delivery.objects.filter(address="reader1@example.org").update(state="deferred", attempts=2, error="450")
    claims = claim_all(issue)

    ledger.release(claims)

    assert states() == {"reader0@example.org": "pending", "reader1@example.org": "deferred"}
    assert list(Delivery.objects.values_list("attempts", flat=True)) == [0, 2]
    assert len(claim_all(issue)) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda: Subscriber.objects.get().leave(),
        lambda: Subscriber.objects.get().suppress(),
        lambda: Subscriber.objects.get().delete(),
        lambda: Subscriber.objects.update(paused_until=timezone.now() + DAY),
        lambda: Issue.objects.get().stop(),
        lambda: Issue.objects.get().pause("why"),
    ],
    ids=["left", "suppressed", "erased", "wants a pause", "issue stopped", "issue paused"],
)
def test_a_mail_only_begins_while_it_is_wanted(change: Any) -> None:
    issue = make_started("kim@example.org")
    claims = claim_all(issue)
    change()

    assert ledger.begin(issue, claims) == []
    assert Delivery.objects.get().state == "claimed"


def test_a_beginning_counts_the_try_and_begins_the_lease_anew() -> None:
    issue = make_started("kim@example.org")
    claims = claim_all(issue)

    with time_machine.travel(timezone.now() + LEASE - MINUTE, tick=False):
        (begun,) = ledger.begin(issue, claims)
    with time_machine.travel(timezone.now() + LEASE + MINUTE):
        Delivery.objects.all().note_lost_senders()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.claimed_at) == ("transmitting", 1, begun.fence)


def test_who_was_too_slow_moves_nothing_any_more() -> None:
    issue = make_started("kim@example.org")
    slow = claim_all(issue)
    with time_machine.travel(timezone.now() + LEASE, tick=False):
        quick = claim_all(issue)
        assert len(quick) == 1

        assert ledger.begin(issue, slow) == []
        ledger.release(slow)
        ledger.settle([Entry(slow[0], State.FAILED)])

        assert Delivery.objects.get().state == "claimed"
        assert len(ledger.begin(issue, quick)) == 1


@pytest.mark.parametrize(
    ("verdict", "state"), [(State.SENT, "sent"), (State.FAILED, "failed"), (State.DEFERRED, "unknown")]
)
def test_a_sender_that_was_taken_for_lost_may_still_say_how_it_ended(verdict: State, state: str) -> None:
    """Another worker's clock is a day ahead."""
    issue = make_started("kim@example.org")
    begun = ledger.begin(issue, claim_all(issue))
    with time_machine.travel(timezone.now() + DAY):
        newsletter.send_issue(issue)
    assert Delivery.objects.get().state == "unknown"

    ledger.settle([Entry(begun[0], verdict)])

    assert Delivery.objects.get().state == state


def test_but_not_once_somebody_has_asked_for_the_mail_again() -> None:
    issue = make_started("kim@example.org")
    begun = ledger.begin(issue, claim_all(issue))
    Delivery.objects.update(state="unknown")
    assert newsletter.retry(issue, ["unknown"]) == 1

    ledger.settle([Entry(begun[0], State.SENT)])

    assert Delivery.objects.get().state == "pending"


def test_a_servers_words_are_kept_as_far_as_they_fit() -> None:
    issue = make_started("kim@example.org")
    (begun,) = ledger.begin(issue, claim_all(issue))

    ledger.settle([Entry(begun, State.SENT, answer="250 \x00" + "x" * 600, error="y" * 600)])

    delivery = Delivery.objects.get()
    assert delivery.answer == "250 " + "x" * 196
    assert len(delivery.error) == 500
