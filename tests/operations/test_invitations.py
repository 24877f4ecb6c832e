"""Coming on the staff by mail: /admin/accounts/user/invite/ and the link that follows from it."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from operations import outbox, staff_mails
from operations.models import StaffMail
from tests.factories import PASSWORD, make_person, make_staff

pytestmark = pytest.mark.django_db

INVITE = "/admin/accounts/user/invite/"
NEW_PASSWORD = {"new_password1": "a long enough phrase", "new_password2": "a long enough phrase"}


@pytest.fixture
def publisher(client: Client) -> User:
    publisher = make_person("Publisher", "pat", first_name="Pat")
    client.force_login(publisher)
    return publisher


@pytest.fixture(autouse=True)
def _mails_become_files(settings: Any) -> None:
    settings.EMAIL_BACKEND = "operations.outbox.OutboxBackend"


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def invitation(**values: object) -> dict[str, object]:
    return {"first_name": "Ann Lee", "email": "ann@example.net", "role": role("Author"), **values}


def link_in_mail() -> str:
    """Return the path of the link in the one mail that was sent."""
    (mail,) = outbox.mails()
    (link,) = [link for link in mail.links if "/admin/password/" in link]
    return link


def test_an_invited_person_chooses_a_password_and_signs_in(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    staff_mails.send_due()
    guest = Client()

    page = guest.get(link_in_mail(), follow=True)
    done = guest.post(page.request["PATH_INFO"], NEW_PASSWORD, follow=True)
    guest.post("/admin/login/", {"username": "ann-lee", "password": "a long enough phrase"})

    assert "ann-lee" in page.text
    assert "Your password is set" in done.text
    assert guest.get("/admin/").status_code == 200
    assert guest.get("/admin/blog/post/add/").status_code == 200


def test_an_invitation_makes_an_account_of_one_role_and_no_password(client: Client, publisher: User) -> None:
    response = client.post(INVITE, invitation())

    ann = User.objects.get(email="ann@example.net")
    assert response.status_code == 302
    assert (ann.username, ann.is_staff, ann.is_superuser, ann.has_usable_password()) == ("ann-lee", True, False, False)
    assert [group.name for group in ann.groups.all()] == ["Author"]


def test_the_mail_says_who_invites_and_links_to_the_site_whatever_host_was_asked(
    client: Client, publisher: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(INVITE, invitation(), HTTP_HOST="evil.example", HTTP_ORIGIN="http://evil.example")
    staff_mails.send_due()

    (mail,) = outbox.mails()
    assert mail.message["To"] == "ann@example.net"
    assert "Pat invites you" in mail.text
    assert link_in_mail().startswith("http://localhost:8000/admin/password/")
    assert "evil.example" not in mail.text + mail.html


def test_a_name_cannot_begin_a_header_or_mark_up_the_mail(client: Client) -> None:
    client.force_login(make_person("Publisher", first_name="<b>Pat</b>"))
    client.post(INVITE, invitation())
    staff_mails.send_due()

    (mail,) = outbox.mails()
    assert "<b>Pat" not in mail.html
    assert mail.message["Subject"] == "You are invited to Byline"


def test_no_row_holds_the_link(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    staff_mails.send_due()
    token = link_in_mail().rstrip("/").rpartition("/")[2]

    (row,) = StaffMail.objects.values()
    assert token not in str(row)
    assert row["state"] == "sent"


def test_a_link_works_once(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    staff_mails.send_due()
    guest = Client()
    page = guest.get(link_in_mail(), follow=True)
    guest.post(page.request["PATH_INFO"], NEW_PASSWORD)

    again = Client().get(link_in_mail(), follow=True)

    assert "This link has had its day" in again.text


def test_a_link_works_for_three_days(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    staff_mails.send_due()

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3, minutes=1)):
        page = Client().get(link_in_mail(), follow=True)

    assert "for 3 days" in outbox.mails()[0].text
    assert "This link has had its day" in page.text


@pytest.mark.parametrize(
    "path", ["MQ/x-y/", "MQ/set-password/", "%F0%9F%92%A9/a/", "_/_/", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y/"]
)
def test_a_link_that_nobody_sent_opens_nothing(client: Client, path: str) -> None:
    response = client.get(f"/admin/password/{path}")

    assert "This link has had its day" in response.text


@pytest.mark.parametrize(
    "values",
    [
        {"first_name": ""},
        {"email": "no address"},
        {"email": "PAT@example.org"},
        {"email": ""},
        {"role": ""},
        {"role": "999999"},
        {"first_name": "x" * 151},
    ],
)
def test_what_cannot_be_an_invitation_is_asked_again_and_mails_nobody(
    client: Client, publisher: User, values: dict[str, object]
) -> None:
    response = client.post(INVITE, invitation(**values))

    assert response.status_code == 422
    assert 'class="errorlist"' in response.text
    assert not StaffMail.objects.exists()
    assert User.objects.count() == 1


def test_two_people_of_one_name_have_two_accounts(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    client.post(INVITE, invitation(email="other@example.net"))

    assert set(User.objects.exclude(pk=publisher.pk).values_list("username", flat=True)) == {"ann-lee", "ann-lee-2"}


def test_only_roles_that_may_do_no_more_than_the_inviter_are_offered(client: Client, publisher: User) -> None:
    Group.objects.create(name="Root").permissions.add(Permission.objects.get(codename="delete_user"))

    page = client.get(INVITE).text

    assert re.findall(r"(\w+): ", page[page.index("<fieldset") : page.index("</fieldset>")]) == [
        "Author",
        "Editor",
        "Moderator",
        "Publisher",
    ]
    assert client.post(INVITE, invitation(role=role("Root"))).status_code == 422


def test_posting_more_than_the_form_asks_gives_nothing_more(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation(is_superuser="on", user_permissions="1", username="admin"))

    ann = User.objects.get(email="ann@example.net")
    assert (ann.is_superuser, ann.username, ann.user_permissions.count()) == (False, "ann-lee", 0)


def test_an_invitation_is_sent_again_but_not_at_once(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    ann = User.objects.get(email="ann@example.net")
    again = reverse("mail_again", args=[ann.pk])

    at_once = client.post(again, follow=True)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=16)):
        client.force_login(publisher)
        later = client.post(again, follow=True)

    assert "moments ago" in at_once.text
    assert "on its way" in later.text
    assert StaffMail.objects.count() == 2


def test_who_has_a_password_is_mailed_a_link_to_a_new_one(client: Client, publisher: User) -> None:
    make_staff("kim", is_superuser=False)

    client.post(reverse("mail_again", args=[User.objects.get(username="kim").pk]))
    staff_mails.send_due()

    (mail,) = outbox.mails()
    assert mail.message["Subject"] == "A new password for Byline"


def test_an_account_that_got_its_password_meanwhile_is_mailed_no_invitation(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    ann = User.objects.get(email="ann@example.net")
    ann.set_password(PASSWORD)
    ann.save()

    staff_mails.send_due()

    assert outbox.mails() == []
    assert StaffMail.objects.get().state == StaffMail.State.SKIPPED


def test_a_refused_mail_is_shown_with_the_person(client: Client, publisher: User) -> None:
    client.post(INVITE, invitation())
    StaffMail.objects.update(state="failed", error="550 No such user")

    page = client.get(reverse("admin:accounts_user_change", args=[User.objects.get(email="ann@example.net").pk])).text

    assert "550 No such user" in page
    assert "Send the invitation again" in page


def test_nothing_is_mailed_when_the_account_was_not_made(client: Client, publisher: User, settings: Any) -> None:
    User.objects.create(username="ann-lee", email="ann@EXAMPLE.net")

    client.post(INVITE, invitation())
    staff_mails.send_due()

    assert not Path(settings.OUTBOX_DIR).exists() or outbox.mails() == []
