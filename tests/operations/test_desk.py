"""The admin's front page: what each role finds there."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from operations.desk import HEADINGS, Desk
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

HEADINGS_OF = {
    "Author": ["Posts"],
    "Editor": ["Posts", "Readers"],
    "Moderator": ["Conversation"],
    "Publisher": ["Posts", "Conversation", "Readers", "Publication", "Staff"],
}


def headings(page: str) -> list[str]:
    main = page[page.index('id="content-main"') : page.index('id="content-related"')]
    return re.findall(r"<h2>(.*?)</h2>", main)


@pytest.mark.parametrize("role", HEADINGS_OF)
def test_a_role_finds_its_own_work(client: Client, role: str) -> None:
    client.force_login(make_person(role))

    assert headings(client.get("/admin/").text) == HEADINGS_OF[role]


def test_a_superuser_finds_everything(client: Client) -> None:
    client.force_login(make_staff())

    page = client.get("/admin/").text

    assert headings(page) == [*HEADINGS_OF["Publisher"], "Under the hood"]
    assert "/admin/auth/group/" in page


def test_somebody_without_a_role_is_told_what_to_do(client: Client) -> None:
    client.force_login(make_staff(is_superuser=False))

    page = client.get("/admin/").text

    assert "Ask who invited you to give you a role" in page
    assert "/admin/moderation/" not in page


def test_an_author_is_offered_what_they_may_open(client: Client) -> None:
    client.force_login(make_person("Author"))

    page = client.get("/admin/").text
    links = set(re.findall(r'href="(/admin/[^"]+)"', page))

    assert {"/admin/blog/post/", "/admin/blog/post/add/", "/admin/blog/post/calendar/", "/admin/blog/image/"} <= links
    assert {client.get(link).status_code for link in links} == {200}


def test_every_model_of_the_front_page_is_in_the_admin() -> None:
    known = {f"{model._meta.app_label}.{model.__name__}" for model in admin.site._registry}

    assert isinstance(admin.site, Desk) or type(admin.site).__name__ == "DefaultAdminSite"
    assert {name for heading in HEADINGS for name in heading.models} <= known


def test_a_moderator_sees_how_many_comments_wait(client: Client) -> None:
    client.force_login(make_person("Moderator"))
    for status in ("waiting", "waiting", "spam"):
        make_comment(make_post(), status=status)

    assert '<a href="/admin/moderation/">Moderation (2 waiting)</a>' in client.get("/admin/").text
