"""The thumbs-up under a comment: one a network, taken back by pressing again."""

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from blog.models import Tally
from comments import reactions
from comments.models import Comment, Thumb
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post())


def press(client: Client, comment: Comment, network: str = "192.0.2", **headers: str) -> Any:
    return client.post(f"/comments/{comment.pk}/thumb/", headers=headers, REMOTE_ADDR=f"{network}.7")


def thumbs(comment: Comment) -> int:
    return Comment.objects.get(pk=comment.pk).thumbs


def test_a_thumb_is_counted_and_leads_back_to_the_comment(client: Client, comment: Comment) -> None:
    response = press(client, comment)

    assert (response.status_code, response["Location"]) == (303, f"/comments/{comment.pk}/")
    assert thumbs(comment) == 1
    page = " ".join(client.get(comment.post.get_absolute_url()).text.split())
    assert f'formaction="/comments/{comment.pk}/thumb/"' in page
    assert "<b>1</b></button>" in page
    assert not response.cookies


def test_a_network_has_one_thumb_a_comment_and_takes_it_back_by_pressing_again(
    client: Client, comment: Comment
) -> None:
    other = make_comment(comment.post)
    for network, so_many in [("192.0.2", 1), ("198.51.100", 2), ("192.0.2", 1), ("192.0.2", 2)]:
        press(client, comment, network)
        assert thumbs(comment) == so_many
    press(client, other)

    assert thumbs(other) == 1


def test_a_script_gets_the_number(client: Client, comment: Comment) -> None:
    press(client, comment, "198.51.100")

    given, taken_back = (press(client, comment, Accept="application/json") for _ in range(2))

    assert given.json() == {"thumbs": 2, "given": True}
    assert taken_back.json() == {"thumbs": 1, "given": False}


def test_two_who_press_at_the_same_moment_from_one_network_are_one(
    comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    Thumb.objects.create(comment=comment, reader="a")
    Comment.objects.update(thumbs=1)
    nothing_yet = Thumb.objects.none()
    monkeypatch.setattr(Thumb.objects, "filter", lambda **values: nothing_yet)  # the other had not written then

    assert Thumb.press(comment, "a")

    assert (thumbs(comment), Thumb.objects.count()) == (1, 1)


def test_no_two_rows_tell_that_they_come_from_the_same_network(client: Client, comment: Comment) -> None:
    press(client, comment)
    press(client, make_comment(comment.post))

    first, second = Thumb.objects.values_list("reader", flat=True)
    assert first != second
    assert "192.0.2" not in f"{first}{second}"


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_what_readers_do_not_see_gets_no_thumb(client: Client, status: str) -> None:
    comment = make_comment(make_post(), status=status)

    assert press(client, comment).status_code == 404
    assert thumbs(comment) == 0


def test_a_comment_of_a_post_that_is_not_public_gets_no_thumb(client: Client) -> None:
    assert press(client, make_comment(make_post(published_at=None))).status_code == 404
    assert press(client, make_comment(make_post(visibility="withdrawn"))).status_code == 404


def test_looking_changes_nothing(client: Client, comment: Comment) -> None:
    assert client.get(f"/comments/{comment.pk}/thumb/").status_code == 405
    assert not Thumb.objects.exists()


def test_another_site_cannot_press(client: Client, comment: Comment) -> None:
    assert press(client, comment, Origin="https://evil.example").status_code == 403
    assert press(client, comment, Origin="http://testserver").status_code == 303
    assert thumbs(comment) == 1


def test_staff_needs_the_token(comment: Comment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-a-session-that-is-over"
    assert press(client, comment).status_code == 403

    client.force_login(make_staff())
    token = client.get(comment.post.get_absolute_url()).context["csrf_token"]
    response = client.post(f"/comments/{comment.pk}/thumb/", {"csrfmiddlewaretoken": token})

    assert response.status_code == 303


def test_a_flood_is_stopped_and_told_so(client: Client, comment: Comment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "MOST_THUMBS", 2)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(2):
            press(client, comment)
        refused = press(client, comment)

    assert refused.status_code == 429
    assert "try again later" in refused.text
    assert thumbs(comment) == 0
    assert press(client, comment, "198.51.100").status_code == 303
    assert not [tally for tally in Tally.objects.values() if "192.0" in str(tally) or "198.51" in str(tally)]


def test_after_a_month_nobody_knows_who_gave_what_and_the_number_stays(client: Client, comment: Comment) -> None:
    press(client, comment)
    press(client, comment, "198.51.100")
    Thumb.objects.filter(pk=Thumb.objects.first().pk).update(created_at=timezone.now() - datetime.timedelta(days=31))

    assert reactions.forget_old() == 1

    assert (Thumb.objects.count(), thumbs(comment)) == (1, 2)
