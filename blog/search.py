"""Full-text search over listed posts: SQLite's FTS5 or PostgreSQL's tsvector, which nobody else has to know.

The index follows the posts by itself (triggers, decision 10). Here a query is read, asked and its answer ranked: the
words of a title count most, then those of subtitle and tags, then the text. Only the MOST newest matches are ranked,
and a large site is searched where it is newest first, so that a search costs the same on a site that has a hundred
times as many (docs/decisions/0011-what-a-search-means.md).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Field, FloatField, Func, Lookup, TextField
from django.db.models.functions import Left, Length
from django.db.models.sql.compiler import SQLCompiler

from blog.lists import POSTS_PER_PAGE
from blog.markup import shorten
from blog.models import Post, SearchEntry
from blog.models.post import PostQuerySet
from blog.prepared import Prepared

LONGEST = 300  # characters of a query that are read
MOST = 1000  # matches that are ranked and shown
LARGE = 10_000  # posts: of more than these, the newest are searched first
AT_FIRST = 500  # matches among them that are ranked and shown
ENOUGH = POSTS_PER_PAGE  # of them, with which the other posts are left until they are asked for

Sql = tuple[str, list[Any]]
Words = list[tuple[str, bool]]  # pieces of a text; the flag says whether the piece is what was searched for

# What the databases put around a match: control characters, which no text has and no page shows.
START, STOP = "\x02", "\x03"
TITLE, TEXT, TAGS = 0, 2, 3  # columns of SQLite's index
# PostgreSQL's rank is below 1, and without the steps words close to each other in a text would outweigh a tag.
RANK = """CASE
WHEN ts_filter({entry}, '{{a}}') @@ {query} THEN 0 WHEN ts_filter({entry}, '{{a,b}}') @@ {query} THEN 1 ELSE 2
END - ts_rank(ARRAY[0.02, 0.02, 0.2, 1.0]::real[], {entry}, {query}, 1)"""
OPENS = 40  # characters by which a snippet is known to be a text's beginning
SNIPPET = 180  # characters

TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True)
class Query:
    """What somebody searches for: phrases (a word is a short one) that have to be there, and some that must not."""

    text: str
    phrases: tuple[str, ...]
    without: tuple[str, ...]
    is_cut: bool

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Read any text; nothing in it is an error. What has neither letter nor digit asks for nothing."""
        text = text.strip()
        kept = unicodedata.normalize("NFC", text[:LONGEST].encode(errors="replace").decode())
        kept = "".join(" " if unicodedata.category(character) == "Cc" else character for character in kept)
        terms: dict[str, list[str]] = {"": [], "-": []}
        for minus, phrase, word in TERM.findall(kept.translate(QUOTES)):
            if any(character.isalnum() for character in phrase or word):
                terms[minus].append(phrase or word)
        phrases, without = (tuple(dict.fromkeys(terms[sign])) for sign in ("", "-"))
        return cls(kept, phrases, without, is_cut=len(text) > LONGEST)

    @property
    def is_one_word(self) -> bool:
        return len(self.phrases) == 1 and self.phrases[0].isalnum() and not self.without

    def for_fts5(self) -> str:
        """The query in FTS5's language, with nothing in it that could be read as an operator."""
        asked = " AND ".join(quoted(phrase) for phrase in self.phrases)
        return f"({asked}) NOT ({' OR '.join(map(quoted, self.without))})" if self.without else asked

    def for_tsquery(self) -> Sql:
        """The query as an expression in SQL; the words are its parameters."""
        phrase = "phraseto_tsquery('byline', blog_search_words(%s))"
        parts = [phrase] * len(self.phrases) + [f"!!{phrase}"] * len(self.without)
        return f"({' && '.join(parts)})", [*self.phrases, *self.without]


def quoted(phrase: str) -> str:
    return '"' + phrase.replace('"', '""') + '"'


class Matches(Lookup[Any]):
    """`search_entry__words__matches=query`: the posts that the query is about."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} MATCH %s", [*params, self.rhs.for_fts5()]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        sql, params = self.process_lhs(compiler, connection)
        query, words = self.rhs.for_tsquery()
        return f"{sql} @@ {query}", [*params, *words]


SearchEntry._meta.get_field("words").register_lookup(Matches)

LAST = Prepared(lambda: SearchEntry.objects.order_by("-post_id").values("post_id")[:1])


class OfMatch(Func):
    """What a database says of a match, in its own words.

    In them, {entry}, {title} and {text} are columns and {query} is what was asked for.
    """

    def __init__(self, query: Query, *, sqlite: str, postgresql: str, output_field: Field[Any, Any]) -> None:
        super().__init__(F("search_entry__words"), F("title"), F("plain_text"), output_field=output_field)
        self.query, self.sqlite, self.postgresql = query, sqlite, postgresql

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.sqlite.format(**self.columns(compiler)), []

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        query, words = self.query.for_tsquery()
        times = self.postgresql.count("{query}")
        return self.postgresql.format(**self.columns(compiler), query=query), words * times

    def columns(self, compiler: SQLCompiler) -> dict[str, str]:
        columns = [compiler.compile(expression)[0] for expression in self.get_source_expressions()]
        return dict(zip(["entry", "title", "text"], columns, strict=True))


def stands_in(column: int) -> str:
    return f"instr(highlight({{entry}}, {column}, '{START}', ''), '{START}')"


# So much that no number of words in a text outweighs those in a title, and so on.
BY_WORDS = "bm25({entry}, 5000, 500, 1, 500)"
BY_PLACE = f"CASE WHEN {stands_in(TITLE)} THEN 0 WHEN {stands_in(TAGS)} THEN 1 ELSE 2 END"


def distance(query: Query, *, by_place: bool) -> OfMatch:
    """How far a match is from what was asked: the smaller, the better.

    With `by_place`, SQLite looks only at where it stands: in the title, in a tag, or elsewhere. To weigh words, FTS5
    counts how many posts have them, and for that it walks through the index for each word.
    """
    sqlite = BY_PLACE if by_place else BY_WORDS
    return OfMatch(query, sqlite=sqlite, postgresql=RANK, output_field=FloatField())


def marked_title(query: Query) -> OfMatch:
    return OfMatch(
        query,
        sqlite=f"highlight({{entry}}, {TITLE}, '{START}', '{STOP}')",
        postgresql=(
            f"ts_headline('byline', {{title}}, {{query}}, 'HighlightAll=true, StartSel={START}, StopSel={STOP}')"
        ),
        output_field=TextField(),
    )


def marked_text(query: Query) -> OfMatch:
    """Some twenty-five words of the text with the best of the matches in them; its beginning, if none is there."""
    return OfMatch(
        query,
        sqlite=f"snippet({{entry}}, {TEXT}, '{START}', '{STOP}', '', 26)",
        postgresql=(
            "ts_headline('byline', {text}, {query}, "
            f"'MaxWords=28, MinWords=22, ShortWord=0, StartSel={START}, StopSel={STOP}')"
        ),
        output_field=TextField(),
    )


@dataclass(frozen=True)
class Hit:
    """A post that was found, with the words by which it was."""

    post: Post
    title: Words
    text: Words


class Hits:
    """What a search found, best first: as many as there are, MOST at most.

    Two queries, three on a large site that has few; and two for a page of them.

    With `everywhere`, all posts of a large site are searched from the first.
    """

    def __init__(self, query: Query, *, everywhere: bool = False) -> None:
        self.query = query
        self.everywhere = everywhere

    @property
    def matches(self) -> PostQuerySet:
        return Post.objects.listed().filter(search_entry__words__matches=self.query)

    def newest(self, matches: PostQuerySet, most: int) -> list[int]:
        """Return the keys of so many newest and one more, best first, and of equals the last published.

        The newest are those written last, the order that both databases keep.
        """
        newest = matches.order_by("-search_entry__post_id").annotate(distance=self.distance)
        sql, parameters = newest.values("pk", "distance", "published_at")[: most + 1].query.sql_with_params()
        with connections[matches.db].cursor() as cursor:
            # Sorted there, so that a thousand rows need not become objects here.
            cursor.execute(f"SELECT pk FROM ({sql}) AS newest ORDER BY distance, published_at DESC", parameters)  # noqa: S608  written by Django
            return [pk for (pk,) in cursor.fetchall()]

    @cached_property
    def before(self) -> int:
        """The key that the newest LARGE posts come after; 0 on a site that has no more."""
        last: int = max(LAST.column(), default=0)
        return max(0, last - LARGE)

    @property
    def distance(self) -> OfMatch:
        return distance(self.query, by_place=self.before > 0 and not self.query.is_one_word)

    @cached_property
    def recent(self) -> list[int]:
        """The keys of what was found among the newest posts of a large site, best first, if that is enough."""
        if self.everywhere or not self.query.phrases or not self.before:
            return []
        found = self.newest(self.matches.filter(search_entry__post_id__gt=self.before), AT_FIRST)
        return found if len(found) >= ENOUGH else []

    @cached_property
    def ranked(self) -> list[int]:
        """The posts' keys, best first."""
        return (self.recent or self.newest(self.matches, MOST)) if self.query.phrases else []

    @property
    def most(self) -> int:
        return AT_FIRST if self.recent else MOST

    @property
    def are_more(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.ranked) > self.most

    @property
    def are_recent(self) -> bool:
        """Whether older posts were not looked at, of which some may match as well."""
        return bool(self.recent)

    def __len__(self) -> int:
        return min(len(self.ranked), self.most)

    def count(self, most: int) -> int:
        return min(len(self), most)

    def __getitem__(self, part: slice) -> list[Hit]:
        keys = self.ranked[: self.most][part]
        posts = (
            self.matches.filter(search_entry__in=keys)
            .for_lists()
            .annotate(
                marked_title=marked_title(self.query),
                marked_text=marked_text(self.query),
                opens=Left("plain_text", OPENS),
                length=Length("plain_text"),
            )
        )
        by_key = {post.pk: post for post in posts}
        return [hit_of(by_key[key]) for key in keys if key in by_key]


def find(text: str, *, everywhere: bool = False) -> Hits:
    """Search for what somebody typed. Drafts and what is to come are in the index, and never in what is found."""
    return Hits(Query.parse(text), everywhere=everywhere)


def hit_of(post: Any) -> Hit:
    text = pieces(post.marked_text)
    words = "".join(words for words, _is_match in text)
    if not any(is_match for _words, is_match in text):
        text = [(shorten(post.standfirst, SNIPPET), False)]
    elif len(words) < post.length:
        begins = words.startswith(post.opens)
        text = [*([] if begins else [("…", False)]), *text, ("…", False)]
    return Hit(post, pieces(post.marked_title), text)


def pieces(marked: str) -> Words:
    """Cut a text at the marks around matches. It stays text: whoever shows it escapes it."""
    parts = re.split(f"{START}([^{STOP}]*){STOP}", marked)
    return [(words, n % 2 == 1) for n, words in enumerate(parts) if words]
