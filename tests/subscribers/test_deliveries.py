"""Every mail of an issue: claimed, sent, and what came of it kept."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models.mail import LEASE, RETRY_AFTER
from subscribers import newsletter
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import number
from tests.ports import free_port
from tests.subscribers.sending import after_mails, make_started, recipients, states

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def one_connection(settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 1  # one mail after the other, in an order that tests can rely on


# --- Sending ------------------------------------------------------------------------------------------------------


def test_running_twice_sends_nothing_twice() -> None:
    make_started("kim@example.org", "lee@example.org")

    assert newsletter.run_once().mails_sent == 2
    assert newsletter.run_once().mails_sent == 0

    assert recipients() == ["kim@example.org", "lee@example.org"]
    assert Issue.objects.get().state == Issue.State.SENT


def test_every_reader_is_alone_in_a_mail_with_a_link_of_their_own() -> None:
    make_started("kim@example.org", "lee@example.org")

    newsletter.run_once()

    assert [len(message.recipients()) for message in mail.outbox] == [1, 1]
    assert len({message.extra_headers["List-Unsubscribe"] for message in mail.outbox}) == 2


def test_who_leaves_while_it_is_sent_is_not_mailed() -> None:
    make_started("kim@example.org", "lee@example.org")
    lee = Subscriber.objects.get(email="lee@example.org")

    newsletter.run_once(after_mails(1, lee.leave))

    assert states() == {"kim@example.org": "sent", "lee@example.org": "skipped"}
    assert Issue.objects.get().state == Issue.State.SENT


def test_who_is_deleted_while_it_is_sent_is_not_mailed() -> None:
    make_started("kim@example.org", "lee@example.org")
    lee = Subscriber.objects.get(email="lee@example.org")

    newsletter.run_once(after_mails(1, lee.delete))

    assert recipients() == ["kim@example.org"]
    assert Counter(states().values()) == {"sent": 1, "skipped": 1}


def test_an_issue_can_be_stopped_while_it_is_sent() -> None:
    issue = make_started("kim@example.org", "lee@example.org", "max@example.org")

    newsletter.run_once(after_mails(1, issue.stop))

    assert states() == {"kim@example.org": "sent", "lee@example.org": "skipped", "max@example.org": "skipped"}
    assert Issue.objects.get().state == Issue.State.STOPPED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": "pending", "next_try_at": timezone.now() + DAY}, "skipped"),
        ({"state": "claimed", "claimed_at": timezone.now() - LEASE}, "skipped"),
        ({"state": "transmitting", "claimed_at": timezone.now() - LEASE}, "unknown"),
        ({"state": "sent"}, "sent"),
        ({"state": "failed"}, "failed"),
    ],
    ids=lambda value: value["state"] if isinstance(value, dict) else "",
)
def test_a_stopped_issue_leaves_nothing_open(before: dict[str, object], after: str) -> None:
    make_started("kim@example.org").stop()
    Delivery.objects.update(**before)

    newsletter.run_once()

    assert states() == {"kim@example.org": after}
    assert mail.outbox == []


def test_a_worker_that_stops_leaves_the_rest_for_later() -> None:
    make_started("kim@example.org", "lee@example.org")

    newsletter.run_once(lambda: len(mail.outbox) == 1)
    assert states() == {"kim@example.org": "sent", "lee@example.org": "pending"}
    assert Issue.objects.get().state == Issue.State.SENDING

    newsletter.run_once()
    assert recipients() == ["kim@example.org", "lee@example.org"]


def test_a_delivery_that_another_worker_takes_meanwhile_is_left_to_it() -> None:
    """The first worker was so slow that its lease ran out."""
    make_started("kim@example.org", "lee@example.org")
    seen_by_other = Delivery.objects.get(address="lee@example.org")

    def take() -> None:
        with time_machine.travel(timezone.now() + LEASE, tick=False):
            assert seen_by_other.claim()

    newsletter.run_once(after_mails(1, take))

    assert states() == {"kim@example.org": "sent", "lee@example.org": "claimed"}
    assert Issue.objects.get().state == Issue.State.SENDING


def test_what_a_lost_worker_had_taken_is_sent_when_its_lease_is_over() -> None:
    make_started("kim@example.org")
    Delivery.objects.get().claim()
    now = timezone.now()

    for later, mails in [(LEASE - MINUTE, 0), (LEASE, 1)]:
        with time_machine.travel(now + later, tick=False):
            newsletter.run_once()
        assert len(mail.outbox) == mails


def test_what_a_lost_worker_had_on_its_way_is_unknown_and_not_sent_again() -> None:
    make_started("kim@example.org")
    delivery = Delivery.objects.get()
    assert delivery.claim()
    assert delivery.begin()

    newsletter.run_once()
    assert Issue.objects.get().state == Issue.State.SENDING
    with time_machine.travel(timezone.now() + LEASE):
        newsletter.run_once()

    assert states() == {"kim@example.org": "unknown"}
    assert Issue.objects.get().state == Issue.State.SENT
    assert mail.outbox == []


def test_a_worker_whose_lease_ran_out_cannot_move_the_row_any_more() -> None:
    make_started("kim@example.org")
    slow = Delivery.objects.get()
    slow.claim()
    with time_machine.travel(timezone.now() + LEASE, tick=False):
        quick = Delivery.objects.get()
        assert quick.claim()

        assert not slow.begin()
        assert quick.begin()
        slow.fail("too late")

    assert states() == {"kim@example.org": "transmitting"}


def test_a_mail_that_cannot_be_made_fails_alone() -> None:
    make_started("bad@example.org", "kim@example.org")
    Delivery.objects.filter(address="bad@example.org").update(address="bad@example.org\nBcc: victim@example.org")

    newsletter.run_once()

    assert recipients() == ["kim@example.org"]
    bad, kim = Delivery.objects.all()
    assert (bad.state, kim.state) == ("failed", "sent")
    assert "could not be made" in bad.error


def test_every_further_mail_costs_the_same_queries() -> None:
    def queries(more_readers: int) -> int:
        make_started(*(f"reader{next(number)}@example.org" for _ in range(more_readers)))
        with CaptureQueriesContext(connection) as caught:
            newsletter.run_once()
        return len(caught)

    queries(1)  # what is asked once ever
    first, second = queries(9), queries(10)  # 10 and 20 mails

    # In one transaction (a savepoint here): what came of the mail before, and the beginning of this one.
    assert second - first == 10 * 4


# --- What a mail server answers -----------------------------------------------------------------------------------


class MailServer:
    """A mail server that refuses, or hangs up on, the addresses that say so."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        code = address.partition("@")[0]
        if code.isdigit():
            return f"{code} This is what {address} answers"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address.startswith("hang-up"):
            server.transport.close()
        elif address.startswith("data-"):
            return f"{address.partition('@')[0].removeprefix('data-')} This is what {address} answers"
        else:
            self.taken.append(address)
        return "250 OK"


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(server, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    controller.start()
    yield server
    controller.stop()


@pytest.mark.parametrize(
    ("address", "state", "error"),
    [
        ("450@example.org", "deferred", "450 This is what"),
        ("421@example.org", "deferred", "421 This is what"),
        ("550@example.org", "failed", "550 This is what"),
        ("data-451@example.org", "deferred", "451 This is what"),
        ("data-554@example.org", "failed", "554 This is what"),
        ("hang-up@example.org", "unknown", "The connection broke"),
    ],
)
def test_every_answer_has_a_state_and_holds_up_nobody_else(
    mail_server: MailServer, address: str, state: str, error: str
) -> None:
    make_started("kim@example.org", address, "lee@example.org")

    assert newsletter.run_once().mails_sent == 2

    assert states() == {"kim@example.org": "sent", address: state, "lee@example.org": "sent"}
    assert mail_server.taken == ["kim@example.org", "lee@example.org"]
    assert Delivery.objects.get(address=address).error.startswith(error)


def test_a_server_that_is_not_there_is_tried_again(mail_server: MailServer, settings: Any) -> None:
    make_started("kim@example.org")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    moment = timezone.now()

    for times, minutes in enumerate([1, 2, 5, 15, 30, 60, 60], start=1):  # for as long as it takes
        with time_machine.travel(moment, tick=False):
            assert newsletter.run_once().mails_sent == 0
            assert newsletter.run_once().mails_sent == 0  # at once: nobody knocks again
        issue = Issue.objects.get()
        assert (issue.rests, issue.rests_until) == (times, moment + minutes * MINUTE)
        assert issue.why_paused.startswith("No connection")
        moment += minutes * MINUTE
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("pending", 0)

    settings.EMAIL_PORT = port
    with time_machine.travel(moment, tick=False):
        assert newsletter.run_once().mails_sent == 1
    assert mail_server.taken == ["kim@example.org"]
    assert Issue.objects.get().rests == 0


def test_a_temporary_refusal_is_tried_again_later_and_later_and_then_given_up(mail_server: MailServer) -> None:
    make_started("450@example.org")
    moment = timezone.now()

    for times, pause in enumerate(RETRY_AFTER, start=1):
        with time_machine.travel(moment, tick=False):
            newsletter.run_once()
            newsletter.run_once()  # at once: too early
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == ("deferred", times)
        assert Issue.objects.get().state == Issue.State.SENDING
        moment += pause
    with time_machine.travel(moment, tick=False):
        newsletter.run_once()

    assert states() == {"450@example.org": "failed"}
    assert Issue.objects.get().state == Issue.State.SENT


def test_every_reader_is_accounted_for(mail_server: MailServer) -> None:
    issue = make_started("a@b.org", "450@b.org", "550@b.org", "hang-up@b.org", "left@b.org", "erased@b.org", "z@b.org")
    Subscriber.objects.get(email="left@b.org").leave()
    Subscriber.objects.get(email="erased@b.org").delete()

    newsletter.run_once()

    counts = Counter(states().values())
    assert counts == {"sent": 2, "deferred": 1, "failed": 1, "unknown": 1, "skipped": 2}
    assert sum(counts.values()) == issue.audience
