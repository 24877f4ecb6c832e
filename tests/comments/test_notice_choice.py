"""How often a moderator wants a mail: /admin/moderation/notices/."""

import pytest
from django.test import Client

from accounts.models import User
from comments.models import NoticePreference
from tests.factories import make_person

pytestmark = pytest.mark.django_db

PAGE = "/admin/moderation/notices/"


@pytest.fixture
def kim(client: Client) -> User:
    person = make_person("Moderator", "kim")
    client.force_login(person)
    return person


def test_the_queue_leads_here(client: Client, kim: User) -> None:
    assert f'href="{PAGE}"' in client.get("/admin/moderation/").text


def test_who_has_chosen_nothing_gets_a_mail_an_hour(client: Client, kim: User) -> None:
    page = client.get(PAGE)

    assert page.context["form"]["pace"].value() == "hourly"
    assert kim.email in page.text
    assert not NoticePreference.objects.exists()


@pytest.mark.parametrize("pace", NoticePreference.Pace.values)
def test_a_choice_is_kept_and_can_be_changed(client: Client, kim: User, pace: str) -> None:
    client.post(PAGE, {"pace": "never"})

    page = client.post(PAGE, {"pace": pace}, follow=True)

    assert NoticePreference.objects.get().pace == pace
    assert page.context["form"]["pace"].value() == pace
    assert "It counts from the next comment on." in page.text


def test_everybody_chooses_for_themselves(client: Client, kim: User) -> None:
    other = make_person("Moderator")
    NoticePreference.objects.create(user=other, pace="now")

    client.post(PAGE, {"pace": "daily", "user": other.pk})

    assert dict(NoticePreference.objects.values_list("user", "pace")) == {kim.pk: "daily", other.pk: "now"}


@pytest.mark.parametrize("pace", ["", "always", "\0", "NOW"])
def test_what_is_no_choice_is_asked_again(client: Client, kim: User, pace: str) -> None:
    page = client.post(PAGE, {"pace": pace})

    assert page.status_code == 422
    assert "Choose one of these." in page.text
    assert not NoticePreference.objects.exists()


def test_who_has_no_address_is_told_why_nothing_comes(client: Client, kim: User) -> None:
    User.objects.update(email="")

    assert "no mail address" in client.get(PAGE).text


def test_the_page_is_private(client: Client, kim: User) -> None:
    page = client.get(PAGE)

    assert "no-store" in page["Cache-Control"]
    assert 'content="noindex"' in page.text
