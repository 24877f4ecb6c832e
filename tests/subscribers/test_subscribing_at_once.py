"""What happens when many ask, confirm, leave and suppress at the same moment: threads with connections of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from subscribers import consent, erasing, leaving, suppressing
from subscribers.models import Consent, Delivery, Issue, Leaving, Notice, Subscriber, Suppression
from tests.at_once import at_once, real_database
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _connections_wait(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with real_database(tmp_path):
        yield


def copies(subscriber: Subscriber, number: int) -> list[Subscriber]:
    """The row as that many people have it open."""
    return [Subscriber.objects.get(pk=subscriber.pk) for _ in range(number)]


def test_fifty_who_type_one_address_at_once_make_one_mail() -> None:
    spellings = ["kim.lee@example.org", "Kim.Lee@example.org", "KIM.LEE@EXAMPLE.ORG"]

    at_once(*(lambda email=spellings[number % 3]: consent.ask(email) for number in range(50)))

    assert (Subscriber.objects.count(), Notice.objects.count(), Consent.objects.count()) == (1, 1, 1)


def test_of_fifty_who_press_the_button_one_confirms_and_one_welcome_goes_out() -> None:
    Issue.objects.create(kind="welcome", subject="Hello", state="sending", send_at="2030-01-01T00:00Z")
    subscriber = make_subscriber(status="pending")

    done = at_once(*(lambda each=each: consent.confirm(each) for each in copies(subscriber, 50)))

    assert sorted(done) == [False] * 49 + [True]
    assert (Delivery.objects.count(), Consent.objects.count()) == (1, 1)


@pytest.mark.parametrize("number", range(3))
def test_whatever_comes_first_the_ledger_ends_with_what_the_row_says(number: int) -> None:
    subscriber = make_subscriber(status="pending")
    acts: list[Callable[[Subscriber], object]] = [
        consent.confirm,
        lambda each: leaving.leave(each, "link"),
        lambda each: suppressing.suppress(each, "owner", "link"),
    ]
    acts = acts[number:] + acts[:number]

    at_once(*(lambda act=act, each=each: act(each) for act, each in zip(acts * 4, copies(subscriber, 12), strict=True)))

    kinds = list(Consent.objects.values_list("kind", flat=True))
    subscriber.refresh_from_db()
    assert subscriber.status == "suppressed"
    assert kinds[-1] == "suppressed"
    assert len(kinds) == len(set(kinds))
    assert Leaving.objects.count() == kinds.count("left")
    assert Suppression.objects.get().cause == "owner"


def test_who_is_erased_while_others_act_is_gone_and_stays_suppressed() -> None:
    subscriber = make_subscriber("kim@example.org")
    mine = copies(subscriber, 9)

    done = at_once(*(lambda each=each: erasing.erase(each) for each in mine))

    assert done.count(True) == 1
    assert not Subscriber.objects.exists()
    assert suppressing.is_suppressed("KIM@example.org")
