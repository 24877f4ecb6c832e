"""Which POST is accepted from a reader, who has no cookie and so no CSRF token."""

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from blog.origins import reader_form
from config import urls
from tests.factories import make_staff


@reader_form
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request) if "token" in request.GET else "acted")


urlpatterns = [path("form/", form), *urls.urlpatterns]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

RULES = [
    # Origin, Sec-Fetch-Site, whether it is accepted
    (settings.SITE_URL, None, True),
    ("http://testserver", None, True),  # the (checked) host that was asked
    (settings.SITE_URL, "cross-site", True),  # Origin decides where there is one
    ("https://evil.example", None, False),
    ("https://evil.example", "same-origin", False),
    ("https://testserver", None, False),  # another scheme is another origin
    ("http://testserver:81", None, False),
    ("http://testserver.evil.example", None, False),
    (f"{settings.SITE_URL}.evil.example", None, False),
    ("null", None, False),
    ("", None, False),
    (None, "same-origin", True),
    (None, "none", True),
    (None, "same-site", False),
    (None, "cross-site", False),
    (None, "nonsense", False),
    (None, None, True),  # no current browser
]


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(("origin", "fetch_site", "accepted"), RULES)
def test_where_a_form_may_come_from(client: Client, origin: str | None, fetch_site: str | None, accepted: bool) -> None:
    sent = {"Origin": origin, "Sec-Fetch-Site": fetch_site}

    response = client.post("/form/", headers={name: value for name, value in sent.items() if value is not None})

    assert response.status_code == (200 if accepted else 403)
    assert (response.text == "acted") is accepted


@pytest.mark.parametrize("address", ["/subscribe/", "/posts/a/comments/", "/subscriptions/confirm/a/"])
def test_every_form_of_readers_is_guarded(client: Client, address: str) -> None:
    assert client.post(address, headers={"Origin": "https://evil.example"}).status_code == 403


def test_anybody_may_look(client: Client) -> None:
    assert client.get("/form/", headers={"Origin": "https://evil.example"}).status_code == 200
    assert client.head("/form/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("origin", [None, settings.SITE_URL, "http://testserver"])
def test_staff_needs_a_token_wherever_the_form_is(client: Client, origin: str | None) -> None:
    client.force_login(make_staff())
    headers = {"Origin": origin} if origin else {}

    without = client.post("/form/", headers=headers)
    token = client.get("/form/?token").text
    with_token = client.post("/form/", {"csrfmiddlewaretoken": token}, headers=headers)

    assert without.status_code == 403
    assert with_token.text == "acted"


def test_a_token_does_not_help_a_foreign_page(client: Client) -> None:
    client.force_login(make_staff())
    token = client.get("/form/?token").text

    response = client.post("/form/", {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403


def test_behind_a_proxy_the_readers_own_scheme_counts(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]

    def status(origin: str) -> int:
        headers = {"Origin": origin, "Host": "testserver", "X-Forwarded-Proto": "https"}
        return client.post("/form/", headers=headers).status_code

    assert status("https://testserver") == 200
    assert status("http://testserver") == 403
