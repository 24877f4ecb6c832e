import datetime

import pytest
import time_machine
from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from subscribers import leaving, links
from subscribers.models import Leaving, Subscriber
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LEFT = "You have left the list"


def leave_link(subscriber: Subscriber) -> str:
    return links.unsubscribe(links.unsubscribe_signer(), subscriber.pk)


def status_of(subscriber: Subscriber) -> str:
    subscriber.refresh_from_db()
    return subscriber.status


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(client: Client, method: str) -> None:
    subscriber = make_subscriber()
    before = Subscriber.objects.values().get()

    response = getattr(client, method)(leave_link(subscriber))

    assert response.status_code == 200
    assert Subscriber.objects.values().get() == before


def test_the_page_asks_with_a_button(client: Client) -> None:
    page = client.get(leave_link(make_subscriber("kim@example.org"))).text

    assert "Leave this list" in page
    assert "kim@example.org" in page


def test_the_button_takes_the_address_off_the_list(client: Client) -> None:
    subscriber = make_subscriber()

    response = client.post(leave_link(subscriber))

    assert response.status_code == 200
    assert LEFT in response.text
    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED
    assert subscriber.left_at is not None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (MULTIPART_CONTENT, encode_multipart("BoUnDaRyStRiNg", ONE_CLICK)),
        ("application/x-www-form-urlencoded", b""),
    ],
    ids=["urlencoded", "multipart", "empty"],
)
def test_a_mail_program_leaves_with_one_post(content_type: str, body: bytes) -> None:
    client = Client(enforce_csrf_checks=True)
    subscriber = make_subscriber()

    response = client.generic("POST", leave_link(subscriber), body, content_type)

    assert response.status_code == 200  # RFC 8058 section 3.1: no redirect
    assert not client.cookies
    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED


def test_a_mail_providers_own_page_may_post_too(client: Client) -> None:
    subscriber = make_subscriber()

    response = client.post(leave_link(subscriber), ONE_CLICK, headers={"Origin": "https://mail.example"})

    assert response.status_code == 200
    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED


def test_leaving_twice_is_leaving_once(client: Client) -> None:
    link = leave_link(make_subscriber())
    client.post(link, ONE_CLICK)
    left_at = Subscriber.objects.get().left_at

    again = client.post(link, ONE_CLICK)

    assert again.status_code == 200
    assert LEFT in again.text
    assert Subscriber.objects.get().left_at == left_at


def test_leaving_leaves_a_suppressed_address_suppressed(client: Client) -> None:
    subscriber = make_subscriber(status=Subscriber.Status.SUPPRESSED)

    response = client.post(leave_link(subscriber))

    assert LEFT in response.text
    assert status_of(subscriber) == Subscriber.Status.SUPPRESSED


def test_a_link_works_for_as_long_as_the_mail_is_kept(client: Client, settings) -> None:
    subscriber = make_subscriber()
    link = leave_link(subscriber)
    settings.SECRET_KEY = "another key, after the site has moved"

    with time_machine.travel(timezone.now() + datetime.timedelta(days=3650), tick=False):
        assert client.post(link).status_code == 200

    assert status_of(subscriber) == Subscriber.Status.UNSUBSCRIBED


def test_a_token_of_another_purpose_is_a_404(client: Client) -> None:
    subscriber = make_subscriber()
    token = links.confirmation(subscriber).split("/")[-2]

    assert client.post(f"/subscriptions/unsubscribe/{token}/").status_code == 404
    assert status_of(subscriber) == Subscriber.Status.ACTIVE


def test_the_token_of_one_reader_cannot_be_turned_into_anothers(client: Client) -> None:
    mine, other = make_subscriber(), make_subscriber()
    token = leave_link(mine).split("/")[-2]
    forged = f"{other.pk}~{token.partition('~')[2]}"

    assert client.post(f"/subscriptions/unsubscribe/{forged}/").status_code == 404
    assert status_of(other) == Subscriber.Status.ACTIVE


def test_the_link_of_an_erased_person_is_a_404(client: Client) -> None:
    subscriber = make_subscriber()
    link = leave_link(subscriber)
    subscriber.delete()

    assert client.post(link).status_code == 404


def test_nobody_stores_or_passes_on_the_page(client: Client) -> None:
    response = client.get(leave_link(make_subscriber()))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.text


def test_a_hostile_address_is_escaped(client: Client) -> None:
    link = leave_link(make_subscriber('"<script>alert(1)</script>"@x.org'))

    for page in (client.get(link).text, client.post(link).text):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("body", "place"), [(ONE_CLICK, "one-click"), ({}, "link"), ({"do": "leave"}, "link"), ({"x": "y"}, "link")]
)
def test_every_real_leaving_is_noted_once_and_names_nobody(client: Client, body: dict[str, str], place: str) -> None:
    subscriber = make_subscriber()
    for _ in range(2):
        client.post(leave_link(subscriber), body)

    assert [(line.kind, line.place) for line in subscriber.consents.all()] == [("left", place)]
    assert Leaving.objects.count() == 1
    assert {field.name for field in Leaving._meta.get_fields()} == {"id", "at", "reason", "words"}


def test_leaving_by_other_ways_says_whether_it_did_anything() -> None:
    subscriber = make_subscriber()

    assert leaving.leave(subscriber, "mail")
    assert leaving.leave(subscriber, "mail") is None


def say(client: Client, link: str, **values: str) -> str:
    return client.post(link, {"do": "reason", **values}).text


def test_who_has_just_left_may_say_why_once(client: Client) -> None:
    link = leave_link(make_subscriber())
    page = client.post(link).text
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]

    assert "Thank you for saying why." in say(client, link, ticket=ticket, reason="many", words="Ten a day")
    say(client, link, ticket=ticket, reason="other", words="Else")

    left = Leaving.objects.get()
    assert (left.reason, left.words) == ("many", "Ten a day")


@pytest.mark.parametrize("ticket", ["", "1", "1:x:y", "\0"])
def test_a_reason_with_a_forged_ticket_is_kept_nowhere_and_leaves_nobody(client: Client, ticket: str) -> None:
    subscriber = make_subscriber()
    leaving.leave(make_subscriber(), "link")

    say(client, leave_link(subscriber), ticket=ticket, reason="many")

    assert Leaving.objects.get().reason == ""
    assert status_of(subscriber) == Subscriber.Status.ACTIVE


def test_a_reason_that_is_too_long_comes_back_whole(client: Client) -> None:
    link = leave_link(make_subscriber())
    ticket = client.post(link).text.partition('name="ticket" value="')[2].partition('"')[0]

    response = client.post(link, {"do": "reason", "ticket": ticket, "reason": "many", "words": "word " * 101})

    assert response.status_code == 422
    assert "Say it in 500 characters at most; these are 504." in response.text
    assert ("word " * 101).strip() in response.text
    assert ticket in response.text
