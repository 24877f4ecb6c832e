"""Hostile words on the pages that show a comment one by one."""

import re
from typing import Any

import pytest
from django.test import Client

from blog.markup import sanitise_comment
from blog.models import Post
from comments.models import Comment
from tests.comments.payloads import HTML, PAYLOADS, dangers
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post()


@pytest.fixture
def hostile(post: Post) -> list[Comment]:
    """Comments with every payload in every field, whichever way they came in."""
    return [make_hostile(post, payload, website=payload) for payload in PAYLOADS]


def make_hostile(post: Post, words: str, **values: Any) -> Comment:
    return make_comment(post, source=words, name=words[:80], email=f'"{words}"@evil.example', **values)


@pytest.mark.parametrize("payload", HTML)
def test_every_payload_would_be_noticed(payload: str) -> None:
    assert list(dangers(payload))


def test_hostile_words_are_harmless_on_the_posts_page(client: Client, post: Post, hostile: list[Comment]) -> None:
    for number, payload in enumerate(HTML):  # a name that stands in a link
        hostile.append(make_hostile(post, f"{number} {payload}", website=f"https://example.org/{payload}"))

    page = client.get(post.get_absolute_url()).text

    assert page.count('<article class="comment ') == len(hostile)
    assert list(dangers(page)) == []


def test_hostile_words_are_harmless_on_their_writers_page(client: Client, hostile: list[Comment]) -> None:
    for comment in hostile:
        assert list(dangers(client.get(comment.own_url()).text)) == []


def test_hostile_words_are_harmless_above_the_form(client: Client, post: Post, hostile: list[Comment]) -> None:
    for comment in hostile:
        page = client.get(f"/posts/{post.slug}/comments/?parent={comment.pk}").text
        assert "Reply to" in page
        assert list(dangers(page)) == []


def test_hostile_words_are_harmless_in_the_queue(client: Client, post: Post, hostile: list[Comment]) -> None:
    for comment in hostile:
        make_comment(post, parent=comment, status="waiting")
    client.force_login(make_staff())

    for status in ("approved", "waiting"):
        for number in (1, 2):
            page = client.get(f"/admin/moderation/?status={status}&page={number}").text
            assert "evil.example" in page or status == "waiting"
            assert list(dangers(page)) == []


def test_hostile_words_are_harmless_where_a_moderator_is_told_of_them(client: Client, hostile: list[Comment]) -> None:
    client.force_login(make_staff())

    for comment in hostile[:5]:
        page = client.post(f"/admin/moderation/{comment.pk}/", {"verb": "remove"}, follow=True).text
        assert "was refused" in page
        assert list(dangers(page)) == []


def test_hostile_words_are_harmless_in_the_admin(client: Client, hostile: list[Comment]) -> None:
    client.force_login(make_staff())

    pages = [client.get("/admin/comments/comment/").text]
    pages += [client.get(f"/admin/comments/comment/{comment.pk}/change/").text for comment in hostile]

    assert [danger for page in pages for danger in dangers(page)] == []


def test_nothing_edits_a_comment_after_the_sanitiser(client: Client, post: Post, hostile: list[Comment]) -> None:
    page = client.get(post.get_absolute_url()).text

    shown = re.findall(r'<div class="comment-text">(.*?)</div>\s*<p class="comment-verbs"', page, re.DOTALL)

    assert len(shown) == len(hostile)
    assert [html for html in shown if sanitise_comment(html) != html] == []
