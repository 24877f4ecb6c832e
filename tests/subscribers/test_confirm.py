import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from subscribers import consent, links
from subscribers.models import Subscriber
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

BUTTON = "Confirm my subscription"
ON_THE_LIST = "You are on the list"
USED = "This link has done its work"


def make_pending(email: str = "new@example.org") -> Subscriber:
    return make_subscriber(email, status=Subscriber.Status.PENDING)


def status_of(subscriber: Subscriber) -> str:
    subscriber.refresh_from_db()
    return subscriber.status


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(client: Client, method: str) -> None:
    subscriber = make_pending()
    before = Subscriber.objects.values().get()

    response = getattr(client, method)(links.confirmation(subscriber))

    assert response.status_code == 200
    assert Subscriber.objects.values().get() == before


def test_the_page_asks_with_a_button(client: Client) -> None:
    page = client.get(links.confirmation(make_pending())).text

    assert BUTTON in page
    assert "new@example.org" in page


def test_the_button_confirms(client: Client) -> None:
    subscriber = make_pending()

    response = client.post(links.confirmation(subscriber))

    assert response.status_code == 200
    assert ON_THE_LIST in response.text
    assert status_of(subscriber) == Subscriber.Status.ACTIVE
    assert subscriber.confirmed_at is not None
    assert not client.cookies


def test_a_link_confirms_once(client: Client) -> None:
    subscriber = make_pending()
    link = links.confirmation(subscriber)
    client.post(link)
    confirmed_at = Subscriber.objects.get().confirmed_at

    again = client.post(link)

    assert ON_THE_LIST in again.text
    assert BUTTON not in again.text
    assert Subscriber.objects.get().confirmed_at == confirmed_at


def test_who_has_left_does_not_come_back_by_the_old_link(client: Client) -> None:
    subscriber = make_pending()
    link = links.confirmation(subscriber)
    client.post(link)
    subscriber.leave()

    assert USED in client.get(link).text
    assert USED in client.post(link).text
    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED


def test_who_asks_again_comes_back_by_the_new_link_only(client: Client) -> None:
    subscriber = make_pending()
    old = links.confirmation(subscriber)
    client.post(old)
    subscriber.leave()
    consent.ask(subscriber.email)
    subscriber.refresh_from_db()

    client.post(old)
    assert status_of(subscriber) == Subscriber.Status.PENDING

    client.post(links.confirmation(subscriber))
    assert status_of(subscriber) == Subscriber.Status.ACTIVE


def test_a_link_from_before_leaving_brings_nobody_back_who_never_confirmed(client: Client) -> None:
    subscriber = make_pending()
    link = links.confirmation(subscriber)
    subscriber.leave()
    consent.ask(subscriber.email)
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.PENDING

    assert USED in client.post(link).text
    assert status_of(subscriber) == Subscriber.Status.PENDING


def test_of_two_links_the_older_is_used_up_with_the_later(client: Client) -> None:
    subscriber = make_pending()
    older = links.confirmation(subscriber)
    client.post(links.confirmation(subscriber))
    subscriber.leave()

    assert USED in client.post(older).text
    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED


def test_confirming_is_noted_and_leads_to_the_choices(client: Client) -> None:
    subscriber = make_pending()

    page = client.post(links.confirmation(subscriber)).text

    assert [(line.kind, line.place) for line in subscriber.consents.all()] == [("confirmed", "link")]
    assert "/subscriptions/manage/" in page


def test_a_suppressed_address_stays_suppressed(client: Client) -> None:
    subscriber = make_pending()
    link = links.confirmation(subscriber)
    subscriber.suppress()

    page = client.post(link).text

    assert USED in page
    assert status_of(subscriber) == Subscriber.Status.SUPPRESSED


def test_a_link_works_for_two_weeks(client: Client) -> None:
    link = links.confirmation(make_pending())

    with time_machine.travel(timezone.now() + datetime.timedelta(days=13, hours=23), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=14, minutes=1), tick=False):
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
    assert Subscriber.objects.get().status == Subscriber.Status.PENDING


def test_a_token_of_another_purpose_confirms_nothing(client: Client) -> None:
    subscriber = make_pending()
    token = links.unsubscribe(links.unsubscribe_signer(), subscriber.pk).split("/")[-2]

    assert client.post(f"/subscriptions/confirm/{token}/").status_code == 404
    assert status_of(subscriber) == Subscriber.Status.PENDING


@pytest.mark.parametrize("token", ["x", "1.0", "1.0~1xVySW~forged", "1.0:1xVySW:forged", "%00", "é~~"])
def test_a_forged_token_is_a_404(client: Client, token: str) -> None:
    make_pending()

    assert client.get(f"/subscriptions/confirm/{token}/").status_code == 404


def test_the_link_of_an_erased_person_is_a_404(client: Client) -> None:
    subscriber = make_pending()
    link = links.confirmation(subscriber)
    subscriber.delete()

    assert client.get(link).status_code == 404


def test_another_site_cannot_press_the_button(client: Client) -> None:
    subscriber = make_pending()

    response = client.post(links.confirmation(subscriber), headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert status_of(subscriber) == Subscriber.Status.PENDING


def test_nobody_stores_or_passes_on_the_page(client: Client) -> None:
    response = client.get(links.confirmation(make_pending()))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.text


def test_a_hostile_address_is_escaped(client: Client) -> None:
    subscriber = make_pending('"<script>alert(1)</script>"@x.org')
    link = links.confirmation(subscriber)

    for page in (client.get(link).text, client.post(link).text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page
