"""A site's worth of made-up content: posts, conversations and subscribers by the million, to measure with.

Every row has what the verbs that make such rows would have left, rendered texts and counts included, so that pages and
checks find nothing odd. Posts count as imported and comments as told, so that nobody is mailed about them; addresses
are under `generated.example`, which no mail reaches. What is left out: revisions, and pictures for social media.
"""

import datetime
import itertools
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils import timezone

from blog import search_index
from blog.markup import OPENING_LENGTH, RENDERER_VERSION, shorten
from blog.models import Author, Byline, Post, Series, Tag
from blog.social_drawing import DRAWING_VERSION
from comments.models import Comment
from operations.load_comments import Conversations
from operations.load_rows import CHUNK, Table, go_on_counting, next_number
from operations.load_subscribers import write_subscribers
from operations.load_words import Language
from subscribers.models import Subscriber

AUTHORS, TAGS = 20, 300
YEARS = datetime.timedelta(days=8 * 365)  # over which the posts are spread
WORDS, PARAGRAPHS = 40, 4  # of a post: words of a paragraph, and paragraphs
PARTS = 19  # of the series

Told = Callable[[str, int], None]


class Size(NamedTuple):
    """How many of each to write."""

    posts: int
    comments: int
    subscribers: int


class Published(NamedTuple):
    """A post that has readers, for the comments below it."""

    pk: int
    at: datetime.datetime


def is_empty() -> bool:
    """Say whether there is nothing yet that somebody could miss among what is generated."""
    return not (Post.objects.exists() or Comment.objects.exists() or Subscriber.objects.exists())


def generate(size: Size, seed: int, until: datetime.date, told: Told = lambda what, done: None) -> None:
    """Write so much, up to a day. The same seed and day give the same data on an empty database.

    Nobody else may write meanwhile: rows are numbered here. `told` is called with what is being written and how many
    of it there are. Memory does not grow with the number of comments or subscribers.
    """
    end = datetime.datetime.combine(until, datetime.time.min, datetime.UTC)
    posts = write_posts(size.posts, rng_for(seed, "posts"), end, told)
    search_index.tidy()  # as the worker would within the hour
    if posts:
        Conversations(posts, rng_for(seed, "comments"), end).write(size.comments, lambda done: told("comments", done))
    write_subscribers(size.subscribers, rng_for(seed, "subscribers"), end, lambda done: told("subscribers", done))


def rng_for(seed: int, what: str) -> random.Random:
    """Return a source of chance of its own for each kind, so that more posts make no other subscribers."""
    return random.Random(f"{seed} {what}")  # noqa: S311  the same every time is the point


def write_posts(count: int, rng: random.Random, end: datetime.datetime, told: Told) -> list[Published]:
    """Write posts, their bylines and tags; return those that have a public page, the oldest first."""
    language = Language(rng)
    authors, tags, series = write_shelves(language)
    posts, bylines = Table(Post, *POST_COLUMNS), Table(Byline, "post_id", "author_id")
    labels = Table(Post.tags.through, "post_id", "tag_id")
    first = next_number(Post)
    public: list[Published] = []
    for number in range(count):
        pk = first + number
        draft, at = number % 50 == 49, moment_of(number, count, end)
        posts.add(*post_row(pk, number, language, None if draft else at, min(at, end), series))
        bylines.add(pk, authors[0] if rng.random() < 0.8 else rng.choice(authors))
        places = {min(int(rng.paretovariate(0.6)) - 1, len(tags) - 1) for _ in range(3)}
        if number < len(tags):
            places.add(number)  # so that no tag is empty
        for place in sorted(places):
            labels.add(pk, tags[place])
        if not draft and at < end:
            public.append(Published(pk, at))
        if (number + 1) % CHUNK == 0 or number + 1 == count:
            for table in (posts, bylines, labels):
                table.store()
            told("posts", number + 1)
    go_on_counting([Post])
    return public


def moment_of(number: int, count: int, end: datetime.datetime) -> datetime.datetime:
    """Return when a post is published: evenly over the years, and one in a hundred in the weeks to come."""
    if number % 100 == 98:
        return end + datetime.timedelta(days=1 + number % 28, hours=9)
    return end - YEARS * ((count - number) / (count + 1))


POST_COLUMNS = [
    "id",
    "title",
    "subtitle",
    "slug",
    "source",
    "rendered_html",
    "opening",
    "plain_text",
    "word_count",
    "renderer_version",
    "published_at",
    "visibility",
    "series_id",
    "series_position",
    "created_at",
    "updated_at",
    "imported_at",
    "social_digest",
]


def post_row(
    pk: int,
    number: int,
    language: Language,
    published_at: datetime.datetime | None,
    written_at: datetime.datetime,
    series: int,
) -> Iterator[object]:
    """Give a post as a save would have left it; one in a hundred is for those who have the address."""
    text = language.write(PARAGRAPHS, WORDS)
    in_series = number in range(1, 1 + PARTS)
    yield pk
    yield language.say(6).capitalize()
    yield language.say(12).capitalize()
    yield f"generated-post-{pk}"
    yield text.source
    yield text.html
    yield shorten(text.paragraphs[0], OPENING_LENGTH)
    yield text.plain
    yield WORDS * PARAGRAPHS
    yield RENDERER_VERSION
    yield published_at
    yield Post.Visibility.UNLISTED if number % 100 == 50 else Post.Visibility.LISTED
    yield series if in_series else None
    yield number if in_series else 0
    yield from itertools.repeat(written_at, 3)
    yield f"{DRAWING_VERSION}-generated"  # or the worker would draw a picture for each


def write_shelves(language: Language) -> tuple[list[int], list[int], int]:
    """Find or make the authors, the tags and the series; return their numbers."""
    Author.objects.bulk_create(
        (Author(name=f"Author {n}", slug=f"generated-author-{n}") for n in range(AUTHORS)), ignore_conflicts=True
    )
    Tag.objects.bulk_create(
        (Tag(name=language.words[100 + n], slug=f"generated-tag-{n}") for n in range(TAGS)), ignore_conflicts=True
    )
    series = Series.objects.get_or_create(slug="generated-series", defaults={"title": "A series"})[0]
    authors, tags = (
        list(shelf.filter(slug__startswith="generated-").order_by("pk").values_list("pk", flat=True))
        for shelf in (Author.objects.all(), Tag.objects.all())
    )
    return authors, tags, series.pk


def today() -> datetime.date:
    """Return the day up to which there is content unless another one is asked for."""
    return timezone.now().date()
