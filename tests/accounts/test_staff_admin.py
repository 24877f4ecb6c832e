"""Looking after the staff, without a way to more than one may do oneself."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(client: Client) -> User:
    publisher = make_person("Publisher", "pat")
    client.force_login(publisher)
    return publisher


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def form(user: User, **values: object) -> dict[str, object]:
    return {"username": user.username, "email": user.email, "is_active": "on", **values}


def groups(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_a_publisher_gives_somebody_another_role(client: Client, publisher: User) -> None:
    ann = make_person("Author")
    editor = Group.objects.get(name="Editor")

    client.post(change(ann), form(ann, first_name="Ann", groups=[editor.pk]))

    ann.refresh_from_db()
    assert ann.first_name == "Ann"
    assert groups(ann) == {"Editor"}


def test_a_publisher_switches_an_account_off(client: Client, publisher: User) -> None:
    ann = make_person("Author")

    client.post(change(ann), {"username": ann.username, "email": ann.email})

    ann.refresh_from_db()
    assert not ann.is_active


def test_a_publisher_makes_no_superuser(client: Client, publisher: User) -> None:
    ann = make_person("Author")
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]

    client.post(change(ann), form(ann, is_superuser="on", user_permissions=every))

    ann.refresh_from_db()
    assert not ann.is_superuser
    assert not ann.user_permissions.exists()


@pytest.mark.parametrize("active", [True, False])
def test_a_publisher_cannot_change_a_superuser(client: Client, publisher: User, active: bool) -> None:
    root = make_staff("root", is_active=active)

    page = client.get(change(root))
    response = client.post(change(root), form(root, email="mine@example.org"))

    root.refresh_from_db()
    assert 'name="email"' not in page.text
    assert response.status_code == 403
    assert root.email == "root@example.org"


@pytest.mark.parametrize("active", [True, False])
def test_a_publisher_cannot_change_who_may_do_more(client: Client, publisher: User, active: bool) -> None:
    stronger = make_person("Author", is_active=active)
    stronger.user_permissions.add(Permission.objects.get(codename="delete_user"))

    assert client.post(change(stronger), form(stronger, email="mine@example.org")).status_code == 403
    assert client.post(reverse("mail_again", args=[stronger.pk])).status_code in {403, 404}


def test_a_publisher_gives_no_group_that_may_do_more(client: Client, publisher: User) -> None:
    ann = make_person("Author")
    root = Group.objects.create(name="Root")
    root.permissions.add(Permission.objects.get(codename="delete_user"))

    response = client.post(change(ann), form(ann, groups=[root.pk]))

    assert response.status_code == 200  # the form, with what is wrong
    assert groups(ann) == {"Author"}


def test_a_role_that_an_operator_made_stronger_is_not_a_publishers_to_give(client: Client, publisher: User) -> None:
    ann = make_person("Author")
    editors = Group.objects.get(name="Editor")
    editors.permissions.add(Permission.objects.get(codename="delete_user"))

    client.post(change(ann), form(ann, groups=[editors.pk]))

    assert groups(ann) == {"Author"}


def test_a_publisher_cannot_change_their_own_role_or_shut_themselves_out(client: Client, publisher: User) -> None:
    client.post(change(publisher), {"username": "pat", "email": "pat@example.org", "first_name": "Pat", "groups": []})

    publisher.refresh_from_db()
    assert (publisher.first_name, publisher.is_active) == ("Pat", True)
    assert groups(publisher) == {"Publisher"}


def test_a_publisher_sets_nobodys_password(client: Client, publisher: User) -> None:
    ann = make_person("Author")

    response = client.post(
        reverse("admin:auth_user_password_change", args=[ann.pk]),
        {"password1": "a long enough phrase", "password2": "a long enough phrase"},
    )

    assert response.status_code == 403


def test_nobody_is_added_but_by_invitation(client: Client) -> None:
    client.force_login(make_staff("root"))

    assert client.get("/admin/accounts/user/add/").status_code == 403


@pytest.mark.parametrize("role", ["Author", "Editor", "Moderator"])
def test_others_do_not_see_who_is_on_the_staff(client: Client, role: str) -> None:
    client.force_login(make_person(role))

    assert client.get("/admin/accounts/user/").status_code == 403


def test_a_superuser_gives_any_group_and_right(client: Client) -> None:
    client.force_login(make_staff("root"))
    ann = make_person("Author")
    extra = Group.objects.create(name="Extra")

    client.post(change(ann), form(ann, is_staff="on", is_superuser="on", groups=[extra.pk]))

    ann.refresh_from_db()
    assert ann.is_superuser
    assert groups(ann) == {"Extra"}
