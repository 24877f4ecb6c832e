"""Made-up conversations: a few posts have most of them, people answer one another, some comments wait or are spam."""

import datetime
import hashlib
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from blog.markup import RENDERER_VERSION
from comments.models import Comment, Commenter, Thumb
from comments.models.comment import DEEPEST, SEGMENT, digest_of, segment, text_digest_of
from operations.load_rows import CHUNK, Table, go_on_counting, next_number
from operations.load_words import Language, Text

RECENT = datetime.timedelta(days=30)  # for as long as spam, networks and who gave a thumbs-up are kept
WAITING, SPAM = 0.1, 0.1  # of all comments: no quiet site, but one on which a queue is worth measuring
ANSWERS = 0.55  # of the others; so often somebody answers, rather than begins a thread
REMOVED = 0.02  # of those that nobody had answered
STRANGERS = 0.1  # of the addresses: unconfirmed, and all that waits or is spam comes from them
MOST_LOVED = 200  # times as many comments as the post with the fewest

Status = Comment.Status


class Post(Protocol):
    """What has to be known of the post above."""

    @property
    def pk(self) -> int: ...
    @property
    def at(self) -> datetime.datetime: ...


@dataclass
class Draft:
    """A comment on its way into the table."""

    pk: int
    post: int
    parent: "Draft | None"
    commenter: int
    text: Text
    at: datetime.datetime
    status: str = Status.APPROVED
    held_for: list[list[object]] = field(default_factory=list)
    score: float | None = None
    answers: int = 0
    thumbs: int = 0

    path: str = ""

    def __post_init__(self) -> None:
        above = self.parent.path[: SEGMENT * DEEPEST] if self.parent else ""
        self.path = above + segment(self.at, self.pk)

    @property
    def is_public(self) -> bool:
        return self.status in {Status.APPROVED, Status.REMOVED}


COLUMNS = [
    "id",
    "post_id",
    "parent_id",
    "commenter_id",
    "name",
    "email",
    "source",
    "rendered_html",
    "renderer_version",
    "status",
    "created_at",
    "published_at",
    "decided_at",
    "digest",
    "path",
    "thread",
    "depth",
    "answers",
    "thumbs",
    "held_for",
    "score",
    "network",
    "text_digest",
    "followers_told_at",
    "moderators_told_at",
]


class Conversations:
    """Writes comments under posts."""

    def __init__(self, posts: Sequence[Post], rng: random.Random, end: datetime.datetime) -> None:
        self._posts, self._rng, self._end = posts, rng, end
        self._language = Language(rng)
        self._table, self._thumbs = Table(Comment, *COLUMNS), Table(Thumb, "comment_id", "reader", "created_at")
        self._numbers = itertools.count(next_number(Comment))

    def write(self, count: int, told: Callable[[int], None] = lambda done: None) -> None:
        """Write so many comments, and the addresses that they came with."""
        waiting, spam = round(count * WAITING), round(count * SPAM)
        self._write_commenters(max(count // 4, 10))
        done = 0
        for drafts in itertools.chain(self._threads(count - waiting - spam), self._unread(waiting, spam)):
            for draft in drafts:
                self._store(draft)
            done += len(drafts)
            if done // CHUNK > (done - len(drafts)) // CHUNK or done == count:
                self._table.store()
                self._thumbs.store()
                told(done)
        go_on_counting([Comment])

    def _write_commenters(self, count: int) -> None:
        table = Table(Commenter, "id", "email", "created_at", "confirmed_at")
        self._first_commenter = next_number(Commenter)
        self._strangers = max(1, round(count * STRANGERS))
        self._regulars = count - self._strangers
        for number in range(count):
            is_regular = number < self._regulars
            since = self._end - (RECENT * 100 if is_regular else RECENT / 2) * self._rng.random()
            pk = self._first_commenter + number
            table.add(pk, address(pk), since, since if is_regular else None)
            if (number + 1) % CHUNK == 0 or number + 1 == count:
                table.store()
        go_on_counting([Commenter])

    def _threads(self, count: int) -> Iterator[list[Draft]]:
        """What is or was to be seen below each post: drawn so that few posts have most of it."""
        weights = [min(self._rng.paretovariate(0.9), MOST_LOVED) for _ in self._posts]
        total, before, reached = sum(weights), 0, 0.0
        for post, weight in zip(self._posts, weights, strict=True):
            reached += weight
            upto = round(count * reached / total)
            yield self.conversation(post, upto - before)
            before = upto

    def conversation(self, post: Post, count: int) -> list[Draft]:
        """Return so many comments below one post, in the order they were written, most of them on the first days."""
        rng, drafts = self._rng, list[Draft]()
        span = min(RECENT, self._end - post.at)
        for number in range(count):
            at = post.at + span * ((number + rng.random()) / (count + 1)) ** 2
            parent = self._answered(drafts) if drafts and rng.random() < ANSWERS else None
            commenter = self._first_commenter + int(self._regulars * rng.random() ** 3)
            draft = Draft(next(self._numbers), post.pk, parent, commenter, self._say(), at)
            draft.thumbs = min(int(rng.paretovariate(1.1)) - 1, 40) if rng.random() < 0.2 else 0
            drafts.append(draft)
        answered = {id(draft.parent) for draft in drafts}
        for draft in drafts:
            if rng.random() < REMOVED and id(draft) not in answered:
                draft.status = Status.REMOVED
        count_answers(drafts)
        return drafts

    def _answered(self, drafts: list[Draft]) -> Draft:
        """Somebody answers what they have just read more often than what stands further up."""
        return drafts[-min(int(self._rng.paretovariate(0.8)), len(drafts))]

    def _unread(self, waiting: int, spam: int) -> Iterator[list[Draft]]:
        """What came in the last days and nobody has read: a third of the spam says one of a few things."""
        rng, total = self._rng, waiting + spam
        recent, repeated = list(self._posts[-5000:]), [self._say() for _ in range(20)]
        for number in range(total):
            is_spam = number * spam // total < (number + 1) * spam // total
            post = rng.choice(recent)
            pk = next(self._numbers)
            commenter = self._first_commenter + self._regulars + int(self._strangers * rng.random() ** 2)
            text = rng.choice(repeated) if is_spam and rng.random() < 1 / 3 else self._say()
            age = min(RECENT * 0.9, self._end - post.at) * ((total - number) / (total + 1))
            draft = Draft(pk, post.pk, None, commenter, text, self._end - age)
            draft.status = Status.SPAM if is_spam else Status.WAITING
            draft.score = 0.97 if is_spam else 0.2
            draft.held_for = [["links", {"count": 5}]] if is_spam or rng.random() < 0.2 else [["unconfirmed", {}]]
            yield [draft]

    def _say(self) -> Text:
        return self._language.write(self._rng.randint(1, 3), self._rng.randint(6, 40))

    def _store(self, draft: Draft) -> None:
        email, source, shown = address(draft.commenter), draft.text.source, draft.at if draft.is_public else None
        is_recent = draft.at > self._end - RECENT
        self._table.add(
            draft.pk,
            draft.post,
            draft.parent.pk if draft.parent else None,
            draft.commenter,
            f"Reader {draft.commenter}",
            email,
            source,
            draft.text.html,
            RENDERER_VERSION,
            draft.status,
            draft.at,
            shown,
            shown,
            digest_of(f"{draft.post}\n{draft.parent.pk if draft.parent else 0}\n{email}\n{source}"),
            draft.path,
            draft.path[:SEGMENT],
            len(draft.path) // SEGMENT - 1,
            draft.answers,
            draft.thumbs,
            draft.held_for,
            draft.score,
            reader(self._rng.randrange(1000)) if is_recent else "",
            text_digest_of(source),
            shown,
            draft.at,
        )
        if is_recent:
            for number in range(draft.thumbs):
                self._thumbs.add(draft.pk, reader(number), draft.at)


def count_answers(drafts: list[Draft]) -> None:
    """Give the first comment of each thread the number of approved ones below it."""
    firsts = {draft.path: draft for draft in drafts if draft.parent is None}
    for draft in drafts:
        if draft.parent is not None and draft.status == Status.APPROVED:
            firsts[draft.path[:SEGMENT]].answers += 1


def address(commenter: int) -> str:
    return f"commenter{commenter}@generated.example"


def reader(number: int) -> str:
    """Return what stands for a network: like the keyed digests of real ones, and of none."""
    return hashlib.sha256(f"network {number}".encode()).hexdigest()
