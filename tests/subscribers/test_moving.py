"""Another address: asked for on the page of a subscription, told to the old one, confirmed at the new one."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import links, moving, notices, suppressing
from subscribers.models import Delivery, Notice, Subscriber
from tests.factories import make_issue, make_post, make_subscriber
from tests.subscribers.everything import everything

pytestmark = pytest.mark.django_db

OLD, NEW = "kim@example.org", "kim@example.net"


@pytest.fixture
def subscriber() -> Subscriber:
    return make_subscriber(OLD)


def ask(client: Client, subscriber: Subscriber, email: str = NEW) -> Any:
    return client.post(f"{links.own_data(subscriber)}address/", {"email": email})


def asked(client: Client, subscriber: Subscriber) -> str:
    """Ask for the new address, and return the link that was mailed to it."""
    assert ask(client, subscriber).status_code == 303
    subscriber.refresh_from_db()
    return links.new_address(subscriber)


def test_both_addresses_are_told_and_nothing_moves_yet(client: Client, subscriber: Subscriber) -> None:
    asked(client, subscriber)
    assert notices.send_due() == 2

    to_new, to_old = sorted(mail.outbox, key=lambda message: message.to)
    assert (to_new.to, to_old.to) == ([NEW], [OLD])
    assert "/subscriptions/address/" in to_new.body
    assert OLD not in to_new.body
    assert (NEW in to_old.body, "/subscriptions/manage/" in to_old.body) == (True, True)
    assert Subscriber.objects.get().email == OLD


def test_the_button_at_the_new_address_moves_the_subscription_and_its_waiting_mails(
    client: Client, subscriber: Subscriber
) -> None:
    for state in ("pending", "sent"):
        Delivery.objects.create(issue=make_issue(make_post()), subscriber=subscriber, address=OLD, state=state)
    Subscriber.objects.update(bounce_score=3)
    link = asked(client, subscriber)
    client.get("/")  # makes the row that the site has one of
    before = everything()
    assert NEW in client.get(link).text
    assert everything() == before

    page = client.post(link).text

    row = Subscriber.objects.get()
    assert "Your mails come here now" in page
    assert (row.email, row.new_email, row.status, row.bounce_score) == (NEW, "", "active", 0)
    assert dict(Delivery.objects.values_list("state", "address")) == {"pending": NEW, "sent": OLD}
    line = row.consents.get()
    assert (line.kind, set(line.detail)) == ("moved", {"before", "after"})
    assert line.detail["after"] == suppressing.digest_of(NEW)
    assert "This link has done its work" in client.post(link).text


def test_the_old_address_keeps_the_subscription_with_one_button(client: Client, subscriber: Subscriber) -> None:
    link = asked(client, subscriber)
    manage = links.manage(links.manage_signer(), subscriber.pk, OLD)
    assert "Keep this address" in client.get(manage).text

    client.post(manage, {"do": "stay"})

    assert "This link has done its work" in client.post(link).text
    assert Subscriber.objects.get().email == OLD
    assert notices.send_due() == 1  # the old address is told; at the new one nobody waits any more


def test_the_link_lasts_three_days(client: Client, subscriber: Subscriber) -> None:
    link = asked(client, subscriber)

    for hours, status in [(71, 200), (73, 404)]:
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours), tick=False):
            assert client.get(link).status_code == status


def test_a_later_wish_ends_the_link_of_the_first(client: Client, subscriber: Subscriber) -> None:
    first = asked(client, subscriber)
    moving.ask(subscriber, "lee@example.net")

    assert "This link has done its work" in client.post(first).text
    assert Subscriber.objects.get().email == OLD


@pytest.mark.parametrize(
    ("status", "moved"), [("active", False), ("unsubscribed", False), ("suppressed", False), ("pending", True)]
)
def test_an_address_with_a_subscription_of_its_own_is_left_alone(
    client: Client, subscriber: Subscriber, status: str, moved: bool
) -> None:
    other = make_subscriber(NEW.upper(), status=status)
    link = asked(client, subscriber)

    page = client.post(link).text

    assert ("has a subscription of its own" in page) is not moved
    assert Subscriber.objects.get(pk=subscriber.pk).email == (NEW if moved else OLD)
    assert Subscriber.objects.filter(pk=other.pk).exists() is not moved


def test_who_asks_learns_nothing_about_the_new_address(client: Client, subscriber: Subscriber) -> None:
    make_subscriber(NEW)
    known, new = ask(client, subscriber), ask(client, subscriber, "lee@example.net")

    assert (known.status_code, known.content) == (new.status_code, new.content) == (303, b"")
    assert known["Location"].rpartition("?")[2] == new["Location"].rpartition("?")[2] == "asked"


def test_an_address_that_wants_no_mail_is_not_asked(client: Client, subscriber: Subscriber) -> None:
    suppressing.suppress(make_subscriber(NEW), "owner", "link")

    ask(client, subscriber)
    notices.send_due()

    assert [message.to for message in mail.outbox] == [[OLD]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [(OLD.upper(), "go to this address already"), ("kim", "not a mail address yet"), ("", "Give the address")],
)
def test_what_cannot_be_an_address_is_refused_and_kept(
    client: Client, subscriber: Subscriber, typed: str, said: str
) -> None:
    response = ask(client, subscriber, typed)

    assert (response.status_code, said in response.text) == (422, True)
    assert typed in response.text
    assert not Notice.objects.exists()


def test_a_mailbox_is_not_asked_twice_in_a_quarter_of_an_hour(client: Client, subscriber: Subscriber) -> None:
    ask(client, subscriber, "lee@example.net")

    response = ask(client, subscriber, "l.ee+x@example.net")

    assert (response.status_code, "a quarter of an hour" in response.text) == (422, True)
    assert Notice.objects.filter(kind="new").count() == 1


def test_who_leaves_meanwhile_moves_nowhere(client: Client, subscriber: Subscriber) -> None:
    link = asked(client, subscriber)
    subscriber.leave()

    client.post(link)

    assert (Subscriber.objects.get().email, Subscriber.objects.get().status) == (OLD, "unsubscribed")
    assert notices.send_due() == 0
