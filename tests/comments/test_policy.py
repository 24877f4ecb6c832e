import datetime

import pytest
import time_machine
from django.utils import timezone

from blog.models import CommentsHeld, Publication
from comments import policy
from tests.factories import make_post

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
WORDS = {
    CommentsHeld.ALL: "A person reads every comment before it appears.",
    CommentsHeld.FIRST: "Your first comment appears when you have confirmed your address and a person has read it.",
    CommentsHeld.SUSPICIOUS: "Your comment appears at once, unless something about it looks like spam.",
}


@pytest.mark.parametrize("held", CommentsHeld)
def test_the_form_promises_what_the_rules_do(held: CommentsHeld) -> None:
    assert policy.promise(make_post(comments_held=held), Publication.load()).startswith(WORDS[held])
    assert policy.promise(make_post(), Publication(comments_held=held)).startswith(WORDS[held])


def test_the_form_says_until_when_and_how_slowly_one_may_write() -> None:
    post = make_post(published_at=NOON, comments_close_after=7, comments_pause=180)

    said = policy.promise(post, Publication.load())

    assert said.endswith(
        "Between two of your comments there have to be 3 minutes. You can write here until 8 May 2026, 12:00."
    )


@pytest.mark.parametrize(
    ("site", "own", "expected"),
    [
        ({"comments_held": "all"}, {}, ("all", 0, 0)),
        ({"comments_held": "all"}, {"comments_held": "suspicious"}, ("suspicious", 0, 0)),
        ({"comments_close_after": 9, "comments_pause": 60}, {}, ("first", 9, 60)),
        (
            {"comments_close_after": 9, "comments_pause": 60},
            {"comments_close_after": 0, "comments_pause": 0},
            ("first", 0, 0),
        ),
    ],
)
def test_a_posts_own_rules_win(site: dict[str, object], own: dict[str, object], expected: tuple[str, int, int]) -> None:
    assert policy.terms(make_post(**own), Publication(**site)) == expected


@pytest.mark.parametrize(
    ("site", "own", "is_open"),
    [
        ({}, {}, True),
        ({"comments_open": False}, {}, False),
        ({}, {"allow_comments": False}, False),
        ({}, {"published_at": None}, False),
        ({"comments_close_after": 1}, {"published_at": timezone.now() - datetime.timedelta(hours=23)}, True),
        ({"comments_close_after": 1}, {"published_at": timezone.now() - datetime.timedelta(hours=25)}, False),
    ],
)
def test_a_conversation_is_open_or_not(site: dict[str, object], own: dict[str, object], is_open: bool) -> None:
    assert policy.is_open(make_post(**own), Publication(**site)) is is_open


def test_who_comes_too_late_is_told_when_it_closed() -> None:
    post = make_post(published_at=NOON, comments_close_after=7)

    with time_machine.travel(NOON + datetime.timedelta(days=8)):
        said = policy.closed_because(post, Publication())

    assert said == "The conversation under this post closed on 8 May 2026, 12:00. Copy your text if you need it."
    switched_off = policy.closed_because(post, Publication(comments_open=False))
    assert switched_off == "The conversation under this post is closed. Copy your text if you need it."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (91, "2 minutes"),
        (600, "10 minutes"),
        (5401, "2 hours"),
        (65_535, "19 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: int, words: str) -> None:
    assert policy.in_words(seconds) == words
