import time

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from comments.models import Comment
from comments.traps import OLDEST, seconds_since, stamp
from tests.factories import make_post, make_staff

pytestmark = pytest.mark.django_db

WORDS = {"name": "Ann", "email": "ann@example.org", "body": "Well said."}


def test_a_time_is_read_back_and_nobody_elses() -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        stamped = stamp()
        clock.shift(30)
        assert seconds_since(stamped) == 30
        for forged in ("", "1800000000", "1800000000:x", stamped[:-1], f"1{stamped}", "a:b:c", "\0", "é" * 10_000):
            assert seconds_since(forged) is None
        clock.shift(OLDEST)
        assert seconds_since(stamped) is None


def test_a_person_meets_no_trap(client: Client) -> None:
    page = BeautifulSoup(client.get(f"/posts/{make_post().slug}/comments/").text, "html.parser")

    field = page.select_one("input[name=subject]")

    assert (field["tabindex"], field["autocomplete"], field.parent["aria-hidden"]) == ("-1", "off", "true")
    assert field.parent["class"] == ["visually-hidden"]
    assert not field.get("value")


def test_only_a_form_that_is_made_for_one_request_says_when(client: Client) -> None:
    post = make_post()
    page = client.get(post.get_absolute_url()).text
    assert 'name="subject"' in page
    assert 'name="opened"' not in page
    assert 'name="opened"' in client.get(f"/posts/{post.slug}/comments/").text


def test_a_form_that_is_shown_again_keeps_its_time(client: Client) -> None:
    address = f"/posts/{make_post().slug}/comments/"
    now = int(time.time())
    with time_machine.travel(now, tick=False) as clock:
        stamped = stamp()
        clock.shift(10)
        kept = client.post(address, {**WORDS, "body": "", "opened": stamped}).text
        fresh = client.post(address, {**WORDS, "body": ""}).text
        renewed = client.post(address, {**WORDS, "body": "", "opened": '"><script>'}).text

    assert f'name="opened" value="{stamped}"' in kept
    for page in (fresh, renewed):
        assert f'name="opened" value="{now + 10}:' in page
        assert "<script>" not in page


def test_who_fills_in_what_people_do_not_see_is_put_aside_and_told_nothing(client: Client) -> None:
    post = make_post()
    person = client.post(f"/posts/{post.slug}/comments/", WORDS)
    program = client.post(f"/posts/{post.slug}/comments/", {**WORDS, "body": "Else.", "subject": "Offer"})

    first, second = Comment.objects.order_by("pk")
    assert (first.status, second.status) == ("waiting", "spam")
    assert second.held_for[0] == ["honeypot", {}]
    assert program.status_code == person.status_code
    title = "Your comment is waiting"
    assert title in client.get(person["Location"]).text
    assert title in client.get(program["Location"]).text


def test_a_form_that_comes_back_at_once_waits(client: Client) -> None:
    with time_machine.travel(1_800_000_000, tick=False):
        client.post(f"/posts/{make_post(comments_held='suspicious').slug}/comments/", {**WORDS, "opened": stamp()})

    comment = Comment.objects.get()
    assert (comment.status, comment.held_for) == ("waiting", [["fast", {"seconds": 0}]])


def test_staff_have_no_traps(client: Client) -> None:
    client.force_login(make_staff())

    assert 'id="id_subject"' not in client.get(f"/posts/{make_post().slug}/comments/").text
