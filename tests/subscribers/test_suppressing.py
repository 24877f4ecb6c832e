import pytest

from subscribers import consent, suppressing
from subscribers.models import Subscriber, Suppression
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

FINAL, WEAK = ["owner", "complaint", "staff"], ["bounce", "left", "erased"]


def cause_for(email: str) -> str:
    row = suppressing.is_suppressed(email)
    return str(row.cause) if row else ""


@pytest.mark.parametrize("first", FINAL + WEAK)
@pytest.mark.parametrize("second", FINAL + WEAK)
def test_a_final_cause_replaces_a_weak_one_and_nothing_replaces_it(first: str, second: str) -> None:
    subscriber = make_subscriber("kim@example.org")
    assert suppressing.suppress(subscriber, first, "staff")

    changed = suppressing.suppress(subscriber, second, "server")

    assert changed == (first in WEAK and second in FINAL)
    assert cause_for("Kim@Example.org") == (second if changed else first)
    assert subscriber.status == "suppressed"
    assert [line.detail["cause"] for line in subscriber.consents.all()] == [first, second][: 1 + changed]


def test_no_address_can_be_read_from_what_is_kept() -> None:
    suppressing.suppress(make_subscriber("kim@example.org"), "owner", "link")

    assert "kim" not in str(Suppression.objects.values().get())


@pytest.mark.parametrize("cause", WEAK)
def test_who_was_suppressed_before_there_were_rows_was_so_by_the_staff(cause: str) -> None:
    subscriber = make_subscriber("kim@example.org", status=Subscriber.Status.SUPPRESSED)
    assert cause_for("kim@example.org") == suppressing.cause_of(subscriber) == "staff"

    suppressing.suppress(subscriber, cause, "server")

    assert cause_for("kim@example.org") == "staff"


@pytest.mark.parametrize(("causes", "lifted"), [(["owner"], True), (["staff"], False), (FINAL + WEAK, True)])
def test_only_who_may_lifts_it_and_that_puts_nobody_on_the_list(causes: list[str], lifted: bool) -> None:
    subscriber = make_subscriber("kim@example.org")
    suppressing.suppress(subscriber, "owner", "link")

    assert suppressing.lift(subscriber, "link", causes) is lifted
    assert not suppressing.lift(subscriber, "link", causes)

    assert subscriber.status == ("unsubscribed" if lifted else "suppressed")
    assert bool(cause_for("kim@example.org")) is not lifted
    consent.ask("kim@example.org")
    assert not Subscriber.objects.active().exists()


def test_an_address_that_nobody_suppressed_is_not() -> None:
    make_subscriber("kim@example.org")

    assert suppressing.is_suppressed("kim@example.org") is None
    assert suppressing.is_suppressed("lee@example.org") is None
