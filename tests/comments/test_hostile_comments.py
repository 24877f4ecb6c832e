"""Hostile comments: every way in × every place where they are shown (T1, T2, T3 and T19 of the security research).

A way in or a place that is added to the tables below is tested with everything.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from blog.markup import COMMENT_LIMIT, sanitise_comment
from blog.models import Post
from comments.models import Comment
from tests.blog.test_commonmark import examples, suite
from tests.blog.test_sanitising import HOSTILE, PATHOLOGICAL, wrong_in_comment
from tests.comments.test_conversation import HTML, MARKDOWN, WEBSITES, dangers
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

FEW = 10  # comments under one post: fewer than a page of a thread


def fixtures(name: str) -> list[str]:
    """Return what the parser's own tests put in: it stands between two lines of a full stop, before what comes out."""
    parts = re.split(r"^\.$", suite(f"/test_port/fixtures/{name}.md").decode(), flags=re.MULTILINE)
    return parts[1::3]


def together(texts: list[str]) -> list[str]:
    """Put many short texts into few, as long as a comment may be."""
    joined = [""]
    for text in texts:
        if len(joined[-1]) + len(text) + 2 > COMMENT_LIMIT:
            joined.append("")
        joined[-1] += f"{text}\n\n"
    return joined


BODIES = [
    *HOSTILE,
    *HTML,
    *MARKDOWN,
    *WEBSITES,
    *fixtures("xss"),
    *together([example["markdown"] for example in examples()]),
    *together(fixtures("linkify") + fixtures("proto") + fixtures("fatal") + fixtures("commonmark_extras")),
    *(source[:COMMENT_LIMIT] for source in PATHOLOGICAL.values()),
]
NAMES = [*HTML, "Ann\u202e", "Ann\r\nBcc: x@evil.example", "=cmd|' /C calc'!A0", "{{ 7*7 }}{% load x %}", "W" * 80]
SITES = ['https://example.org/"onmouseover="alert(1)', "https://example.org/<svg onload=alert(1)>", ""]


class Words(NamedTuple):
    """What somebody sends, from an address and a network of their own."""

    body: str
    name: str
    website: str
    number: int

    @property
    def email(self) -> str:
        return f"reader{self.number}@example.org"

    @property
    def network(self) -> str:
        return f"10.{self.number // 250}.{self.number % 250}.1"


class Shown(NamedTuple):
    """A page, and the final bytes of the comment's text in it."""

    page: str
    text: str


def all_words() -> list[Words]:
    return [
        Words(body, NAMES[number % len(NAMES)][:80], SITES[number % len(SITES)], number)
        for number, body in enumerate(BODIES)
    ]


# --- Ways in ------------------------------------------------------------------------------------------------------


def post_it(post: Post, words: Words, staff: User) -> Comment:
    data = {"name": words.name, "email": words.email, "website": words.website, "body": words.body}
    response = Client().post(f"/posts/{post.slug}/comments/", data, REMOTE_ADDR=words.network)
    if response.status_code == 422:  # no website that the form takes
        response = Client().post(f"/posts/{post.slug}/comments/", {**data, "website": ""}, REMOTE_ADDR=words.network)
    assert response.status_code == 303, words
    return Comment.objects.latest("pk")


def edit_it(post: Post, words: Words, staff: User) -> Comment:
    comment = make_comment(post, name=words.name, email=words.email)
    response = Client().post(f"{comment.own_url()}edit/", {"body": words.body}, REMOTE_ADDR=words.network)
    assert response.status_code == 303, words
    return comment


def correct_it(post: Post, words: Words, staff: User) -> Comment:
    comment = make_comment(post, email=words.email)
    client = Client()
    client.force_login(staff)
    data = {"name": words.name, "website": "", "source": words.body}
    response = client.post(f"/admin/comments/comment/{comment.pk}/change/", data)
    assert response.status_code == 302, words
    return comment


WAYS_IN: dict[str, Callable[[Post, Words, User], Comment]] = {
    "post": post_it,
    "edit": edit_it,
    "admin edit": correct_it,
}


def stored_by(way_in: str, words: list[Words]) -> Iterator[list[Comment]]:
    """Send all of this one way; give the comments of one post after the other, approved."""
    staff = make_staff()
    for start in range(0, len(words), FEW):
        post = make_post()
        comments = [WAYS_IN[way_in](post, one, staff) for one in words[start : start + FEW]]
        post.comments.all().decide("approved", staff, verb="approve")
        yield list(post.comments.order_by("pk"))
        assert post.comments.count() == len(comments)


# --- Places where a comment is shown ------------------------------------------------------------------------------


def on_the_posts_page(comments: list[Comment]) -> Iterator[Shown]:
    page = Client().get(comments[0].post.get_absolute_url()).text
    for comment in comments:
        text = re.search(rf'id="{comment.anchor}".*?<div class="comment-text">(.*?)</div>', page, re.DOTALL)
        assert text, comment.source
        yield Shown(page if comment == comments[0] else "", text[1])


def on_the_private_page(comments: list[Comment]) -> Iterator[Shown]:
    for comment in comments:
        page = Client().get(comment.own_url()).text
        text = re.search(r'<div class="comment-text">(.*?)</div>', page, re.DOTALL)
        assert text, comment.source
        yield Shown(page, text[1])


SURFACES: dict[str, Callable[[list[Comment]], Iterator[Shown]]] = {
    "post page": on_the_posts_page,
    "private page": on_the_private_page,
}


def what_is_wrong(shown: Shown) -> list[str]:
    """Return all that a reader of the page would have to fear."""
    wrong = [*wrong_in_comment(shown.text), *dangers(shown.page)]
    if sanitise_comment(shown.text) != shown.text:
        wrong.append(f"is not what the sanitiser gave: {shown.text}")
    return wrong


# --- The tests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_nothing_hostile_is_shown_however_it_came_in(way_in: str) -> None:
    seen = 0

    for comments in stored_by(way_in, all_words()):
        for surface in SURFACES.values():
            for comment, shown in zip(comments, surface(comments), strict=True):
                seen += 1
                assert what_is_wrong(shown) == []
                assert len(shown.text) < 20 * len(comment.source) + 100

    assert seen == len(BODIES) * len(SURFACES) >= 200


def test_nothing_hostile_is_shown_by_a_preview() -> None:
    post = make_post()
    for words in all_words():
        data = {**words._asdict(), "email": words.email, "preview": "1"}
        page = Client().post(f"/posts/{post.slug}/comments/", data, REMOTE_ADDR=words.network).text
        text = re.search(r'<div class="comment-text">(.*?)</div>', page, re.DOTALL)
        assert text, words
        assert what_is_wrong(Shown(page, text[1])) == []
    assert not Comment.objects.exists()


def test_a_name_stays_within_its_element() -> None:
    post = make_post()
    for number, name in enumerate(NAMES):
        make_comment(post, name=name[:80], email=f"{number}@example.org")

    page = BeautifulSoup(Client().get(post.get_absolute_url()).content, "html.parser")

    names = page.select(".comment-name")
    assert len(names) == len(NAMES)
    assert [found for name in names for found in name.find_all(True)] == []


@pytest.mark.parametrize(("missing", "noticed"), [("sanitise_comment", 12), ("render_comment", 50)])
def test_without_the_sanitiser_the_checks_above_fail(
    monkeypatch: pytest.MonkeyPatch, missing: str, noticed: int
) -> None:
    monkeypatch.setattr(f"blog.markup.{missing}", lambda text: text)
    words = [one for one in all_words() if one.body in {*HOSTILE, *HTML, *MARKDOWN}]
    wrong = dict.fromkeys(SURFACES, 0)

    for comments in stored_by("edit", words):
        for name, surface in SURFACES.items():
            wrong[name] += sum(bool(what_is_wrong(shown)) for shown in surface(comments))

    assert min(wrong.values()) >= noticed, wrong
