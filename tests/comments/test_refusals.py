"""What is not taken just now: slow mode, and too much in a short time. T18 of the list of threats."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post, Tally
from comments import limits
from comments.limits import SHORT, Limit
from comments.models import Comment
from tests.factories import make_post, make_staff

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def post() -> Post:
    return make_post()


def send(post: Post, number: int, email: str = "", peer: str = "127.0.0.1", **headers: str) -> HttpResponse:
    form = {"name": "Ann", "email": email or f"ann{number}@example.org", "body": f"Comment {number}."}
    return Client().post(f"/posts/{post.slug}/comments/", form, REMOTE_ADDR=peer, headers=headers)


def set_limit(monkeypatch: pytest.MonkeyPatch, of: str, most: int = 2) -> None:
    monkeypatch.setattr(limits, "LIMITS", [Limit(of, most, SHORT)])


@pytest.mark.parametrize(
    ("of", "email", "peers"),
    [
        ("address", "Ann@Example.org", ["192.0.2.1", "198.51.100.1", "203.0.113.1"]),
        ("network", "", ["192.0.2.1", "192.0.2.77", "192.0.2.255"]),
        ("network", "", ["2001:db8:1::1", "2001:db8:1:ffff::2", "2001:db8:1:8::3"]),
        ("site", "", ["192.0.2.1", "198.51.100.1", "2001:db8::1"]),
    ],
)
def test_too_many_are_refused_with_every_word_and_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch, post: Post, clock: Any, of: str, email: str, peers: list[str]
) -> None:
    set_limit(monkeypatch, of)
    clock.shift(90)

    answers = [send(post, number, email.swapcase() if number else email, peer) for number, peer in enumerate(peers)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[2]["Retry-After"] == "510"
    assert (
        "That was a lot in a short time. Your text is still in the form: send it again in 9 minutes." in answers[2].text
    )
    assert "Comment 2." in answers[2].text
    assert Comment.objects.count() == 2
    clock.shift(511)
    assert send(post, 2, email, peers[2]).status_code == 303


@pytest.mark.parametrize(
    ("of", "peers"),
    [
        ("network", ["192.0.2.1", "192.0.2.2", "192.0.3.1"]),
        ("network", ["2001:db8:1::1", "2001:db8:1::2", "2001:db8:2::1"]),
        ("address", ["192.0.2.1"] * 3),
    ],
)
def test_others_are_not_held_up(monkeypatch: pytest.MonkeyPatch, post: Post, of: str, peers: list[str]) -> None:
    set_limit(monkeypatch, of)

    assert [send(post, number, "", peer).status_code for number, peer in enumerate(peers)] == [303, 303, 303]


def test_a_forged_header_opens_nothing(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    set_limit(monkeypatch, "network")

    answers = [
        send(
            post, number, "", "203.0.113.9", **{"X-Forwarded-For": f"198.51.{number}.1", "X-Real-IP": f"8.8.{number}.8"}
        )
        for number in range(3)
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 429]


def test_behind_our_own_proxy_people_are_told_apart_by_the_hop_that_it_saw(
    monkeypatch: pytest.MonkeyPatch, post: Post
) -> None:
    set_limit(monkeypatch, "network", most=1)

    def through_proxy(number: int, hops: str) -> int:
        return send(post, number, "", "127.0.0.1", **{"X-Forwarded-For": hops}).status_code

    assert through_proxy(1, "192.0.2.1") == 303
    assert through_proxy(2, "198.51.100.1") == 303
    assert through_proxy(3, "203.0.113.50, 192.0.2.9") == 429  # what stands before the last hop, anybody may write


def test_a_lost_cache_opens_nothing(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    set_limit(monkeypatch, "site", most=1)

    assert send(post, 1).status_code == 303
    cache.clear()
    assert send(post, 2).status_code == 429


def test_a_double_click_counts_once(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    set_limit(monkeypatch, "network")

    assert [send(post, number).status_code for number in (1, 1, 1, 2, 3)] == [303, 303, 303, 303, 429]


def test_a_form_with_a_mistake_does_not_count(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    set_limit(monkeypatch, "network", most=1)

    assert [send(post, 1, "nobody").status_code, send(post, 2).status_code] == [422, 303]


def test_staff_who_are_signed_in_are_not_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    set_limit(monkeypatch, "site", most=0)
    post, client = make_post(comments_pause=60), Client()
    client.force_login(make_staff())

    answers = [client.post(f"/posts/{post.slug}/comments/", {"body": f"Answer {n}."}).status_code for n in range(3)]

    assert answers == [303, 303, 303]


def test_no_tally_says_who_was_counted(post: Post) -> None:
    send(post, 1, "ann@example.org")

    assert Tally.objects.count() >= len(limits.LIMITS)
    assert not [tally for tally in Tally.objects.values() if "ann" in str(tally) or "127.0" in str(tally)]


@pytest.mark.parametrize(
    ("email", "peer", "status"),
    [
        ("ann@example.org", "203.0.113.1", 429),  # the same address
        ("ANN@example.org", "203.0.113.1", 429),
        ("ben@example.org", "192.0.2.200", 429),  # the same network
        ("ben@example.org", "203.0.113.1", 303),
    ],
)
def test_slow_mode_spaces_out_what_one_person_writes_under_a_post(
    clock: Any, email: str, peer: str, status: int
) -> None:
    slow, other = make_post(comments_pause=300), make_post(comments_pause=300)
    assert send(slow, 1, "ann@example.org", "192.0.2.1").status_code == 303
    clock.shift(60)

    answer = send(slow, 2, email, peer)

    assert answer.status_code == status
    assert send(other, 3, email, peer).status_code == 303
    if status == 429:
        assert answer["Retry-After"] == "240"
        assert "You wrote here a moment ago. Your text is still in the form: send it again in 4 minutes." in answer.text
        assert "Comment 2." in answer.text
        clock.shift(240)
        assert send(slow, 2, email, peer).status_code == 303


def test_of_two_that_are_sent_at_the_same_moment_slow_mode_takes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = make_post(comments_pause=300)
    send(slow, 1, "ann@example.org")
    Comment.objects.all().delete()  # as the other of the two sees it: not stored yet

    assert send(slow, 2, "ann@example.org").status_code == 429


def test_previews_are_many_and_still_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PREVIEWS", Limit("network", 2, SHORT))

    assert [bool(limits.seconds_to_preview("n" * 64)) for _ in range(3)] == [False, False, True]
    assert limits.seconds_to_preview("m" * 64) == 0


def test_a_preview_too_many_keeps_every_word_and_says_when_there_is_another(
    client: Client, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PREVIEWS", Limit("network", 0, SHORT))

    answer = client.post(f"/posts/{post.slug}/comments/", {"body": "Looked at often.", "preview": "1"})

    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 600) == (429, True)
    assert "many previews" in answer.text
    assert "Looked at often." in answer.text


def test_sending_costs_no_more_queries_than_it_has_to(
    client: Client, post: Post, django_assert_max_num_queries
) -> None:
    send(post, 1, "ann@example.org", "192.0.2.1")

    with django_assert_max_num_queries(17):  # what limits, rules, blocks and the mail to an address need
        assert send(post, 2, "ben@example.org", "203.0.113.1").status_code == 303


@pytest.mark.django_db(transaction=True)
def test_sending_waits_for_the_disk_once(post: Post) -> None:
    send(post, 1, "ann@example.org", "192.0.2.1")
    with CaptureQueriesContext(connection) as asked:
        assert send(post, 2, "ben@example.org", "203.0.113.1").status_code == 303

    statements = [query["sql"] for query in asked.captured_queries]
    writes = [at for at, sql in enumerate(statements) if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    (began,) = [at for at, sql in enumerate(statements) if sql.startswith("BEGIN")]
    (ended,) = [at for at, sql in enumerate(statements) if sql.startswith("COMMIT")]
    assert began < min(writes)
    assert max(writes) < ended
