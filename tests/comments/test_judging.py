import datetime
from typing import Any

import pytest
from django.utils import timezone

from blog.models import CommentsHeld, Post
from comments.blocks import digests
from comments.commenters import find_or_add
from comments.judging import Verdict, judge
from comments.models import Block, Comment, Commenter, Filters, WordCount
from comments.traps import NO_SIGNS, Signs
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

NETWORK = "f" * 64


@pytest.fixture
def post() -> Post:
    return make_post(comments_held=CommentsHeld.SUSPICIOUS)


def judged(post: Post, signs: Signs = NO_SIGNS, **values: Any) -> Verdict:
    defaults = {"name": "Ann", "email": "ann@example.org", "source": "Well said.", "network": NETWORK}
    comment = Comment(post=post, **{**defaults, **values})
    if comment.user is None:
        comment.commenter = find_or_add(comment.email)
    return judge(comment, signs)


def make_known(post: Post, email: str = "ann@example.org") -> None:
    make_comment(post, email=email)
    Commenter.objects.filter(email=email).update(confirmed_at=timezone.now())


def teach(*spam_words: str, ham: int = 50, spam: int = 50) -> None:
    Filters.objects.update_or_create(pk=1, defaults={"learned_ham": ham, "learned_spam": spam})
    WordCount.objects.bulk_create(WordCount(word=word, spam=spam) for word in spam_words)


def set_filters(**values: object) -> None:
    Filters.objects.update_or_create(pk=1, defaults=values)


def test_what_is_not_suspicious_appears(post: Post) -> None:
    assert judged(post) == Verdict(Comment.Status.APPROVED, [], 0)


def test_staff_are_trusted_whatever_they_write(post: Post) -> None:
    set_filters(spam_words="casino")

    assert judged(post, user=make_staff(), source="casino " * 50).status == Comment.Status.APPROVED


@pytest.mark.parametrize(
    ("filters", "values", "status", "names"),
    [
        ({"held_words": "casino"}, {"source": "A casino"}, "waiting", ["words"]),
        ({"spam_words": "casino"}, {"source": "A casino"}, "spam", ["words"]),
        ({"patterns": "c.sino"}, {"source": "A casino"}, "waiting", ["pattern"]),
        ({"most_links": 0}, {"source": "https://example.org"}, "waiting", ["links"]),
        ({}, {"email": "a@mailinator.com"}, "waiting", ["throwaway"]),
        ({}, {"signs": Signs(is_trapped=True)}, "spam", ["honeypot"]),
        ({}, {"signs": Signs(seconds=0.5)}, "waiting", ["fast"]),
        ({"threshold": 1}, {"signs": Signs(is_trapped=True)}, "waiting", ["honeypot"]),
        (
            {"most_links": 0, "threshold": 0.6},
            {"source": "https://example.org", "email": "a@mailinator.com"},
            "spam",
            ["links", "throwaway"],
        ),
    ],
)
def test_what_is_suspicious_waits_or_is_put_aside(
    post: Post, filters: dict[str, Any], values: dict[str, Any], status: str, names: list[str]
) -> None:
    set_filters(**filters)

    verdict = judged(post, **values)

    assert (verdict.status, [name for name, _what in verdict.reasons]) == (status, names)


def test_reasons_of_the_rules_stand_beside_those_of_the_policy() -> None:
    set_filters(most_links=0)

    reasons = judged(make_post(comments_held=CommentsHeld.ALL), source="https://example.org").reasons

    assert reasons == [("links", {"count": 1}), ("policy", {})]


BLOCKS = [
    ("address", "Ann@Example.org"),
    ("domain", "example.org"),
    ("domain", "org"),
    ("domain", "Linked.example"),
    ("domain", "site.example"),
    ("network", NETWORK),
]


@pytest.mark.parametrize(("kind", "value"), BLOCKS)
def test_who_is_blocked_is_put_aside_and_never_dropped(post: Post, kind: str, value: str) -> None:
    Block.objects.create(kind=kind, digest=digests(kind, [value])[0])
    make_known(post)

    verdict = judged(post, source="See https://a.linked.example/x", website="https://www.site.example")

    assert verdict.status == Comment.Status.SPAM
    assert verdict.reasons == [("block", {"kind": kind})]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("address", "nn@example.org"),
        ("address", "example.org"),
        ("domain", "ample.org"),
        ("domain", "ann@example.org"),
        ("domain", "sub.example.org"),
        ("network", "e" * 64),
        ("network", ""),
    ],
)
def test_a_block_of_somebody_else_is_no_block(post: Post, kind: str, value: str) -> None:
    Block.objects.create(kind=kind, digest=digests(kind, [value])[0])

    assert judged(post).status == Comment.Status.APPROVED


@pytest.mark.parametrize(("hours", "status"), [(1, "spam"), (-1, "approved")])
def test_a_block_ends_when_it_says(post: Post, hours: int, status: str) -> None:
    until = timezone.now() + datetime.timedelta(hours=hours)
    Block.objects.create(kind="domain", digest=digests("domain", ["example.org"])[0], expires_at=until)

    assert judged(post).status == status


def test_the_same_text_is_remembered_for_thirty_days(post: Post) -> None:
    text = "A text that is long enough to be somebody's own words."
    for days in (1, 29, 31):
        make_comment(post, source=f"{text} {' ' * days}", created_at=timezone.now() - datetime.timedelta(days=days))
    make_comment(post, source="Something else altogether, and as long as the others.")

    assert judged(post, source=text.upper()).reasons == [("repeated", {"count": 2})]


def test_a_comment_that_is_judged_again_does_not_repeat_itself(post: Post) -> None:
    comment = make_comment(post, source="A text that is long enough to be somebody's own words.")

    assert judge(comment).reasons == []


def test_the_learned_words_put_aside_and_explain_it(post: Post) -> None:
    teach("cheap", "pills", "online", "buy", "now")

    verdict = judged(post, source="Buy cheap pills online now")

    assert verdict.status == Comment.Status.SPAM
    [(name, what)] = verdict.reasons
    assert name == "score"
    assert what["score"] > 0.95
    assert sorted(word for word, _weight in what["words"]) == ["buy", "cheap", "now", "online", "pills"]
    assert all(weight > 0.9 for _word, weight in what["words"])


def test_words_that_leave_doubt_make_a_comment_wait(post: Post) -> None:
    teach()
    WordCount.objects.create(word="pills", spam=1)

    verdict = judged(post, source="About pills")

    assert verdict.status == Comment.Status.WAITING
    assert verdict.score is not None
    assert 0.6 <= verdict.score < 0.95


def test_the_learned_words_are_silent_until_there_are_enough_decisions(post: Post) -> None:
    teach("cheap", "pills", "online", "buy", "now", ham=19)

    assert judged(post, source="Buy cheap pills online now").status == Comment.Status.APPROVED


def test_a_known_address_waits_for_a_person_instead_of_being_put_aside(post: Post) -> None:
    make_known(post)

    assert judged(post, Signs(is_trapped=True)).status == Comment.Status.WAITING


def test_a_moderators_own_word_counts_for_a_known_address_too(post: Post) -> None:
    make_known(post)
    set_filters(spam_words="casino")

    assert judged(post, source="casino").status == Comment.Status.SPAM


def test_an_address_that_nobody_confirmed_has_no_such_benefit(post: Post) -> None:
    make_comment(post, email="ann@example.org")

    assert judged(post, Signs(is_trapped=True)).status == Comment.Status.SPAM


@pytest.mark.parametrize("links", [1, 150])
def test_a_judgement_costs_the_same_queries_for_any_text(django_assert_num_queries, post: Post, links: int) -> None:
    teach("cheap")
    comment = Comment(post=post, name="Ann", email="ann@example.org", network=NETWORK)
    comment.source = " ".join(f"https://host{n}.example.org" for n in range(links))
    comment.commenter = find_or_add(comment.email)
    judge(comment)

    # filters, same texts, kept key, blocks, words, publication
    with django_assert_num_queries(6):
        judge(comment)
