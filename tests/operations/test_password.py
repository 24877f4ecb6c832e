"""The way back in: /admin/password/."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.forms import MOST_ASKED
from accounts.models import User
from operations import outbox, staff_mails
from operations.models import MOST_A_DAY, StaffMail
from tests.factories import PASSWORD, make_person, make_staff, make_subscriber

pytestmark = pytest.mark.django_db

ASK = "/admin/password/"
NEW_PASSWORD = {"new_password1": "a long enough phrase", "new_password2": "a long enough phrase"}


@pytest.fixture(autouse=True)
def _mails_become_files(settings: Any) -> None:
    settings.EMAIL_BACKEND = "operations.outbox.OutboxBackend"


def ask(client: Client, email: str = "kim@example.org", **extra: Any) -> Any:
    return client.post(ASK, {"email": email}, **extra)


def link() -> str:
    return next(link for link in outbox.mails()[0].links if "/admin/password/" in link)


def test_the_sign_in_page_leads_here(client: Client) -> None:
    assert f'href="{ASK}"' in client.get("/admin/login/").text


def test_a_forgotten_password_is_replaced(client: Client) -> None:
    kim = make_staff("kim")

    ask(client)
    staff_mails.send_due()
    page = client.get(link(), follow=True)
    client.post(page.request["PATH_INFO"], NEW_PASSWORD)

    kim.refresh_from_db()
    assert kim.check_password("a long enough phrase")
    assert "had its day" in client.get(link(), follow=True).text


def test_a_new_password_ends_every_session(client: Client) -> None:
    make_staff("kim")
    client.login(username="kim", password=PASSWORD)
    other = Client()
    ask(other)
    staff_mails.send_due()
    page = other.get(link(), follow=True)

    other.post(page.request["PATH_INFO"], NEW_PASSWORD)

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "values", [NEW_PASSWORD | {"new_password2": "another"}, {}, dict.fromkeys(NEW_PASSWORD, "kim")]
)
def test_a_password_that_will_not_do_is_asked_again(client: Client, values: dict[str, str]) -> None:
    kim = make_staff("kim")
    ask(client)
    staff_mails.send_due()
    page = client.get(link(), follow=True)

    response = client.post(page.request["PATH_INFO"], values)

    kim.refresh_from_db()
    assert 'class="errorlist"' in response.text
    assert kim.check_password(PASSWORD)


@pytest.mark.parametrize(
    "email", ["kim@example.org", "nobody@example.org", "switched-off@example.org", "reader@example.org"]
)
def test_the_answer_and_its_work_are_the_same_for_every_address(
    client: Client, django_assert_num_queries: Any, email: str
) -> None:
    make_staff("kim")
    make_staff("switched-off", is_active=False)
    make_subscriber("reader@example.org")

    with django_assert_num_queries(8):
        response = ask(client, email)

    assert (response.status_code, response["Location"]) == (303, "/admin/password/asked/")
    assert response.content == b""
    assert {name.lower() for name in response.headers} & {"set-cookie", "x-user"} == set()


@pytest.mark.parametrize("email", ["nobody@example.org", "switched-off@example.org", "reader@example.org"])
def test_only_staff_is_mailed(client: Client, email: str) -> None:
    make_staff("switched-off", is_active=False)
    make_staff("reader", is_staff=False)

    ask(client, email)
    staff_mails.send_due()

    assert outbox.mails() == []
    assert StaffMail.objects.get().state == StaffMail.State.SKIPPED


def test_the_mail_goes_to_the_address_in_the_account(client: Client) -> None:
    make_staff("kim")

    ask(client, "KIM@Example.ORG")
    staff_mails.send_due()

    (mail,) = outbox.mails()
    assert mail.message["To"] == "kim@example.org"


def test_the_link_leads_to_the_site_whatever_host_was_asked(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    make_staff("kim")

    ask(client, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    staff_mails.send_due()

    assert link().startswith("http://localhost:8000/")
    assert "evil.example" not in outbox.mails()[0].text


def test_an_address_is_mailed_once_in_a_quarter_of_an_hour_and_a_few_times_a_day(client: Client) -> None:
    make_staff("kim")
    now = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)

    for minutes in range(0, 300, 5):
        with time_machine.travel(now + datetime.timedelta(minutes=minutes), tick=False):
            assert ask(client, REMOTE_ADDR=f"203.0.{minutes % 256}.1").status_code == 303

    assert StaffMail.objects.count() == MOST_A_DAY


def test_who_asks_too_often_is_told_to_wait(client: Client) -> None:
    for number in range(MOST_ASKED):
        assert ask(client, f"{number}@example.org").status_code == 303

    response = ask(client, "one-more@example.org")

    assert response.status_code == 429
    assert "Wait a quarter of an hour" in response.text
    assert ask(client, "elsewhere@example.org", REMOTE_ADDR="198.51.100.9").status_code == 303


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b\nBcc: c@example.org", "x" * 300 + "@example.org", "a\0@b.example"]
)
def test_what_is_no_address_is_asked_again(client: Client, email: str) -> None:
    response = ask(client, email)

    assert response.status_code == 422
    assert not StaffMail.objects.exists()


def test_an_old_link_dies_with_a_change_of_address(client: Client) -> None:
    kim = make_staff("kim")
    ask(client)
    staff_mails.send_due()

    User.objects.filter(pk=kim.pk).update(email="new@example.org")

    assert "had its day" in client.get(link(), follow=True).text


def test_a_second_account_cannot_have_the_address(client: Client) -> None:
    client.force_login(make_person("Publisher"))
    kim, lea = make_staff("kim", is_superuser=False), make_staff("lea", is_superuser=False)

    response = client.post(f"/admin/accounts/user/{lea.pk}/change/", {"username": "lea", "email": "Kim@example.org"})

    lea.refresh_from_db()
    assert "has this address already" in response.text
    assert lea.email != kim.email


def test_what_was_typed_at_the_form_is_forgotten_after_a_month(client: Client) -> None:
    ask(client, "stranger@example.org")

    kept = staff_mails.forget_old()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=31)):
        gone = staff_mails.forget_old()

    assert (kept, gone) == (0, 1)


def test_a_mail_whose_sender_died_on_the_way_is_not_sent_again(client: Client) -> None:
    make_staff("kim")
    ask(client)
    StaffMail.objects.update(state="transmitting", claimed_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))

    staff_mails.send_due()

    assert outbox.mails() == []
    assert StaffMail.objects.get().state == StaffMail.State.UNKNOWN
