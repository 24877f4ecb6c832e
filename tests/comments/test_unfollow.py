import datetime

import pytest
import time_machine
from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from blog.models import Post
from comments import links
from comments.models import Commenter, Follow
from tests.comments.conversing import make_follow, make_settled, send_mails
from tests.factories import make_post

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def post() -> Post:
    return make_post(title="Five facts")


@pytest.fixture
def follow(post: Post) -> Follow:
    return make_follow(post)


def path(follow: Follow) -> str:
    return links.unfollow(follow).removeprefix("http://localhost:8000")


def test_the_page_asks_with_both_choices(client: Client, follow: Follow) -> None:
    before = Follow.objects.values().get()

    page = client.get(path(follow)).text
    client.head(path(follow))

    assert "Stop mails about this conversation" in page
    assert "Stop mails about every conversation" in page
    assert "Five facts" in page
    assert Follow.objects.values().get() == before


def test_the_first_button_stops_one_conversation(client: Client, follow: Follow, post: Post) -> None:
    other = make_follow(make_post())

    page = client.post(path(follow)).text

    assert "The mails have stopped" in page
    assert "You follow one other conversation." in page
    assert list(Follow.objects.active()) == [other]
    make_settled(post)
    assert send_mails() == []


def test_the_second_button_stops_all_of_them_and_nobody_elses(client: Client, follow: Follow) -> None:
    make_follow(make_post())
    others = make_follow(follow.post, "bob@example.org")

    page = client.post(path(follow), {"do": "all"}).text

    assert "You follow no other conversation here." in page
    assert list(Follow.objects.active()) == [others]
    assert not Commenter.objects.filter(muted_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (MULTIPART_CONTENT, encode_multipart("BoUnDaRyStRiNg", ONE_CLICK)),
        ("application/x-www-form-urlencoded", b""),
    ],
    ids=["urlencoded", "multipart", "empty"],
)
def test_a_mail_program_stops_them_with_one_post(follow: Follow, content_type: str, body: bytes) -> None:
    client = Client(enforce_csrf_checks=True)

    headers = {"Origin": "https://mail.example"}
    responses = [client.generic("POST", path(follow), body, content_type, headers=headers) for _time in range(2)]

    assert [response.status_code for response in responses] == [200, 200]  # RFC 8058 section 3.1: no redirect
    assert not client.cookies
    assert not Follow.objects.active().exists()


def test_stopping_twice_is_stopping_once(client: Client, follow: Follow) -> None:
    client.post(path(follow), ONE_CLICK)
    ended_at = Follow.objects.get().ended_at

    client.post(path(follow), ONE_CLICK)

    assert Follow.objects.get().ended_at == ended_at


def test_a_link_works_for_as_long_as_the_mail_is_kept(client: Client, follow: Follow, settings) -> None:
    link = path(follow)
    settings.SECRET_KEY = "another key, after the site has moved"

    with time_machine.travel(timezone.now() + datetime.timedelta(days=3650), tick=False):
        assert client.post(link).status_code == 200

    assert not Follow.objects.active().exists()


def test_the_link_of_one_follow_cannot_be_turned_into_anothers(client: Client, follow: Follow) -> None:
    other = make_follow(make_post(), "bob@example.org")
    token = path(follow).split("/")[-2]

    assert client.post(f"/comments/unfollow/{other.pk}~{token.partition('~')[2]}/").status_code == 404
    assert Follow.objects.active().count() == 2


def test_the_link_of_an_erased_person_is_a_404(client: Client, follow: Follow) -> None:
    link = path(follow)
    follow.commenter.delete()

    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404


def test_nobody_stores_or_passes_on_the_page(client: Client, follow: Follow) -> None:
    response = client.get(path(follow))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.text
