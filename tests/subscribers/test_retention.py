import datetime

import pytest
import time_machine
from django.utils import timezone

from subscribers import consent, retention
from subscribers.models import Consent, Notice, Subscriber
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def test_networks_are_forgotten_after_thirty_days_and_the_line_stays() -> None:
    consent.ask("kim@example.org", network="a" * 64)
    for days, left in [(29, "a" * 64), (31, "")]:
        with time_machine.travel(timezone.now() + days * DAY, tick=False):
            retention.forget_networks()
        assert Consent.objects.get().network == left


def test_addresses_that_nobody_confirmed_go_and_all_others_stay() -> None:
    others = [make_subscriber(status=status) for status in ("active", "unsubscribed", "suppressed")]
    make_subscriber(status="pending", confirmed_at=timezone.now())  # was on the list, and asks again
    consent.ask("kim@example.org")

    with time_machine.travel(timezone.now() + 59 * DAY, tick=False):
        assert retention.forget_unconfirmed() == 0
    with time_machine.travel(timezone.now() + 61 * DAY, tick=False):
        assert retention.forget_unconfirmed() == 1

    assert not Subscriber.objects.filter(email="kim@example.org").exists()
    assert Subscriber.objects.count() == len(others) + 1


def test_what_became_of_single_mails_goes_after_thirty_days_and_what_waits_stays() -> None:
    subscriber = make_subscriber()
    for state in ("sent", "pending"):
        Notice.objects.create(subscriber=subscriber, kind="already", state=state)

    with time_machine.travel(timezone.now() + 31 * DAY, tick=False):
        retention.forget_unconfirmed()

    assert Notice.objects.get().state == "pending"
