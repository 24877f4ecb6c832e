"""The conversation under a post: one page of it, in the order that a reader chose.

The database numbers the places of a conversation and hands out a page of them (docs/decisions/0017): however many
comments there are, it is one query, and texts are fetched of those alone that are shown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db import connection
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from blog.markup import web_address
from blog.models import Post
from comments.models import Comment

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

PER_PAGE = 100
DEEPEST_INDENT = 3
LONG = 2  # answers from which a thread can be folded


class Order(NamedTuple):
    """An order of threads, and what the database sorts by. Answers stand in reading order in each."""

    label: "StrOrPromise"
    keys: str
    join: str = ""


OLDEST = "oldest"
ORDERS = {
    OLDEST: Order(_lazy("Oldest first"), "place.path"),
    "newest": Order(_lazy("Newest first"), "place.thread DESC, place.path"),
    "replies": Order(
        _lazy("Most answers first"),
        "COALESCE(first.answers, 0) DESC, place.path",
        "LEFT JOIN comments_comment AS first ON first.path = place.thread AND first.post_id = %(post)s",
    ),
}

# The places under a post, numbered. A comment that was taken away keeps its place while an approved one stands below:
# one whose path begins with its own. Paths are made of digits and of letters before z, so that these sort between its
# own path and that with a z behind it, by whatever collation. What never was public has no place.
PLACES = """
    SELECT place.id,
        ROW_NUMBER() OVER (ORDER BY CASE WHEN place.thread IN ({pinned}) THEN 0 ELSE 1 END, {keys}) AS number,
        COUNT(*) OVER () AS places,
        COUNT(approved) OVER () AS approved
    FROM (
        SELECT id, thread, path, 1 AS approved
        FROM comments_comment
        WHERE post_id = %(post)s AND status = 'approved'
        UNION ALL
        SELECT id, thread, path, NULL
        FROM comments_comment AS gone
        WHERE post_id = %(post)s AND published_at IS NOT NULL AND status <> 'approved' AND EXISTS (
            SELECT 1
            FROM comments_comment AS below
            WHERE below.post_id = %(post)s AND below.published_at IS NOT NULL AND below.status = 'approved'
                AND below.path > gone.path AND below.path < gone.path || 'z'
        )
    ) AS place
    {join}
"""
PINNED = """
    SELECT thread FROM comments_comment
    WHERE post_id = %(post)s AND pinned_at IS NOT NULL AND depth = 0 AND status = 'approved'
"""
# The LIMIT cuts nothing off: it tells the planner how few they are.
PAGE = """
    SELECT comment.id, comment.post_id, comment.parent_id, comment.user_id, comment.name, comment.website,
        comment.rendered_html, comment.status, comment.created_at, comment.published_at, comment.edited_at,
        comment.withdrawn_at, comment.pinned_at, comment.thread, comment.depth, comment.answers, comment.thumbs,
        parent.name AS parent_name, parent.status AS parent_status, places, approved
    FROM (
        SELECT * FROM ({places}) AS numbered
        WHERE number > %(before)s AND number <= %(before)s + %(length)s LIMIT %(length)s
    ) AS place
    JOIN comments_comment AS comment ON comment.id = place.id
    LEFT JOIN comments_comment AS parent ON parent.id = comment.parent_id
    ORDER BY number
"""
NUMBER = "SELECT number FROM ({places}) AS place WHERE id = %(comment)s"


def statement(template: str, order: str) -> str:
    """Return one of the statements above for an order. Nothing of what a reader sends gets into its text."""
    _label, keys, join = ORDERS[order]
    return template.format(places=PLACES.format(pinned=PINNED, keys=keys, join=join))


class Answered(NamedTuple):
    """What a page says of the comment that another one answers."""

    pk: int
    name: str


@dataclass(frozen=True)
class Entry:
    """One comment in its place on a page."""

    comment: Comment
    is_beside_answered: bool  # what it answers is on the same page

    @property
    def indent(self) -> int:
        return min(self.comment.depth, DEEPEST_INDENT)

    @cached_property
    def link(self) -> str:
        """The permalink, which leads to the comment on its post's page."""
        return self.comment.get_absolute_url()

    @property
    def website(self) -> str:
        """Its author's address as it may stand in a link: http(s), or nothing."""
        return web_address(self.comment.website) if self.comment.website else ""

    @property
    def to_whom(self) -> str:
        """What a screen reader says after “Reply”."""
        return _("to %(name)s") % {"name": self.comment.name}

    @property
    def heading_level(self) -> int:
        """Of its writer's name: the first of a thread stands above those that answer it."""
        return 4 if self.comment.depth else 3

    @property
    def is_gone(self) -> bool:
        """Whether only its place is left, for the sake of the answers below it."""
        return self.comment.status != Comment.Status.APPROVED

    @property
    def answered(self) -> Answered | None:
        """The comment it answers, if readers can see that."""
        row = cast(Any, self.comment)
        return Answered(row.parent_id, row.parent_name) if row.parent_status == Comment.Status.APPROVED else None

    @property
    def indent_shows_answered(self) -> bool:
        """Whether it stands so that one sees what it answers, where there is room to indent."""
        return self.is_beside_answered and self.comment.depth <= DEEPEST_INDENT

    @property
    def names_answered(self) -> bool:
        """Whether it says whom it answers. What answers the first of its thread need not."""
        return self.answered is not None and self.comment.depth > 1

    @property
    def misses_answered(self) -> bool:
        """Whether it says that what it answers is no longer here: not even an empty place above it shows that."""
        return self.comment.depth > 0 and self.answered is None and not self.indent_shows_answered


@dataclass(frozen=True)
class Thread:
    """A comment and all that answers it, as far as a page shows them; `first` may be on an earlier page."""

    first: Entry | None
    answers: list[Entry] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        """Whether it is worth folding."""
        return len(self.answers) >= LONG

    @property
    def first_elsewhere(self) -> Answered | None:
        """The comment on an earlier page that all these answer, if readers can see that."""
        direct = (entry.answered for entry in self.answers if entry.comment.depth == 1)
        return next(direct, None) if self.first is None else None

    @property
    def title(self) -> str:
        """How many answers there are, also on the pages that follow; or that these follow others."""
        if self.first is None:
            return _("Answers, continued")
        number = self.first.comment.answers
        return ngettext("One answer", "%(number)d answers", number) % {"number": number}


@dataclass(frozen=True)
class Conversation:
    """One page of what stands under a post. `count` is of comments, `places` of where they stand: some are empty."""

    post: Post
    order: str
    number: int
    threads: list[Thread]
    count: int
    places: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.places // PER_PAGE))

    @property
    def previous_path(self) -> str:
        return path_of(self.post, self.order, self.number - 1) if self.number > 1 else ""

    @property
    def next_path(self) -> str:
        return path_of(self.post, self.order, self.number + 1) if self.number < self.pages else ""

    @property
    def order_query(self) -> str:
        """What to append to a permalink so that it leads to a page in the same order."""
        return "" if self.order == OLDEST else f"?order={self.order}"

    @property
    def orders(self) -> list[tuple["StrOrPromise", str, bool]]:
        """Label, path and whether it is the one shown, of each order to choose from."""
        return [(order.label, path_of(self.post, name), name == self.order) for name, order in ORDERS.items()]


def path_of(post: Post, order: str, number: int = 1, anchor: str = "comments") -> str:
    """Return where a page of a post's conversation is; what needs not be said is left out."""
    query = QueryDict(mutable=True)
    if order != OLDEST:
        query["order"] = order
    if number > 1:
        query["comments"] = str(number)
    return f"{post.get_absolute_url()}{'?' if query else ''}{query.urlencode()}#{anchor}"


def order_asked(asked: Mapping[str, str]) -> str:
    """Return the order that an address asks for (`order`); the oldest first if it asks for none that there is."""
    order = asked.get("order", OLDEST)
    return order if order in ORDERS else OLDEST


def conversation(post: Post, asked: Mapping[str, str]) -> Conversation:
    """Return the page of the conversation that an address asks for by `order` and `comments`. Costs one query.

    Raises Http404 for a page that is not there (the first always is).
    """
    order, number = order_asked(asked), asked.get("comments", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,6}", number):
        raise Http404("There is no such page.")
    page = {"post": post.pk, "before": (int(number) - 1) * PER_PAGE, "length": PER_PAGE}
    comments = list(Comment.objects.raw(statement(PAGE, order), page))
    if not comments and number != "1":
        raise Http404("There is no such page.")
    totals = cast(Any, comments[0]) if comments else None
    return Conversation(
        post=post,
        order=order,
        number=int(number),
        threads=threads(comments),
        count=totals.approved if totals else 0,
        places=totals.places if totals else 0,
    )


def page_of(comment: Comment, order: str) -> int:
    """Return which page of its post's conversation a comment stands on: the first if it has no place. One query."""
    with connection.cursor() as cursor:
        cursor.execute(statement(NUMBER, order), {"post": comment.post_id, "comment": comment.pk})
        found: tuple[int] | None = cursor.fetchone()
    return (found[0] - 1) // PER_PAGE + 1 if found else 1


def threads(comments: Iterable[Comment]) -> list[Thread]:
    """Put comments, which are in their order, into their threads."""
    comments = list(comments)
    here = {comment.pk for comment in comments}
    found = []
    for _thread, together in groupby(comments, key=lambda comment: comment.thread):
        entries = [Entry(comment, comment.parent_id in here) for comment in together]
        first = entries.pop(0) if entries[0].comment.depth == 0 else None
        found.append(Thread(first, entries))
    return found
