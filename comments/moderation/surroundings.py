"""What stands around a comment in the queue: who wrote it, what is like it, what was decided. A few queries a page."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.db.models import OuterRef, Q
from django.utils.translation import gettext, ngettext

from comments.models import Comment, CommentQuerySet, Decision
from comments.moderation.choice import PER_PAGE, Choice, Place
from comments.moderation.counts import MOST, MOST_AROUND, Capped, capped, in_words
from comments.moderation.verbs import VERBS, Verb, may_be_answered, offered
from comments.reasons import sentences

DECISIONS_SHOWN = 3  # of a comment
DECISIONS_READ = 300  # of a page

# ways in which others are like a comment
LIKE: dict[str, Callable[[int], str]] = {
    "network": partial(ngettext, "%(count)s other from this network", "%(count)s others from this network"),
    "text": partial(ngettext, "%(count)s other with this text", "%(count)s others with this text"),
}


class Count(NamedTuple):
    """How many comments are like one in some way, in words, and where they are listed."""

    label: str
    query: str


@dataclass
class Entry:
    """One comment with all that a moderator needs to decide."""

    comment: Comment
    history: list[Count]
    neighbours: list[Count]
    decisions: list[Decision] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        return sentences(self.comment.held_for)

    @property
    def buttons(self) -> list[tuple[str, Verb]]:
        """The verbs that are one button each; blocking, which takes a reason, is a small form."""
        return [(name, VERBS[name]) for name in offered(self.comment) if name != "ban"]

    @property
    def may_ban(self) -> bool:
        return "ban" in offered(self.comment)

    @property
    def may_answer(self) -> bool:
        return may_be_answered(self.comment)


@dataclass
class Page:
    """One screenful of the queue, and where the next begins."""

    entries: list[Entry]
    further: Place | None
    matching: str
    """How many there are on all pages, in words; empty if this is the only one."""


def page(choice: Choice, after: Place | None) -> Page:
    """Return a page of the queue; four queries at most, whatever the queue holds and however much one person wrote.

    The first finds the page, so that the second counts around these comments alone: a database that has to sort a long
    list would count around every comment of it.
    """
    comments = choice.comments()
    if after:
        comments = comments.filter(after.after(choice.tab))
    found = list(comments.values_list("pk", flat=True)[: PER_PAGE + 1])
    of_page = Comment.objects.filter(pk__in=found[:PER_PAGE]).order_by(*choice.tab.order())
    shown = list(with_counts(of_page))
    further = Place.of(shown[-1], choice.tab) if shown and len(found) > PER_PAGE else None
    entries = [Entry(comment, history(comment), neighbours(comment)) for comment in shown]
    add_decisions(entries)
    # A search that one page answers is not made a second time for its number.
    matching = in_words(capped(choice.comments()), MOST) if after or further else ""
    return Page(entries, further, matching)


def with_counts(comments: CommentQuerySet) -> CommentQuerySet:
    """Read comments with what belongs to them; each count is a subquery that stops after MOST_AROUND."""
    others = Comment.objects.exclude(pk=OuterRef("pk"))
    same_person = Comment.objects.filter(commenter=OuterRef("commenter"))
    counts = {f"person_{status}": same_person.filter(status=status) for status in Comment.Status.values}
    counts["network"] = others.filter(~Q(network=""), network=OuterRef("network"))
    counts["text"] = others.filter(~Q(text_digest=""), text_digest=OuterRef("text_digest"))
    heavy = ("source", "rendered_html", "plain_text")
    return (
        comments.select_related("post", "parent", "commenter", "user")
        .defer(*(f"post__{name}" for name in heavy), "parent__rendered_html")
        .annotate(**{f"count_{name}": Capped(rows, MOST_AROUND) for name, rows in counts.items()})
    )


def history(comment: Comment) -> list[Count]:
    """How many comments of each status came with this address, this one among them; then where all of them are."""
    if comment.commenter is None:
        return []
    counts = [
        Count(f"{in_words(number, MOST_AROUND)} {status.label}", Choice(status, person=comment.pk).query)
        for status in Comment.Status
        if (number := getattr(comment, f"count_person_{status}"))
    ]
    return [*counts, Count(gettext("all from this address"), Choice("all", person=comment.pk).query)]


def neighbours(comment: Comment) -> list[Count]:
    """How many others come from the same network, or read the same."""
    return [
        Count(
            LIKE[way](number) % {"count": in_words(number, MOST_AROUND)},
            Choice.read({"status": "all", way: str(comment.pk)}).query,
        )
        for way in LIKE
        if (number := getattr(comment, f"count_{way}"))
    ]


def add_decisions(entries: list[Entry]) -> None:
    """Give each entry its latest decisions; one query."""
    decisions = Decision.objects.filter(comment_number__in=[entry.comment.pk for entry in entries])
    latest: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions.select_related("action__user", "action__undone_by").order_by("-pk")[:DECISIONS_READ]:
        latest[decision.comment_number].append(decision)
    for entry in entries:
        entry.decisions = latest[entry.comment.pk][:DECISIONS_SHOWN]
