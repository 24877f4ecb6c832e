"""The box under a comment that asks for mails about new posts."""

import pytest
from django.test import Client

from comments.models import Comment
from subscribers.models import Consent, Notice, Subscriber
from tests.comments.writing import send
from tests.factories import make_post, make_staff, make_subscriber

pytestmark = pytest.mark.django_db

BOX = '<input type="checkbox" name="subscribe" value="yes"'


def test_a_ticked_box_asks_for_the_list_and_an_empty_one_does_not(client: Client) -> None:
    without = send(client, make_post(), email="ann@example.org")
    ticked = send(client, make_post(), email="bob@example.org", subscribe="yes")

    assert (without.status_code, ticked.status_code) == (303, 303)
    line = Consent.objects.get()
    assert (line.subscriber.email, line.subscriber.status, line.place) == ("bob@example.org", "pending", "comment")
    assert line.text
    assert line.text.text == "Tell me about new posts by mail too"
    assert line.network
    assert Notice.objects.get().kind == "confirm"


def test_the_answer_says_nothing_about_the_address(client: Client) -> None:
    make_subscriber("ann@example.org")
    known = send(client, make_post(), email="ann@example.org", subscribe="yes")
    new = send(client, make_post(), email="bob@example.org", subscribe="yes")

    assert (known.status_code, known.content, set(known.headers)) == (new.status_code, new.content, set(new.headers))


def test_spam_has_nobody_mailed(client: Client) -> None:
    assert send(client, make_post(), subscribe="yes", subject="Offer").status_code == 303

    assert Comment.objects.get().status == "spam"
    assert not Subscriber.objects.exists()


def test_a_refused_comment_asks_for_nothing_and_keeps_the_tick(client: Client) -> None:
    for values, status in [({"body": ""}, 422), ({"preview": "1"}, 200)]:
        page = send(client, make_post(), subscribe="yes", **values)
        assert (page.status_code, f"{BOX} checked" in page.text) == (status, True)
    assert not Subscriber.objects.exists()


def test_sent_twice_it_asks_once(client: Client) -> None:
    post = make_post()
    for _ in range(2):
        assert send(client, post, subscribe="yes").status_code == 303

    assert (Notice.objects.count(), Consent.objects.count()) == (1, 1)


def test_staff_have_no_box_and_a_forged_one_does_nothing() -> None:
    client = Client()
    client.force_login(make_staff())
    post = make_post()

    assert BOX not in client.get(post.get_absolute_url()).text
    assert BOX in Client().get(post.get_absolute_url()).text
    assert send(client, post, subscribe="yes").status_code == 303
    assert not Subscriber.objects.exists()


def test_another_site_cannot_tick_the_box(client: Client) -> None:
    assert send(client, make_post(), {"Origin": "https://evil.example"}, subscribe="yes").status_code == 403
    assert not Subscriber.objects.exists()
