"""Hostile comments: every way in × every place where they are shown (T1, T2, T3 and T19 of the security research).

A way in or a place that is added to the tables in hostile.py is tested with everything.
"""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from comments.models import Comment
from tests.comments.conversing import part
from tests.comments.hostile import (
    BODIES,
    BUNDLES,
    LISTS,
    NAMES,
    PLACES,
    TEXT_MAILS,
    TYPED,
    WAYS_IN,
    Shown,
    arrived,
    stored_by,
    what_is_wrong,
    words_of,
)
from tests.comments.payloads import dangers
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def test_nothing_hostile_is_on_the_page() -> None:
    """Everything, by one way in; the others render with the same function, and get the bundles below."""
    seen, staff = 0, make_staff()

    for comments in stored_by("post", words_of(BODIES), staff):
        for shown in PLACES["post page"](comments, staff):
            seen += 1
            assert what_is_wrong(shown) == []
            assert len(shown.text) < 20 * len(shown.comment.source) + 100

    assert seen == len(BODIES) >= 100


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_nothing_hostile_is_shown_anywhere_however_it_came_in(way_in: str) -> None:
    staff = make_staff()

    for comments in stored_by(way_in, words_of(BUNDLES), staff):
        for place, look in PLACES.items():
            for shown in look(comments, staff):
                assert what_is_wrong(shown) == [], place


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_what_was_typed_stays_within_its_field(way_in: str) -> None:
    staff, client = make_staff(), Client()
    client.force_login(staff)

    for comments in stored_by(way_in, words_of(BUNDLES), staff):
        for comment in comments:
            for place, look in TYPED.items():
                page, words = look(comment, client)
                assert words.split() == comment.source.split(), place
                assert list(dangers(page)) == [], place
        for address in LISTS:
            page = client.get(address.format(post=comments[0].post, comment=comments[0])).text
            assert list(dangers(page)) == [], address


@pytest.mark.parametrize("make", TEXT_MAILS.values(), ids=TEXT_MAILS)
def test_every_line_that_was_typed_is_a_quotation_in_a_mails_text(make) -> None:
    post, staff = make_post(), make_staff()

    def own_lines(**values: str) -> list[str]:
        text = part(arrived(make(make_comment(post, **values), staff)), "plain")
        return [line for line in text.splitlines() if not line.startswith(">")]

    harmless = own_lines()
    for number, words in enumerate(words_of([*BUNDLES, *NAMES])):
        lines = own_lines(name=words.name, source=words.body, email=f"mail{number}@example.org")
        assert len(lines) == len(harmless), words
        assert not [line for line in lines if line.startswith("Bcc:")]


def test_nothing_hostile_is_shown_by_a_preview() -> None:
    post = make_post()
    for words in words_of(BODIES):
        data = {**words._asdict(), "email": words.email, "preview": "1"}
        page = Client().post(f"/posts/{post.slug}/comments/", data, REMOTE_ADDR=words.network).text
        text = re.search(r'<div class="comment-text">(.*?)</div>', page, re.DOTALL)
        assert text, words
        assert what_is_wrong(Shown(Comment(), page, text[1])) == []
    assert not Comment.objects.exists()


def test_a_name_stays_within_its_element() -> None:
    post = make_post()
    for number, name in enumerate(NAMES):
        make_comment(post, name=name[:80], email=f"{number}@example.org")

    page = BeautifulSoup(Client().get(post.get_absolute_url()).content, "html.parser")

    names = page.select(".comment-name")
    assert len(names) == len(NAMES)
    assert [found for name in names for found in name.find_all(True)] == []


@pytest.mark.parametrize("missing", [["sanitise_comment"], ["sanitise_comment", "render_comment"]], ids=str)
def test_without_the_sanitiser_the_checks_above_fail(monkeypatch: pytest.MonkeyPatch, missing: list[str]) -> None:
    for function in missing:
        monkeypatch.setattr(f"blog.markup.{function}", lambda text, base="": text)
    staff = make_staff()

    for comments in stored_by("edit", words_of(BUNDLES), staff):
        for place, look in PLACES.items():
            noticed = [shown.comment.pk for shown in look(comments, staff) if what_is_wrong(shown)]
            assert set(noticed) == {comment.pk for comment in comments}, place
