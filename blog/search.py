"""Full-text search over listed posts: SQLite's FTS5 or PostgreSQL's tsvector, which nobody else has to know.

The index follows the posts by itself (triggers, decision 10). Here a query is read, asked and its answer ranked: the
words of a title count most, then those of subtitle and tags, then the text. Only the MOST newest matches are ranked, so
that a search costs the same on a site that has a hundred times as many.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Field, FloatField, Func, Lookup, QuerySet, TextField
from django.db.models.functions import Left, Length
from django.db.models.sql.compiler import SQLCompiler

from blog.markup import shorten
from blog.models import Post, SearchEntry
from blog.models.post import PostQuerySet

LONGEST = 300  # characters of a query that are read
MOST = 1000  # matches that are ranked and shown

Sql = tuple[str, list[Any]]
Words = list[tuple[str, bool]]  # pieces of a text; the flag says whether the piece is what was searched for

# What the databases put around a match: control characters, which no text has and no page shows.
START, STOP = "\x02", "\x03"
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
        return self.postgresql.format(**self.columns(compiler), query=query), words

    def columns(self, compiler: SQLCompiler) -> dict[str, str]:
        columns = [compiler.compile(expression)[0] for expression in self.get_source_expressions()]
        return dict(zip(["entry", "title", "text"], columns, strict=True))


def distance(query: Query) -> OfMatch:
    """How far a match is from what was asked: the smaller, the better."""
    return OfMatch(
        query,
        sqlite="bm25({entry}, 5000, 500, 1, 500)",  # so much that no number of words in a text outweighs them
        postgresql="-ts_rank(ARRAY[0.02, 0.02, 0.2, 1.0]::real[], {entry}, {query}, 1)",
        output_field=FloatField(),
    )


def marked_title(query: Query) -> OfMatch:
    return OfMatch(
        query,
        sqlite=f"highlight({{entry}}, 0, '{START}', '{STOP}')",
        postgresql=(
            f"ts_headline('byline', {{title}}, {{query}}, 'HighlightAll=true, StartSel={START}, StopSel={STOP}')"
        ),
        output_field=TextField(),
    )


def marked_text(query: Query) -> OfMatch:
    """Some twenty-five words of the text with the best of the matches in them; its beginning, if none is there."""
    return OfMatch(
        query,
        sqlite=f"snippet({{entry}}, 2, '{START}', '{STOP}', '', 26)",
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
    """What a search found, best first: as many as there are, MOST at most. One query, and two for a page of it."""

    def __init__(self, query: Query) -> None:
        self.query = query

    @property
    def matches(self) -> PostQuerySet:
        posts = Post.objects.listed()
        return posts.filter(search_entry__words__matches=self.query) if self.query.phrases else posts.none()

    @property
    def newest(self) -> QuerySet[Post, tuple[float, Any, int]]:
        """Distance, time and key of the MOST newest and one more: those written last, the order both databases keep."""
        newest = self.matches.order_by("-search_entry__post_id").annotate(distance=distance(self.query))
        return newest.values_list("distance", "published_at", "pk")[: MOST + 1]

    @cached_property
    def ranked(self) -> list[int]:
        """The posts' keys, best first."""
        return [pk for _distance, _published_at, pk in sorted(self.newest, key=nearest_then_newest)]

    @property
    def are_more(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.ranked) > MOST

    def __len__(self) -> int:
        return min(len(self.ranked), MOST)

    def count(self, most: int) -> int:
        return min(len(self), most)

    def __getitem__(self, part: slice) -> list[Hit]:
        keys = self.ranked[:MOST][part]
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


def find(text: str) -> Hits:
    """Search for what somebody typed. Drafts and what is to come are in the index, and never in what is found."""
    return Hits(Query.parse(text))


def nearest_then_newest(row: tuple[float, Any, int]) -> tuple[float, float]:
    return row[0], -row[1].timestamp()


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
