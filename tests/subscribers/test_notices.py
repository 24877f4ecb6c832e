from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from blog.models.mail import LEASE, RETRY_AFTER
from subscribers import consent, notices
from subscribers.models import Notice, Subscriber
from subscribers.tasks import send_notices
from tests.factories import make_subscriber
from tests.ports import free_port

pytestmark = pytest.mark.django_db


def make_notice(kind: Notice.Kind = Notice.Kind.CONFIRM, **values: Any) -> Notice:
    status = Subscriber.Status.PENDING if kind == Notice.Kind.CONFIRM else Subscriber.Status.ACTIVE
    return Notice.objects.create(subscriber=make_subscriber(status=status), kind=kind, **values)


def state_of(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.state


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Notice.Kind.CONFIRM, "Confirm your subscription to Byline"),
        (Notice.Kind.ALREADY, "You are on the list of Byline"),
        (Notice.Kind.MANAGE, "Your subscription to Byline"),
        (Notice.Kind.OLD_ADDRESS, "Your address for Byline is about to change"),
    ],
)
def test_every_kind_of_notice_is_sent(kind: Notice.Kind, subject: str) -> None:
    notice = make_notice(kind)

    assert notices.send_due() == 1

    assert [(message.subject, message.to) for message in mail.outbox] == [(subject, [notice.subscriber.email])]
    assert state_of(notice) == Notice.State.SENT


def test_a_notice_is_sent_once() -> None:
    make_notice()

    assert [notices.send_due(), notices.send_due()] == [1, 0]
    assert len(mail.outbox) == 1


def test_the_task_sends_what_is_due() -> None:
    make_notice()

    assert send_notices.call() == 1


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        (Notice.Kind.CONFIRM, "suppress"),
        (Notice.Kind.CONFIRM, "confirm"),
        (Notice.Kind.CONFIRM, "leave"),
        (Notice.Kind.ALREADY, "suppress"),
        (Notice.Kind.ALREADY, "leave"),
        (Notice.Kind.MANAGE, "suppress"),
        (Notice.Kind.NEW_ADDRESS, "leave"),
        (Notice.Kind.OLD_ADDRESS, "leave"),
    ],
)
def test_a_notice_that_nobody_waits_for_any_more_is_not_sent(kind: Notice.Kind, verb: str) -> None:
    notice = make_notice(kind)
    getattr(notice.subscriber, verb)()

    assert notices.send_due() == 0

    assert mail.outbox == []
    assert state_of(notice) == Notice.State.SKIPPED


def test_who_asks_again_after_leaving_gets_the_new_notice() -> None:
    make_subscriber("kim@example.org").leave()

    consent.ask("kim@example.org")

    assert notices.send_due() == 1


def test_a_notice_that_cannot_be_made_fails_alone() -> None:
    bad, good = make_notice(), make_notice()
    Subscriber.objects.filter(pk=bad.subscriber_id).update(email="kim@example.org\nBcc: victim@example.org")

    assert notices.send_due() == 1

    assert state_of(bad) == Notice.State.FAILED
    assert state_of(good) == Notice.State.SENT


def test_a_server_that_is_not_there_is_tried_again(settings: Any) -> None:
    notice = make_notice()
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    assert notices.send_due() == 0
    assert state_of(notice) == Notice.State.DEFERRED
    assert notice.error.startswith("No connection")

    settings.EMAIL_BACKEND = backend
    with time_machine.travel(timezone.now() + RETRY_AFTER[0]):
        assert notices.send_due() == 1


def test_a_notice_that_another_worker_has_is_left_to_it_until_its_lease_is_over() -> None:
    notice = make_notice()
    notice.claim()

    assert notices.send_due() == 0
    with time_machine.travel(timezone.now() + LEASE):
        assert notices.send_due() == 1


def test_what_a_lost_worker_had_on_its_way_is_unknown_and_not_sent_again() -> None:
    notice = make_notice()
    assert notice.claim()
    assert notice.begin()

    with time_machine.travel(timezone.now() + LEASE):
        assert notices.send_due() == 0

    assert state_of(notice) == Notice.State.UNKNOWN


def test_a_worker_that_stops_leaves_the_rest_for_later() -> None:
    make_notice()
    make_notice()

    assert notices.send_due(lambda: len(mail.outbox) == 1) == 1
    assert notices.send_due() == 1


def test_the_notices_of_an_erased_person_go_along() -> None:
    make_notice().subscriber.delete()

    assert not Notice.objects.exists()
    assert notices.send_due() == 0
