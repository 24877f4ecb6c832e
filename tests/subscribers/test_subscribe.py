import pytest
from django.core import mail
from django.test import Client

from subscribers import notices
from subscribers.models import Notice, Subscriber
from tests.factories import make_staff, make_subscriber

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


def test_the_answer_costs_the_same_queries_for_everybody_who_is_known(
    client: Client, django_assert_num_queries
) -> None:
    make_subscriber("active@example.org")
    make_subscriber("pending@example.org", status=Subscriber.Status.PENDING)

    for address in ("active@example.org", "pending@example.org"):
        with django_assert_num_queries(7):  # savepoint, find, count the mail, note it, read again, notice, release
            ask(client, address)


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
        ask(client, "victim@example.org", **{"X-Forwarded-For": f"203.0.113.{number}"})
    notices.send_due()

    assert len(mail.outbox) == 1


def test_a_hostile_address_is_mailed_like_any_other_and_shown_as_text(client: Client) -> None:
    ask(client, HOSTILE)
    notices.send_due()

    (message,) = mail.outbox
    assert message.to == [HOSTILE]
    assert "alert" not in str(message.body) + str(message.alternatives[0].content)
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
