"""Looking at a comment before it is sent."""

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from blog.markup import COMMENT_LIMIT
from blog.models import Post
from comments.models import Comment, Commenter
from tests.comments.writing import WORDS, send
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post(title="The post")


def preview(client: Client, post: Post, **values: object) -> tuple[HttpResponse, BeautifulSoup]:
    """Press the button; return the answer, and the part of it that shows the comment."""
    response = send(client, post, preview="1", **values)
    return response, BeautifulSoup(response.content, "html.parser").select_one(".comment-preview")


def test_a_preview_shows_how_it_will_look_keeps_every_word_and_stores_nothing(client: Client, post: Post) -> None:
    answered = make_comment(post)

    response, shown = preview(client, post, parent=answered.pk)

    assert response.status_code == 200
    assert shown.select_one(".comment-text").decode_contents() == "<p>Well <em>said</em>.</p>\n"
    assert "Ann Other" in shown.text
    for kept in (*WORDS.values(), f'name="parent" value="{answered.pk}"'):
        assert kept in response.text
    assert "Not sent yet" not in response.text
    assert not Comment.objects.exclude(pk=answered.pk).exists()
    assert not Commenter.objects.exclude(pk=answered.commenter_id).exists()
    assert not response.has_header("Set-Cookie")


def test_a_preview_asks_for_nothing_but_the_text(client: Client, post: Post) -> None:
    response, shown = preview(client, post, name="", email="nobody", website="x:y")

    assert (response.status_code, shown.select(".error")) == (200, [])
    assert "Your name" in shown.text
    assert 'value="nobody"' in response.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write something first."),
        ("a" * (COMMENT_LIMIT + 1), "this has 5001"),
        ("a" * 1_000_000, "this has 1000000"),
        ("a\0b", "Null characters"),
    ],
)
def test_a_preview_says_what_is_wrong_with_the_text(client: Client, post: Post, body: str, sentence: str) -> None:
    response, shown = preview(client, post, body=body)

    assert response.status_code == 200
    assert sentence in shown.text
    assert not shown.select(".comment-text")


def test_a_preview_under_a_closed_conversation_says_so_and_keeps_the_text(client: Client) -> None:
    response, shown = preview(client, make_post(allow_comments=False))

    assert (response.status_code, shown) == (422, None)
    assert "The conversation under this post is closed." in response.text
    assert WORDS["body"] in response.text
    assert not Comment.objects.exists()


def test_a_preview_of_staff_has_their_own_name(client: Client, post: Post) -> None:
    client.force_login(make_staff("kim", first_name="Kim", last_name="Doe"))

    _response, shown = preview(client, post, name="Somebody else")

    assert "Kim Doe" in shown.text
    assert "Somebody else" not in shown.text
