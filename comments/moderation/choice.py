"""Which comments the queue shows: read from an address that anybody may have typed."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.db.models import BooleanField, Func, Q, Subquery
from django.utils.translation import gettext_lazy as _

from blog.parameters import number
from comments.models import Comment, CommentQuerySet, Decision
from comments.models.comment import EPOCH

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

PER_PAGE = 30
SEARCHED = 5000  # rows whose name, address and text a search reads
LONGEST_SEARCH = 100  # characters
MICROSECOND = datetime.timedelta(microseconds=1)


class Tab(NamedTuple):
    """One state of comments, and the order in which they are read. The database has an index for each."""

    label: "StrOrPromise"
    chosen: Q
    field: str = "created_at"
    descending: bool = True

    def order(self) -> list[str]:
        tie = "pk" if self.field == "reports" else "-pk"
        return [f"-{self.field}", tie] if self.descending else [self.field, "pk"]


TABS = {
    "waiting": Tab(_("Waiting"), Q(status=Comment.Status.WAITING), descending=False),
    "reported": Tab(_("Reported"), Q(status=Comment.Status.APPROVED, reports__gt=0), "reports"),
    "approved": Tab(_("Approved"), Q(status=Comment.Status.APPROVED)),
    "spam": Tab(_("Spam"), Q(status=Comment.Status.SPAM)),
    "removed": Tab(_("Removed"), Q(status=Comment.Status.REMOVED)),
    "all": Tab(_("All"), Q()),
}


class Place(NamedTuple):
    """Where a page of the queue begins: after the comment with this value of the tab's field, and this number."""

    value: int  # microseconds since 1970, or reports
    pk: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        value, _dash, pk = text.partition("-")
        return cls(number(value), number(pk)) if number(value) and number(pk) else None

    @classmethod
    def of(cls, comment: Comment, tab: Tab) -> "Place":
        value = getattr(comment, tab.field)
        return cls((value - EPOCH) // MICROSECOND if isinstance(value, datetime.datetime) else value, comment.pk)

    def __str__(self) -> str:
        return f"{self.value}-{self.pk}"

    def after(self, tab: Tab) -> Q:
        """The comments that follow, as a range that the tab's index can be entered at."""
        try:
            value = self.value if tab.field == "reports" else EPOCH + self.value * MICROSECOND
        except OverflowError:
            return Q(pk=None)
        beyond, tie = ("lt" if tab.descending else "gt"), ("lt" if tab.order()[1] == "-pk" else "gt")
        further = Q(**{f"{tab.field}__{beyond}": value}) | Q(**{f"pk__{tie}": self.pk})
        return Q(**{f"{tab.field}__{beyond}e": value}) & further


@dataclass(frozen=True)
class Choice:
    """What a moderator asked to see. Comments are named by number: no address or digest stands in an address."""

    status: str = "waiting"
    q: str = ""
    post: int = 0
    person: int = 0  # a comment: those that came with its address
    network: int = 0  # a comment: those from its network
    text: int = 0  # a comment: those that read the same
    action: int = 0  # those that one action was about
    comment: int = 0  # this one alone

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Choice":
        """Read the parameters of an address; what makes no sense there is as if it were not there."""
        numbers = {field.name: number(parameters.get(field.name, "")) for field in fields(cls)[2:]}
        status = parameters.get("status", "")
        narrow = any(numbers.values())
        if status not in TABS or (status == "all" and not narrow):
            status = "all" if numbers["comment"] else "waiting"
        return cls(status, parameters.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH], **numbers)

    @property
    def tab(self) -> Tab:
        return TABS[self.status]

    @property
    def is_narrow(self) -> bool:
        """Say whether anything but the tab was chosen."""
        return self != Choice(self.status)

    @property
    def query(self) -> str:
        """The parameters of an address that shows this choice; empty for the queue itself."""
        usual = Choice()
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in chosen.items() if value != getattr(usual, name)})

    def offers(self, status: str) -> bool:
        """Say whether a tab makes sense here: all states together only where something else narrows the choice."""
        return status != "all" or replace(self, q="", comment=0).is_narrow

    def under(self, status: str) -> "Choice":
        """The same choice under another tab; a single comment is left, so that the tab shows all it has."""
        return replace(self, status=status, comment=0)

    def comments(self) -> CommentQuerySet:
        """The comments, in the tab's order. A search reads the first SEARCHED of them and no more."""
        comments = Comment.objects.filter(self.tab.chosen).order_by(*self.tab.order())
        if self.post:
            comments = comments.filter(post=self.post)
        if self.comment:
            comments = comments.filter(pk=self.comment)
        if self.action:
            comments = comments.filter(pk__in=Decision.objects.filter(action=self.action).values("comment_number"))
        if self.person:
            same = Comment.objects.filter(pk=self.person, commenter__isnull=False)
            comments = comments.filter(commenter__in=same.values("commenter"))
        for field, pk in (("network", self.network), ("text_digest", self.text)):
            if pk:
                same = Comment.objects.filter(pk=pk)
                comments = comments.exclude(**{field: ""}).filter(**{f"{field}__in": same.values(field)})
        return search(comments, self.q).order_by(*self.tab.order()) if self.q else comments


class IsOneOf(Func):
    """Whether the first is among what the second, a subquery, gives; PostgreSQL asks that first, and only once."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY(ARRAY"
    output_field = BooleanField()


def search(comments: CommentQuerySet, text: str) -> CommentQuerySet:
    """Look for a text in the first SEARCHED of these.

    Says nothing else of which comments are meant, or SQLite would walk through all of a tab and look each of them up in
    the list of the first. PostgreSQL is given them as an array, or it would read every comment there is.
    """
    found = Q(name__icontains=text) | Q(email__icontains=text) | Q(source__icontains=text)
    first = comments.values("pk")[:SEARCHED]
    if connection.vendor == "postgresql":
        return Comment.objects.filter(found, IsOneOf("pk", Subquery(first)))
    return Comment.objects.filter(found, pk__in=first)
