import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Tally
from subscribers import consent, notices, suppressing
from subscribers.models import Consent, Notice, Subscriber, Suppression
from tests.factories import make_post, make_staff, make_subscriber, make_tag

pytestmark = pytest.mark.django_db

HOSTILE = '"<script>alert(1)</script>"@x.org'


def ask(client: Client, email: str, **headers: str) -> int:
    return client.post("/subscribe/", {"email": email}, headers=headers).status_code


def test_the_form_asks_for_an_address(client: Client) -> None:
    response = client.get("/subscribe/")

    assert response.status_code == 200
    assert '<form class="form" method="post" action="/subscribe/"' in response.text
    assert 'name="email"' in response.text


def test_asking_makes_a_subscriber_who_is_mailed_and_not_on_the_list_yet(client: Client) -> None:
    assert ask(client, "new@example.org") == 303

    assert Subscriber.objects.get().status == Subscriber.Status.PENDING
    assert mail.outbox == []  # the answer does not wait for a mail server
    notices.send_due()
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


@pytest.mark.parametrize("status", [None, *Subscriber.Status], ids=lambda status: status or "new")
def test_every_address_gets_the_same_answer(client: Client, status: Subscriber.Status | None) -> None:
    if status:
        make_subscriber("asked@example.org", status=status)

    response = client.post("/subscribe/", {"email": "asked@example.org"})
    page = client.get(response["Location"])

    assert (response.status_code, response.content, response["Location"]) == (303, b"", "/subscribe/asked/")
    assert set(response.headers) == set(client.post("/subscribe/", {"email": "another@example.org"}).headers)
    assert page.status_code == 200
    assert "asked@example.org" not in page.text


@pytest.mark.parametrize("do", ["", "link"], ids=["subscribe", "link"])
def test_the_answer_costs_the_same_queries_for_every_address(client: Client, do: str) -> None:
    """Whatever is known of it: new, asked for, on the list, left, suppressed with and without a row, and erased."""
    ask(client, "first@example.org")  # makes the rows that the site has one of
    for status in Subscriber.Status:
        make_subscriber(f"{status}@example.org", status=status)
    for cause in Suppression.Cause:
        suppressing.suppress(make_subscriber(f"{cause}@example.org"), cause, "staff")
        Suppression.objects.create(digest=suppressing.digest_of(f"gone-{cause}@example.org"), cause=cause)
    known = [*Subscriber.Status, *Suppression.Cause, *(f"gone-{cause}" for cause in Suppression.Cause)]
    costs = {}

    for name in ["new", *known]:
        Tally.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/subscribe/", {"email": f"{name}@example.org", "do": do})
        costs[name] = [query["sql"].split()[0] for query in queries]
        assert (response.status_code, response.content) == (303, b"")

    assert {name: cost for name, cost in costs.items() if cost != costs["new"]} == {}
    assert Notice.objects.count() == len(known) + 2


def test_a_filled_in_trap_gets_the_same_answer_and_does_nothing(client: Client) -> None:
    response = client.post("/subscribe/", {"email": "kim@example.org", "subject": "Offer"})

    assert (response.status_code, response["Location"]) == (303, "/subscribe/asked/")
    assert not Subscriber.objects.exists()


def test_a_network_that_asks_too_often_is_put_off_whatever_the_address(client: Client) -> None:
    make_subscriber("known@example.org")
    with time_machine.travel(datetime.datetime(2030, 1, 1, 12, 10, tzinfo=datetime.UTC), tick=False):
        for number in range(20):
            assert ask(client, f"{number}@example.org") == 303
        refused = [client.post("/subscribe/", {"email": f"{name}@example.org"}) for name in ("known", "new")]
        elsewhere = client.post("/subscribe/", {"email": "new@example.org"}, REMOTE_ADDR="198.51.100.1")

    assert {(response.status_code, response["Retry-After"]) for response in refused} == {(429, "3000")}
    assert 'value="new@example.org"' in refused[1].text
    assert elsewhere.status_code == 303


def test_the_place_of_the_form_is_noted_and_an_unknown_one_is_the_pages_own(client: Client) -> None:
    for number, place in enumerate(["post", "footer", "home", "staff", "<b>", ""]):
        client.post("/subscribe/", {"email": f"kim{number}@example.org", "place": place})

    places = Consent.objects.order_by("pk").values_list("place", flat=True)
    assert list(places) == ["post", "footer", "footer", "page", "page", "page"]
    assert all(line.text and line.network for line in Consent.objects.all())


def test_every_public_page_has_one_form_to_subscribe(client: Client) -> None:
    post, tag = make_post(), make_tag()
    for path in ("/", post.get_absolute_url(), tag.get_absolute_url(), "/archive/", "/search/", "/nothing/here/"):
        assert client.get(path).text.count('action="/subscribe/"') == 1, path
    assert client.get("/tags/").text.count('class="subscribe-line"') == 1


def test_who_is_on_the_list_asks_for_the_link_to_their_subscription(client: Client) -> None:
    make_subscriber("kim@example.org")

    response = client.post("/subscribe/", {"email": "Kim@example.org", "do": "link"})
    client.post("/subscribe/", {"email": "nobody@example.org", "do": "link"})
    notices.send_due()

    assert response["Location"] == "/subscribe/asked/?link"
    (message,) = mail.outbox
    assert message.to == ["kim@example.org"]
    assert "http://localhost:8000/subscriptions/manage/" in message.body
    assert Subscriber.objects.count() == 1  # who was never known is forgotten again


def test_who_has_just_confirmed_may_ask_for_the_link_at_once_and_a_stranger_may_not(client: Client) -> None:
    ask(client, "kim@example.org")
    ask(client, "stranger@example.org")
    consent.confirm(Subscriber.objects.get(email="kim@example.org"))

    for name in ("kim", "stranger", "kim", "stranger"):
        client.post("/subscribe/", {"email": f"{name}@example.org", "do": "link"})

    links = Notice.objects.filter(kind=Notice.Kind.MANAGE)
    assert [notice.subscriber.email for notice in links] == ["kim@example.org"]


def test_a_refused_form_for_the_link_says_so_at_its_own_field(client: Client) -> None:
    response = client.post("/subscribe/", {"email": "kim", "do": "link"})

    assert response.status_code == 422
    assert response.text.count('value="kim"') == 1
    assert 'href="#link_email"' in response.text


def test_readers_get_no_cookie(client: Client) -> None:
    client.get("/subscribe/")
    ask(client, "new@example.org")
    client.get("/subscribe/asked/")

    assert not client.cookies


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Give the address that new posts should go to."),
        ("kim.example.org", "This is not a mail address yet."),
        ("kim@example", "This is not a mail address yet."),
        ("kim@example.org, lee@example.org", "This is not a mail address yet."),
        ("kim@example.org\r\nBcc: lee@example.org", "This is not a mail address yet."),
        ("k" * 260 + "@example.org", "at most 254 characters"),
        ("kim\0@example.org", "Null characters are not allowed."),
    ],
    ids=["nothing", "no @", "no domain", "two", "a header", "long", "null"],
)
def test_what_is_no_address_is_refused_with_a_reason(client: Client, typed: str, said: str) -> None:
    response = client.post("/subscribe/", {"email": typed})

    assert response.status_code == 422
    assert said in response.text
    assert not Subscriber.objects.exists()


def test_a_refused_form_keeps_the_word_and_escapes_it(client: Client) -> None:
    page = client.post("/subscribe/", {"email": 'kim"><script>alert(1)</script>'}).text

    assert 'value="kim&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=lambda headers: str(next(iter(headers.items()))),
)
def test_another_site_cannot_ask(client: Client, headers: dict[str, str]) -> None:
    assert ask(client, "new@example.org", **headers) == 403
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost:8000"}, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}],
    ids=lambda headers: str(next(iter(headers.items()))),
)
def test_our_own_pages_can(client: Client, headers: dict[str, str]) -> None:
    assert ask(client, "new@example.org", **headers) == 303


def test_with_a_session_the_form_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())

    assert ask(client, "new@example.org", Origin="http://testserver") == 403

    client.get("/subscribe/")
    form = {"email": "new@example.org", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post("/subscribe/", form, headers={"Origin": "http://testserver"}).status_code == 303


def test_a_hundred_askers_make_one_mail(client: Client) -> None:
    for number in range(100):
        client.post("/subscribe/", {"email": "victim@example.org"}, REMOTE_ADDR=f"10.1.{number}.1")
    notices.send_due()

    assert len(mail.outbox) == 1


def test_a_hostile_address_is_mailed_like_any_other_and_shown_as_text(client: Client) -> None:
    ask(client, HOSTILE)
    notices.send_due()

    (message,) = mail.outbox
    assert message.to == [HOSTILE]
    assert "alert(1)" not in str(message.body) + str(message.alternatives[0].content)
    assert Notice.objects.get().state == Notice.State.SENT


def test_the_link_in_the_mail_is_not_taken_from_the_request(client: Client) -> None:
    assert client.post("/subscribe/", {"email": "a@example.org"}, headers={"Host": "evil.example"}).status_code == 400
    assert client.post("/subscribe/", {"email": "b@example.org"}, headers={"Host": "127.0.0.1:9"}).status_code == 303
    notices.send_due()

    (message,) = mail.outbox
    assert "http://localhost:8000/subscriptions/confirm/" in message.body
    assert "127.0.0.1" not in message.message().as_string()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)("/subscribe/").status_code == 405
