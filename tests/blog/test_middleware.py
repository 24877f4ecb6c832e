"""What happens around every request."""

from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from blog.middleware import (
    AnswerUnavailable,
    add_security_headers,
    client_address,
    refuse_cut_forms,
    trust_proxies,
)
from tests.factories import make_image, make_page, make_post, make_staff

CONFINING = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/", "/posts/a/", "/pages/a/", "/feeds/posts.atom", "/sitemap.xml", "/robots.txt", "/nothing/", "/admin/login/"],
)
def test_every_answer_is_confined(client: Client, address: str) -> None:
    make_post(slug="a")
    make_page(slug="a")

    response = client.get(address)

    for name, value in CONFINING.items():
        assert response[name] == value
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "form-action 'self'", "base-uri 'none'"} <= set(policy)
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_policy_is_the_same_for_everybody(rf: RequestFactory) -> None:
    answer = add_security_headers(lambda request: HttpResponse())

    policies = {
        answer(rf.get("/", headers={"X-Forwarded-Host": host, "Origin": host}))["Content-Security-Policy"]
        for host in ("", "evil.example")
    }

    assert len(policies) == 1


def test_a_view_may_choose_a_stricter_policy(rf: RequestFactory) -> None:
    chosen = HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    response = add_security_headers(lambda request: chosen)(rf.get("/"))

    assert response["Content-Security-Policy"] == "sandbox"


# --- A form of which a part came ---------------------------------------------------------------------------------


class GoneSender(BytesIO):
    def read(self, *sizes: Any) -> bytes:
        raise OSError("The connection is gone.")


def answer_to(stream: BytesIO, said: int, content_type: str = "application/x-www-form-urlencoded") -> HttpResponse:
    environ = RequestFactory().post("/subscribe/", content_type=content_type).environ
    request = WSGIRequest({**environ, "wsgi.input": stream, "CONTENT_LENGTH": str(said)})
    return refuse_cut_forms(lambda request: HttpResponse("taken"))(request)


@pytest.mark.parametrize(
    "stream", [BytesIO(b"body=Half a sen"), BytesIO(b""), GoneSender()], ids=["cut", "empty", "gone"]
)
def test_of_a_form_that_ended_too_early_nothing_is_taken(stream: BytesIO) -> None:
    response = answer_to(stream, said=20)

    assert (response.status_code, response.content) == (400, b"")


def test_a_whole_form_is_taken_and_so_is_what_is_no_form() -> None:
    assert answer_to(BytesIO(b"body=A sentence."), said=16).content == b"taken"
    assert answer_to(BytesIO(b"{"), said=20, content_type="application/json").content == b"taken"
    assert answer_to(BytesIO(), said=10**9).content == b"taken"  # too long, as the view will say itself


# --- Who may keep a copy ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/posts/a/", "/feeds/posts.atom", "/nothing/"])
def test_nobody_keeps_what_was_made_for_staff(client: Client, address: str) -> None:
    make_post(slug="a")
    client.force_login(make_staff())

    assert client.get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_made_up_session_cookie_gets_a_private_page_too(client: Client, settings: Any) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "made-up"

    assert client.get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_other_cookies_change_nothing(client: Client) -> None:
    plain = client.get("/")
    client.cookies["theme"] = "<script>"
    client.cookies["sessionid"] = "of another site on this host"

    assert client.get("/").content == plain.content
    assert "Cache-Control" not in client.get("/")


@pytest.mark.django_db
def test_a_picture_may_be_kept_by_staff_too(client: Client) -> None:
    client.force_login(make_staff())

    response = client.get(make_image().file.url)
    response.close()

    assert response["Cache-Control"].startswith("public")


# --- Proxies ------------------------------------------------------------------------------------------------------

PROXIES = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # what is further left is only claimed
        ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("2001:db8::1", "2a00::7", "2a00::7"),
        ("127.0.0.1", " , 203.0.113.7 ,", "203.0.113.7"),
        ("127.0.0.1", "nonsense", "nonsense"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_who_asked(settings: Any, peer: str, forwarded_for: str, address: str) -> None:
    settings.TRUSTED_PROXIES = PROXIES

    assert client_address(peer, forwarded_for) == address


@pytest.mark.parametrize(
    ("peer", "scheme", "secure", "address"),
    [
        ("127.0.0.1", "https", True, "198.51.100.1"),
        ("127.0.0.1", "HTTPS ", True, "198.51.100.1"),
        ("127.0.0.1", "http", False, "198.51.100.1"),
        ("127.0.0.1", "javascript", False, "198.51.100.1"),
        ("203.0.113.9", "https", False, "203.0.113.9"),
        ("", "https", False, ""),
    ],
)
def test_only_a_trusted_proxy_is_believed(
    rf: RequestFactory, settings: Any, peer: str, scheme: str, secure: bool, address: str
) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    request = rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": scheme, "X-Forwarded-For": "198.51.100.1"})

    trust_proxies(lambda request: HttpResponse())(request)

    assert (request.is_secure(), request.META["REMOTE_ADDR"]) == (secure, address)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Port"]
)
def test_headers_nobody_reads_leave_the_page_as_it_is(client: Client, header: str) -> None:
    make_post()
    plain = client.get("/")

    assert client.get("/", headers={header: "evil.example"}).content == plain.content


@pytest.mark.django_db
def test_a_foreign_host_is_refused(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.text


# --- When the database does not answer ----------------------------------------------------------------------------


def test_only_the_database_is_an_excuse(rf: RequestFactory) -> None:
    middleware = AnswerUnavailable(lambda request: HttpResponse())

    def answer_to(error: Exception) -> HttpResponse | None:
        return middleware.process_exception(rf.get("/"), error)

    locked = answer_to(OperationalError("database is locked"))
    assert locked is not None
    assert (locked.status_code, locked["Retry-After"]) == (503, "30")
    assert answer_to(ValueError("a bug")) is None


def test_what_is_asked_goes_on_to_the_view(rf: RequestFactory) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("an answer")

    assert AnswerUnavailable(view)(rf.get("/")).content == b"an answer"
