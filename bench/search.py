"""What finding costs on a site of a thousand posts and on one of a hundred thousand: `make bench`.

Each site is written by a seeded generator into a database of its own: every run asks the same of the same. List pages
and a mix of searches are fetched without a server between. What counts is how a page grows from the small site to the
large, and that it asks as many queries on both; milliseconds are this machine's. The slowest search's plan is printed.

python -m bench.search [--postgres] [--posts 100000]
"""

import argparse
import datetime
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.site import ROOT
from tests.postgres import running_server

FEW = 1000
CALLS = 15
VOCABULARY = 20_000
WORDS_IN_TEXT = 150
FIRST_DAY = datetime.datetime(2008, 1, 1, tzinfo=datetime.UTC)
LAST_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

LISTS = {
    "home": "/",
    "home, page 70": "/page/70/",
    "a tag of many": "/tags/tag-0/",
    "a tag of few": "/tags/tag-250/",
    "an author of most": "/authors/author-0/",
    "an author of few": "/authors/author-3/",
    "a series": "/series/a-series/",
    "the archive": "/archive/",
    "a year": "/archive/2015/",
    "a month": "/archive/2015/6/",
    "the tags": "/tags/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="What finding costs as a site grows.")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that it starts, instead of SQLite")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)  # what a run does in its own process
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.posts)))
    else:
        report(*(measure_apart(posts, postgres=options.postgres) for posts in (FEW, options.posts)))


def measure_apart(posts: int, *, postgres: bool) -> dict[str, Any]:
    """Measure a new site of this many posts in a process, and on a database, of its own."""
    with tempfile.TemporaryDirectory() as folder, database(postgres=postgres) as settings:
        Path(folder, "static").mkdir()  # WhiteNoise looks for it before collectstatic has run
        environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": folder, **settings}
        command = [sys.executable, "-m", "bench.search", "--measure", "--posts", str(posts)]
        run = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


@contextmanager
def database(*, postgres: bool) -> Iterator[dict[str, str]]:
    if not postgres:
        yield {}
        return
    with running_server() as url:
        yield {"DATABASE_URL": url}


def measure(posts: int) -> dict[str, Any]:
    """Fill the database that the environment names, fetch every page, and say how long it took and what it asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    language = fill(posts)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # what its autovacuum does within minutes
    lists = {name: cost(address) for name, address in LISTS.items()}
    asked = searches(language)
    found = {name: cost(f"/search/?q={quote(text)}") for name, text in asked.items()}
    slowest = max(found, key=lambda name: statistics.median(found[name]["times"]))
    return {
        "database": connection.display_name,
        "lists": lists,
        "searches": found,
        "slowest": slowest,
        "plan": plan_of(asked[slowest]),
    }


def cost(address: str, status: int = 200) -> dict[str, Any]:
    """Milliseconds of each call, and how many queries one makes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    assert client.get(address).status_code == status, address
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = len(queries)  # counted now: the next request empties the log
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    return {"times": times, "queries": asked}


def plan_of(text: str) -> str:
    from django.db import connection

    from blog import search

    hits = search.find(text)
    options = {"analyze": True, "buffers": False} if connection.vendor == "postgresql" else {}
    return hits.newest.explain(**options)


def report(few: dict[str, Any], many: dict[str, Any]) -> None:
    print(f"{many['database']}: milliseconds of a page on the small site and on the large, growth, queries on each")
    for kind in ("lists", "searches"):
        for name, page in many[kind].items():
            before, after = few[kind][name], page
            small, large = statistics.median(before["times"]), statistics.median(after["times"])
            growth = min(after["times"]) / min(before["times"])  # the quietest moments of a machine that does more
            queries = f"{before['queries']} {after['queries']}"
            print(f"  {name:26} {small:7.1f} {large:7.1f}   × {growth:4.1f}   {queries}")
    times = [time for page in many["searches"].values() for time in page["times"]]
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"Searches on the large site: p50 {p50:.1f} ms, p95 {p95:.1f} ms. Slowest: {many['slowest']}, by this plan:")
    print(many["plan"])


class Language:
    """Words made of syllables; the n-th is used about 1/n as often as the first, as in languages people speak."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "ai", "er", "on")]
        words = {"".join(self.rng.choices(syllables, k=self.rng.randint(2, 4))) for _ in range(VOCABULARY)}
        self.words = sorted(words)
        self.rng.shuffle(self.words)
        self.weights = list(itertools.accumulate(1 / (n + 2) for n in range(len(self.words))))

    def say(self, count: int) -> str:
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=count))


def searches(language: Language) -> dict[str, str]:
    common, usual, rare = language.words[0], language.words[150], language.words[12_000]
    return {
        "the commonest word": common,
        "a usual word": usual,
        "a rare word": rare,
        "two common words": f"{common} {language.words[1]}",
        "common and rare": f"{common} {rare}",
        "a phrase": f'"{common} {language.words[1]}"',
        "a rare phrase": f'"{usual} {rare}"',
        "common, without another": f"{common} -{language.words[1]}",
        "twelve words": " ".join(language.words[10:22]),
        "no such word": "xyzzy",
        "three hundred letters": " ".join("abcdefghijklmnopqrstuvwxyz" * 6),
    }


def fill(posts: int) -> Language:
    """Write posts with three tags each, one author who wrote most of them, a few drafts among them."""
    from blog.models import Author, Byline, Post, Series, Tag

    language = Language(seed=posts)
    rng = language.rng
    authors = Author.objects.bulk_create(Author(name=f"Author {n}", slug=f"author-{n}") for n in range(20))
    tags = Tag.objects.bulk_create(Tag(name=language.words[100 + n], slug=f"tag-{n}") for n in range(300))
    series = Series.objects.create(title="A series", slug="a-series")
    step = (LAST_DAY - FIRST_DAY) / posts
    for start in range(0, posts, 1000):
        written = Post.objects.bulk_create(
            make_post(language, n, FIRST_DAY + step * n, series) for n in range(start, start + 1000)
        )
        signer = (authors[0] if rng.random() < 0.9 else rng.choice(authors) for _ in written)
        Byline.objects.bulk_create(Byline(post=post, author=next(signer)) for post in written)
        through = Post.tags.through
        through.objects.bulk_create(
            through(post=post, tag=tag)
            for post in written
            for tag in {tags[min(int(rng.paretovariate(0.6)) - 1, len(tags) - 1)] for _ in range(3)}
        )
    return language


def make_post(language: Language, n: int, published_at: datetime.datetime, series: Any) -> Any:
    """A post as the renderer would have left it; not saved, and one in fifty not published."""
    from blog.markup import RENDERER_VERSION
    from blog.models import Post

    text = language.say(WORDS_IN_TEXT)
    return Post(
        title=language.say(6).capitalize(),
        subtitle=language.say(12),
        slug=f"post-{n}",
        source=text,
        rendered_html=f"<p>{text}</p>",
        opening=text[:200],
        plain_text=text,
        word_count=WORDS_IN_TEXT,
        renderer_version=RENDERER_VERSION,
        published_at=None if n % 50 == 0 else published_at,
        series=series if n in range(1, 20) else None,
        series_position=min(n, 99),
    )


if __name__ == "__main__":
    main()
