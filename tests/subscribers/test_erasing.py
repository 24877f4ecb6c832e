import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from subscribers import consent, erasing, suppressing
from subscribers.models import Bounce, Consent, Delivery, Notice, Subscriber, Suppression
from tests.factories import make_issue, make_post, make_staff, make_subscriber
from tests.subscribers.everything import everything

pytestmark = pytest.mark.django_db

STATES = {
    "pending": "skipped",
    "deferred": "skipped",
    "claimed": "skipped",
    "transmitting": "unknown",
    "sent": "sent",
    "failed": "failed",
    "skipped": "skipped",
    "unknown": "unknown",
}


def make_known(email: str = "kim@example.org") -> Subscriber:
    """Somebody of whom there is a row of every kind, each with the address in it where it may stand."""
    consent.ask(email)
    subscriber = Subscriber.objects.get(email=email)
    consent.confirm(subscriber)
    Notice.objects.create(subscriber=subscriber, kind="new", address=email)
    delivery = Delivery.objects.create(
        issue=make_issue(make_post()), subscriber=subscriber, address=email, error=f"{email}: no", answer=f"for {email}"
    )
    Bounce.objects.create(delivery=delivery, subscriber=subscriber, kind="hard", source="answer", words=f"{email} no")
    return subscriber


def test_nothing_in_the_database_says_who_it_was(client: Client) -> None:
    subscriber = make_known()
    client.force_login(make_staff())
    client.post(f"/admin/subscribers/subscriber/{subscriber.pk}/change/", {})
    assert LogEntry.objects.get().object_repr == "kim@example.org"
    assert "kim@example.org" in everything()

    assert erasing.erase(subscriber)

    assert "kim@example.org" not in everything()
    assert not Subscriber.objects.exists()
    assert not Consent.objects.exists()
    assert not erasing.erase(subscriber)


@pytest.mark.parametrize(("before", "after"), STATES.items())
def test_the_rows_of_deliveries_stay_and_no_worker_can_write_to_one_it_holds(before: str, after: str) -> None:
    subscriber = make_subscriber()
    delivery = Delivery.objects.create(issue=make_issue(make_post()), subscriber=subscriber, address=subscriber.email)
    assert delivery.claim()
    held = Delivery.objects.get()
    Delivery.objects.update(state=before)

    erasing.erase(subscriber)

    assert not held.begin()
    assert not held.succeed()
    assert not held.fail(f"{subscriber.email} is unknown")
    assert not held.lose_track(subscriber.email)
    row = Delivery.objects.get()
    assert (row.state, row.subscriber, row.address, row.error) == (after, None, "", "")


@pytest.mark.parametrize("cause", [None, *Suppression.Cause])
def test_the_address_stays_suppressed_by_the_stronger_cause(cause: str | None) -> None:
    subscriber = make_subscriber("kim@example.org")
    if cause:
        suppressing.suppress(subscriber, cause, "staff")

    erasing.erase(subscriber)

    assert suppressing.is_suppressed("KIM@example.org")
    assert Suppression.objects.get().cause == (cause or "erased")


def test_who_was_suppressed_before_there_were_rows_stays_so_for_good() -> None:
    erasing.erase(make_subscriber("kim@example.org", status="suppressed"))

    assert Suppression.objects.get().cause == "staff"
