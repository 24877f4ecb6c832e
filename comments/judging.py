"""What becomes of a comment when it is sent: it appears, waits for a moderator, or is put aside as spam."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from blog.models import CommentsHeld, Publication
from blog.prepared import Prepared
from comments import akismet, blocks, commenters, languages, learning, policy, spam_rules
from comments.models import Comment, Filters
from comments.models.comment import text_digest_of
from comments.spam_rules import Evidence, Finding
from comments.traps import NO_SIGNS, Signs

Reason = tuple[str, dict[str, Any]]

SUSPICIOUS = 0.6  # a score of the learned words from which a comment waits; docs/decisions/0020
REMEMBERED = datetime.timedelta(days=30)  # in which the same text counts as repeated
MOST_REPEATED = 100  # counted no further, so that a flood of one text makes no comment slow

SAME_TEXT = Prepared(
    lambda digest, since, pk: (
        Comment.objects.filter(text_digest=digest, created_at__gt=since)
        .exclude(text_digest="")  # which the index says as well
        .exclude(pk=pk)
        .order_by()
        .values("pk")[:MOST_REPEATED]
    )
)


@dataclass(frozen=True)
class Verdict:
    """The status a new comment gets, and why: names of reasons with what their sentences need."""

    status: Comment.Status
    reasons: list[Reason] = field(default_factory=list)
    score: float | None = None


def judge(comment: Comment, signs: Signs = NO_SIGNS, sender: akismet.Sender | None = None) -> Verdict:
    """Judge a comment that is filled in and not stored yet, or edited. Staff, who are signed in, are trusted.

    Costs eight queries at most. What scores as much as the threshold is put aside as spam. But what came with a
    confirmed address, under which comments were approved, waits for a person, unless it meets a moderator's own block
    or word for spam. Akismet is asked last, where it is used and the sender is known: outside transactions.
    """
    if comment.user is not None:
        return Verdict(Comment.Status.APPROVED)
    filters = Filters.load()
    found = spam_rules.findings(gather(comment, signs, filters))
    learned = learning.opinion_of(comment, filters)
    if learned is not None and learned.score >= SUSPICIOUS:
        words = [list(word) for word in learned.words]
        found.append(Finding("score", learned.score, {"score": round(learned.score, 3), "words": words}))
    total = spam_rules.score([one.weight for one in found if one.reason != "score"] + [learned.score if learned else 0])
    spam = is_spam(found, total, filters, comment)
    if not spam and sender is not None and akismet.takes_for_spam(comment, sender):
        found.append(akismet.SPAM)
        total = spam_rules.score([total, akismet.SPAM.weight])
        spam = is_spam(found, total, filters, comment)
    reasons: list[Reason] = [(one.reason, one.parameters) for one in found]
    if spam:
        return Verdict(Comment.Status.SPAM, reasons, total)
    reasons += held_by_policy(comment)
    return Verdict(Comment.Status.WAITING if reasons else Comment.Status.APPROVED, reasons, total)


def is_spam(found: list[Finding], total: float, filters: Filters, comment: Comment) -> bool:
    if any(one.weight == spam_rules.CERTAIN and one.reason != "score" for one in found):
        return True
    if total < filters.threshold:
        return False
    return comment.commenter is None or not commenters.is_known(comment.commenter)


def gather(comment: Comment, signs: Signs, filters: Filters) -> Evidence:
    """Collect what the rules look at."""
    return Evidence(
        text=comment.source,
        name=comment.name,
        email=comment.email,
        repeated=times_repeated(comment),
        blocked=blocks.kinds_blocked(comment),
        signs=signs,
        held_words=filters.held_words,
        spam_words=filters.spam_words,
        patterns=filters.patterns,
        most_links=filters.most_links,
        languages=languages.codes(filters.languages),
    )


def times_repeated(comment: Comment) -> int:
    """Count the other comments of some time with the same text, up to MOST_REPEATED."""
    digest = text_digest_of(comment.source)
    return len(SAME_TEXT.column(digest, timezone.now() - REMEMBERED, comment.pk or 0)) if digest else 0


def held_by_policy(comment: Comment) -> list[Reason]:
    """Return the reason for which the conversation's rules hold this comment, if they do."""
    held = policy.terms(comment.post, Publication.load()).held
    if held == CommentsHeld.ALL:
        return [(Comment.HELD_BY_POLICY, {})]
    if held == CommentsHeld.SUSPICIOUS:
        return []
    commenter = comment.commenter
    if commenter is None or commenter.confirmed_at is None:
        return [(Comment.HELD_UNCONFIRMED, {})]
    return [] if commenters.is_known(commenter) else [(Comment.HELD_FIRST, {})]
