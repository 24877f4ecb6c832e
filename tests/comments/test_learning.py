import re

import pytest
from django.conf import settings

from comments import judging, learning
from comments.models import Action, Comment, Decision, Filters, WordCount
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def counts() -> dict[str, tuple[int, int]]:
    return {row.word: (row.ham, row.spam) for row in WordCount.objects.all() if row.ham or row.spam}


def learned() -> tuple[int, int]:
    filters = Filters.load()
    return filters.learned_ham, filters.learned_spam


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(), name="Ann", email="ann@example.org", source="Well said", status="waiting")


WORDS = {"well", "said", "name:ann", "from:example.org", "links:0"}


@pytest.mark.parametrize(
    ("verb", "pair", "kind"), [("approve", (1, 0), "ham"), ("mark_spam", (0, 1), "spam"), ("remove", None, "")]
)
def test_a_decision_is_learned_once(comment: Comment, verb: str, pair: tuple[int, int] | None, kind: str) -> None:
    getattr(comment, verb)(make_staff())

    assert learning.learn_due() == 1
    assert learning.learn_due() == 0

    assert counts() == (dict.fromkeys(WORDS, pair) if pair else {})
    assert learned() == (pair or (0, 0))
    comment.refresh_from_db()
    assert (comment.learned, comment.to_learn) == (kind, False)


def test_a_decision_that_is_taken_back_leaves_no_trace_in_the_counts(comment: Comment) -> None:
    other = make_comment(comment.post, source="Well done", status="waiting")
    other.approve(make_staff())
    learning.learn_due()
    before = counts(), learned()

    for _ in range(3):
        comment.mark_spam(make_staff())
        learning.learn_due()
        comment.hold(make_staff())
        learning.learn_due()

    assert (counts(), learned()) == before


def test_another_decision_moves_the_words_over(comment: Comment) -> None:
    comment.approve(make_staff())
    learning.learn_due()
    comment.mark_spam(make_staff())
    learning.learn_due()

    assert counts() == dict.fromkeys(WORDS, (0, 1))
    assert learned() == (0, 1)


def test_decisions_between_two_rounds_count_as_the_last_one(comment: Comment) -> None:
    comment.approve(make_staff())
    comment.mark_spam(make_staff())
    comment.approve(make_staff())

    assert learning.learn_due() == 1
    assert learned() == (1, 0)


def undo(comment: Comment, action: Action | None, status: str) -> None:
    Comment.objects.filter(pk=comment.pk).decide(status, make_staff(), verb=Action.Verb.UNDO, undoes=action)


def test_an_undo_that_brings_back_what_only_rules_decided_teaches_nothing(comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).update(status="spam")  # by the rules
    comment.refresh_from_db()
    comment.approve(make_staff())
    learning.learn_due()
    undo(comment, comment.last_action, "spam")
    learning.learn_due()

    assert counts() == {}
    assert learned() == (0, 0)


def test_an_undo_that_brings_back_a_persons_decision_teaches_that(comment: Comment) -> None:
    comment.mark_spam(make_staff())
    comment.approve(make_staff())
    learning.learn_due()
    undo(comment, comment.last_action, "spam")
    learning.learn_due()

    assert learned() == (0, 1)


def test_what_its_author_takes_back_stays_learned(comment: Comment) -> None:
    comment.approve(make_staff())
    learning.learn_due()
    Comment.objects.filter(pk=comment.pk).decide("removed", None, verb=Action.Verb.WITHDRAW)
    Comment.objects.filter(pk=comment.pk).update(source="", withdrawn_at=comment.created_at)
    learning.learn_due()

    assert learned() == (1, 0)
    assert counts()["well"] == (1, 0)


def test_a_text_that_changes_is_unlearned_first(comment: Comment) -> None:
    comment.approve(make_staff())
    learning.learn_due()
    learning.unlearn(comment)
    Comment.objects.filter(pk=comment.pk).update(source="Another text")
    assert counts() == {}

    learning.learn_due()

    assert "another" in counts()
    assert "well" not in counts()
    assert learned() == (1, 0)


def test_a_comment_that_is_decided_anew_meanwhile_is_left_to_the_next_round(comment: Comment) -> None:
    comment.approve(make_staff())
    stale = Comment.objects.get(pk=comment.pk)
    comment.mark_spam(make_staff())
    lessons = learning.Lessons()

    assert not learning.learn(stale, "approved", lessons)
    assert learning.learn_due() == 1
    assert learned() == (0, 1)


def test_counts_never_fall_below_nothing(comment: Comment) -> None:
    comment.mark_spam(make_staff())
    learning.learn_due()
    WordCount.objects.filter(word="well").delete()  # pruned
    WordCount.objects.filter(word="said").update(spam=0)
    Filters.objects.update(learned_spam=0)

    comment.hold(make_staff())
    learning.learn_due()

    assert counts() == {}
    assert learned() == (0, 0)


@pytest.mark.parametrize("number", [1, 40])
def test_a_batch_costs_the_same_queries_however_many_it_has(django_assert_max_num_queries, number: int) -> None:
    post, staff = make_post(), make_staff()
    for n in range(number):
        make_comment(post, source=f"Word{n} said", name="Ann", email="a@example.org", status="waiting")
    Comment.objects.all().decide("approved", staff, verb=Action.Verb.APPROVE)
    Filters.load()

    with django_assert_max_num_queries(11 + number):  # one conditional UPDATE for each comment
        learning.learn_batch()

    assert learned() == (number, 0)


def test_the_rarest_and_oldest_words_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_WORDS", 10)
    WordCount.objects.bulk_create(WordCount(word=f"rare{n}", ham=1) for n in range(8))
    WordCount.objects.bulk_create(WordCount(word=f"common{n}", spam=5) for n in range(5))

    assert learning.prune() == 4  # three too many, and a tenth

    assert set(counts()) == {f"rare{n}" for n in range(4, 8)} | {f"common{n}" for n in range(5)}
    assert learning.prune() == 0


def test_reset_forgets_everything_and_later_undos_take_nothing_away(comment: Comment) -> None:
    comment.mark_spam(make_staff())
    learning.learn_due()

    assert learning.reset() == 1
    other = make_comment(comment.post, source="Well said", status="waiting")
    other.mark_spam(make_staff())
    learning.learn_due()
    before = counts()
    comment.hold(make_staff())
    learning.learn_due()

    assert counts() == before
    assert learned() == (0, 1)


def test_words_are_kept_as_they_are_long(comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).update(name="n" * 80, source="x" * 5000, email=f"a@{'d' * 60}.{'e' * 60}.org")
    comment.approve(make_staff())

    learning.learn_due()

    assert max(map(len, counts())) <= 60


def test_decisions_name_comments_that_are_gone_without_harm(comment: Comment) -> None:
    comment.approve(make_staff())
    comment.delete()

    assert learning.learn_due() == 0
    assert Decision.objects.count() == 1


def test_the_benchmark_measures_the_defaults() -> None:
    said = dict(re.findall(r"^([A-Z]+) = ([\d.]+)", (settings.BASE_DIR / "bench/spam.py").read_text(), re.MULTILINE))

    assert float(said["THRESHOLD"]) == Filters._meta.get_field("threshold").default
    assert float(said["SUSPICIOUS"]) == judging.SUSPICIOUS
