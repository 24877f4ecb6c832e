"""Akismet is asked, or is not: by a server on this machine that stands in for it."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.models import CommentsHeld, Post, Publication
from comments import akismet, policy
from comments.models import Comment, Commenter, Filters
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

IP = "198.51.100.77"
BROWSER = "Mozilla/5.0 (a browser)"
WORDS = {"name": "Ann Other", "email": "ann@example.org", "website": "https://ann.example/", "body": "Well said."}
PUT_ASIDE = ("spam", [["akismet", {}]])
JUDGED_WITHOUT = ("approved", [])


class Service(ThreadingHTTPServer):
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = "false"
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.keeps_silent = False
        self.over = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(parse_qsl(sent, keep_blank_values=True, strict_parsing=True))))
        if self.server.keeps_silent:
            self.server.over.wait(30)
            return
        self.send_response(self.server.status)
        for name, value in {**self.server.headers, "Content-Length": str(len(self.server.answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.answer.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A stand-in for Akismet, to which this site has a key."""
    service = Service()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def lead_here(request: Any) -> None:
        assert str(request.url).startswith("https://rest.akismet.com/")
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=service.server_port)

    def http_client() -> Any:
        client = made()
        client.event_hooks = {"request": [lead_here]}
        return client

    made = akismet.http_client
    monkeypatch.setattr(akismet, "http_client", http_client)
    monkeypatch.setenv("NO_PROXY", "*")
    settings.AKISMET_KEY = "abc123def456"
    yield service
    service.over.set()
    service.shutdown()
    thread.join()
    service.server_close()


@pytest.fixture
def post() -> Post:
    return make_post(comments_held=CommentsHeld.SUSPICIOUS)


def send(client: Client, post: Post, **values: object) -> tuple[str, list[Any]]:
    """Send a comment; return its status and the reasons for it."""
    headers = {"User-Agent": BROWSER}
    path = f"/posts/{post.slug}/comments/"
    response = client.post(path, {**WORDS, **values}, headers=headers, REMOTE_ADDR=IP)
    assert response.status_code == 303
    return Comment.objects.order_by("pk").values_list("status", "held_for").last()


# --- Whether it is asked ------------------------------------------------------------------------------------------


def test_nobody_is_asked_without_a_key(client: Client, post: Post, service: Service, settings: Any) -> None:
    settings.AKISMET_KEY = ""
    service.answer = "true"

    assert send(client, post) == JUDGED_WITHOUT
    assert service.asked == []


def test_there_is_no_key_unless_an_operator_sets_one(settings: Any) -> None:
    assert settings.AKISMET_KEY == ""


def test_staff_are_not_asked_about(post: Post, service: Service) -> None:
    staff = Client()
    staff.force_login(make_staff())
    service.answer = "true"

    assert send(staff, post) == JUDGED_WITHOUT
    assert service.asked == []


def test_what_the_rules_put_aside_goes_nowhere(client: Client, post: Post, service: Service) -> None:
    Filters.objects.update_or_create(pk=1, defaults={"spam_words": "casino"})

    assert send(client, post, body="A casino")[0] == "spam"
    assert service.asked == []


def test_a_preview_and_a_refused_form_go_nowhere(client: Client, post: Post, service: Service) -> None:
    for values in ({"preview": "1"}, {"email": "nobody"}):
        client.post(f"/posts/{post.slug}/comments/", {**WORDS, **values})

    assert service.asked == []


def test_a_double_click_asks_once(client: Client, post: Post, service: Service) -> None:
    send(client, post)
    send(client, post)

    assert len(service.asked) == Comment.objects.count() == 1


# --- What it says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "headers", "outcome"),
    [
        ("false", {}, JUDGED_WITHOUT),
        ("true", {}, PUT_ASIDE),
        ("true", {"X-akismet-pro-tip": "discard"}, PUT_ASIDE),  # nothing is ever dropped in silence
    ],
)
def test_its_opinion_counts(
    client: Client, post: Post, service: Service, answer: str, headers: dict[str, str], outcome: object
) -> None:
    service.answer, service.headers = answer, headers

    assert send(client, post) == outcome


def test_its_opinion_stands_beside_the_rules(client: Client, post: Post, service: Service) -> None:
    Filters.objects.update_or_create(pk=1, defaults={"most_links": 0})
    service.answer = "true"

    assert send(client, post, body="https://example.org") == ("spam", [["links", {"count": 1}], ["akismet", {}]])
    assert Comment.objects.get().score == pytest.approx(1 - 0.5 * 0.05)


def test_a_known_address_waits_for_a_person(client: Client, post: Post, service: Service) -> None:
    make_comment(post, email="ann@example.org")
    Commenter.objects.update(confirmed_at=timezone.now())
    service.answer = "true"

    assert send(client, post) == ("waiting", [["akismet", {}]])


def test_an_edit_asks_again(client: Client, post: Post, service: Service) -> None:
    send(client, post)
    comment = Comment.objects.get()
    service.answer = "true"

    client.post(f"{comment.own_url()}edit/", {"body": "Buy pills."}, REMOTE_ADDR=IP)

    comment.refresh_from_db()
    assert (comment.status, comment.held_for) == PUT_ASIDE
    assert [sent["comment_content"] for _path, sent in service.asked] == ["Well said.", "Buy pills."]


def test_an_edit_that_comes_too_late_goes_nowhere(client: Client, post: Post, service: Service) -> None:
    comment = make_comment(post, created_at=timezone.now() - Comment.EDIT_FOR)

    client.post(f"{comment.own_url()}edit/", {"body": "Buy pills."})

    assert service.asked == []


# --- When it does not answer --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, "ann@example.org"), (404, ""), (302, "true"), (200, "invalid"), (200, "Well said."), (200, "")],
)
def test_without_an_answer_a_comment_is_judged_without_it(
    client: Client, post: Post, service: Service, status: int, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    service.status, service.answer = status, answer
    caplog.set_level(logging.INFO)

    assert send(client, post) == JUDGED_WITHOUT

    assert "judged without it" in caplog.text
    for private in (*WORDS.values(), IP, BROWSER, "abc123def456"):
        assert private not in caplog.text


def test_a_wrong_key_is_told_in_the_log(
    client: Client, post: Post, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.answer = "invalid"

    send(client, post)

    assert "APIKeyError" in caplog.text


def test_nobody_waits_long_for_an_answer(
    client: Client, post: Post, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(akismet, "TIMEOUT", 0.05)
    service.keeps_silent = True

    assert send(client, post) == JUDGED_WITHOUT
    assert "ReadTimeout" in caplog.text


def test_three_seconds_are_all_it_gets() -> None:
    with akismet.http_client() as client:
        assert set(client.timeout.as_dict().values()) == {3.0}


def test_a_client_that_cannot_even_begin_costs_no_comment(
    client: Client, post: Post, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example")  # httpx raises ValueError

    assert send(client, post) == JUDGED_WITHOUT
    assert service.asked == []


# --- What it is told ----------------------------------------------------------------------------------------------


def test_this_is_sent_and_nothing_else(client: Client, post: Post, service: Service) -> None:
    send(client, post, name="Änn & Co", body="“Well” = said & done?")

    [(path, sent)] = service.asked
    assert path == "/1.1/comment-check"
    assert sent == {
        "api_key": "abc123def456",
        "blog": "http://localhost:8000",
        "user_ip": IP,
        "user_agent": BROWSER,
        "permalink": f"http://localhost:8000/posts/{post.slug}/",
        "comment_type": "comment",
        "comment_author": "Änn & Co",
        "comment_author_email": "ann@example.org",
        "comment_content": "“Well” = said & done?",
    }


def test_a_reader_behind_a_trusted_proxy_is_the_one_who_is_named(
    client: Client, post: Post, service: Service, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]

    client.post(f"/posts/{post.slug}/comments/", WORDS, headers={"X-Forwarded-For": f"203.0.113.9, {IP}"})

    assert service.asked[0][1]["user_ip"] == IP


def test_where_and_with_what_somebody_wrote_is_not_kept(client: Client, post: Post, service: Service) -> None:
    service.answer = "true"

    send(client, post)

    stored = serializers.serialize("json", [*Comment.objects.all(), *Commenter.objects.all()])
    assert "Well said." in stored
    assert IP not in stored
    assert BROWSER not in stored


@pytest.mark.django_db(transaction=True)
def test_the_database_waits_for_nobody(
    client: Client, post: Post, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction: list[bool] = []

    def asked(*args: object) -> bool:
        in_transaction.append(connection.in_atomic_block)
        return False

    monkeypatch.setattr(akismet, "asked", asked)

    send(client, post)

    assert in_transaction == [False]


def test_readers_are_told_before_they_write(service: Service, settings: Any) -> None:
    told = "Akismet, a service outside this site, is asked whether it is spam."
    assert told in policy.promise(make_post(), Publication.load())

    settings.AKISMET_KEY = ""
    assert told not in policy.promise(make_post(), Publication.load())
