"""The filter learns from what the people of this site decide about comments, and forgets what they take back."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from comments import bayes
from comments.bayes import Counts, Opinion
from comments.models import Comment, Decision, Filters, WordCount
from comments.words import words_of

BATCH = 50  # comments that are learned in one transaction
MOST_WORDS = 100_000  # that are kept; then the rarest go, and of these the oldest

# What is learned when a decision stands, by the status that it gave. Any other teaches nothing.
LESSONS = {Comment.Status.APPROVED: Comment.Learned.HAM, Comment.Status.SPAM: Comment.Learned.SPAM}


class Lessons:
    """What a batch of comments adds to the counts, gathered so that it takes few queries to store."""

    def __init__(self) -> None:
        self._words: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._comments = [0, 0]

    def add(self, comment: Comment, kind: str, by: int) -> None:
        """Count a comment as good or as spam: once more (`by` is 1) or once less (-1)."""
        if not kind:
            return
        column = list(Comment.Learned).index(Comment.Learned(kind))
        self._comments[column] += by
        for word in words_in(comment):
            self._words[word][column] += by

    def store(self) -> None:
        """Add everything to the rows. No count falls below nothing: what was pruned or reset since stays gone."""
        by_change: defaultdict[Counts, list[str]] = defaultdict(list)
        for word, (ham, spam) in self._words.items():
            by_change[Counts(ham, spam)].append(word)
        by_change.pop(Counts(0, 0), None)
        grown = [word for change, words in by_change.items() if max(change) > 0 for word in words]
        WordCount.objects.bulk_create((WordCount(word=word) for word in sorted(grown)), ignore_conflicts=True)
        for change, words in by_change.items():
            WordCount.objects.filter(word__in=words).update(
                ham=at_least_0("ham", change.ham), spam=at_least_0("spam", change.spam)
            )
        ham, spam = self._comments
        Filters.objects.update(
            learned_ham=at_least_0("learned_ham", ham), learned_spam=at_least_0("learned_spam", spam)
        )


def at_least_0(field: str, change: int) -> Greatest:
    return Greatest(F(field) + change, Value(0))


def words_in(comment: Comment) -> set[str]:
    return words_of(comment.source, comment.name, comment.email, comment.website)


def opinion_of(comment: Comment, filters: Filters) -> Opinion | None:
    """Say what the filter makes of a comment, or None as long as it knows too little. Costs one query."""
    learned = Counts(filters.learned_ham, filters.learned_spam)
    if min(learned) < bayes.ENOUGH:
        return None
    rows = WordCount.objects.filter(word__in=words_in(comment)).values_list("word", "ham", "spam")
    return bayes.opinion({word: Counts(ham, spam) for word, ham, spam in rows}, learned)


def learn_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Learn from every decision that was not learned from yet; return of how many comments. Safe to do twice."""
    done = 0
    while not stopped() and (number := learn_batch()):
        done += number
    if done:
        prune()
    return done


def learn_batch() -> int:
    """Learn from the oldest decisions in one transaction; return from how many comments."""
    if not Comment.objects.filter(to_learn=True).exists():
        return 0  # without a transaction, which on SQLite would keep everybody else from writing
    Filters.load()
    with transaction.atomic():
        Filters.objects.select_for_update().get()  # one learner at a time: word rows are touched in no order
        due = list(Comment.objects.filter(to_learn=True).order_by("pk")[:BATCH])
        standing = standing_decisions(due)
        lessons = Lessons()
        claimed = [comment for comment in due if learn(comment, standing.get(comment.pk), lessons)]
        lessons.store()
    return len(claimed)


def learn(comment: Comment, decided: str | None, lessons: Lessons) -> bool:
    """Learn one comment as what a person decided; return False if it was decided anew at this very moment."""
    kept = comment.withdrawn_at is not None or not comment.source
    # What its author took back or erased is no decision about it: what was learned stays.
    lesson = comment.learned if kept else LESSONS.get(Comment.Status(comment.status), "")
    if not kept and decided != comment.status:
        lesson = ""  # an undo brought back what only the rules had decided
    same = Comment.objects.filter(pk=comment.pk, to_learn=True, status=comment.status, learned=comment.learned)
    if not same.update(to_learn=False, learned=lesson):
        return False
    if lesson != comment.learned:
        lessons.add(comment, comment.learned, -1)
        lessons.add(comment, lesson, 1)
    return True


def standing_decisions(comments: Iterable[Comment]) -> dict[int, str]:
    """Return the status that a person last gave to each comment, leaving out what was undone. One query for all."""
    decisions = Decision.objects.filter(comment_number__in=[comment.pk for comment in comments])
    by_people = decisions.filter(action__user__isnull=False, action__undoes=None, action__undone_by=None)
    return dict(by_people.order_by("pk").values_list("comment_number", "after"))


def unlearn(comment: Comment) -> None:
    """Take back what was learned from a comment, to be learned anew. Before its words change: after, they are gone."""
    with transaction.atomic():
        Filters.load()
        Filters.objects.select_for_update().get()
        stored = Comment.objects.get(pk=comment.pk)
        lessons = Lessons()
        lessons.add(stored, stored.learned, -1)
        lessons.store()
        Comment.objects.filter(pk=comment.pk).exclude(learned="").update(learned="", to_learn=True)


def prune() -> int:
    """Forget the rarest words, of these the oldest, once there are too many; return how many."""
    surplus = WordCount.objects.count() - MOST_WORDS
    if surplus <= 0:
        return 0
    rarest = WordCount.objects.order_by(F("ham") + F("spam"), "pk").values_list("pk", flat=True)
    # A tenth more, so that this is seldom done.
    return WordCount.objects.filter(pk__in=list(rarest[: surplus + MOST_WORDS // 10])).delete()[0]


def reset() -> int:
    """Forget everything that was learned; return from how many comments that was. Later decisions count again."""
    with transaction.atomic():
        filters = Filters.objects.select_for_update().get(pk=Filters.load().pk)
        WordCount.objects.all().delete()
        Filters.objects.update(learned_ham=0, learned_spam=0)
        Comment.objects.exclude(learned="").update(learned="")
        Comment.objects.filter(to_learn=True).update(to_learn=False)
    return filters.learned_ham + filters.learned_spam
