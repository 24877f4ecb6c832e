"""The pages that say that something went wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path

from config import urls
from tests.factories import make_staff

WORDS_KEPT = "what you wrote is still in your browser’s form"


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("The secret is 42.")


def find_no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def remember(request: HttpRequest) -> HttpResponse:
    request.session["remembered"] = True
    if "ended" in request.GET:
        Session.objects.all().delete()
    return HttpResponse("The view was content.")


def take_no_session(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    """Stand for a database that is locked, or full, when a session comes to be written."""
    if Session._meta.db_table in sql and not sql.startswith("SELECT"):
        raise OperationalError("database is locked")
    return execute(sql, *arguments)


urlpatterns = [
    path("remember/", remember),
    path("broken/", break_down),
    path("locked/", find_no_database),
    path("", include(urls.urlpatterns)),
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nothing/", "/posts/nothing/", "/comments/mine/nothing/", "/page/0/"])
def test_a_missing_page_says_so_and_leads_on(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "This page is not here" in response.text
    assert 'action="/search/"' in response.text
    assert '<a href="/">' in response.text
    assert not response.cookies
    assert "Content-Security-Policy" in response


@pytest.mark.django_db
def test_a_missing_page_does_not_repeat_the_address(client: Client) -> None:
    assert "alert" not in client.get("/<script>alert(1)</script>/").text


@pytest.mark.urls(__name__)
def test_a_breakdown_tells_readers_nothing_secret_and_asks_no_database(client: Client) -> None:
    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Something broke here" in response.text
    assert WORDS_KEPT in response.text
    assert "42" not in response.text
    assert "Content-Security-Policy" in response


@pytest.mark.urls(__name__)
def test_a_database_that_does_not_answer_is_said_with_a_time_to_come_back(client: Client) -> None:
    response = client.post("/locked/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "One moment, please" in response.text
    assert WORDS_KEPT in response.text
    assert "Content-Security-Policy" in response


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("began", [False, True], ids=["a new session", "one that began before"])
def test_a_session_that_cannot_be_kept_is_said_in_the_same_way(client: Client, began: bool) -> None:
    if began:
        client.get("/remember/")
    with connection.execute_wrapper(take_no_session):
        response = client.get("/remember/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "One moment, please" in response.text
    assert "Content-Security-Policy" in response
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_session_that_ended_meanwhile_is_no_trouble_of_the_database(client: Client) -> None:
    client.get("/remember/")

    assert client.get("/remember/?ended").status_code == 400


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_the_pages_for_hard_times_need_neither_request_nor_database(template: str) -> None:
    assert "</html>" in render_to_string(template)


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_words(client: Client) -> None:
    response = client.post("/subscribe/", {"email": "a@example.org"}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert "This was not let through" in response.text
    assert "copy your text" in response.text


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_the_same_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())

    response = client.post("/subscribe/", {"email": "a@example.org"})

    assert response.status_code == 403
    assert "This was not let through" in response.text
