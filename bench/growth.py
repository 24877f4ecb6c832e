"""What pages cost as a site grows: `python -m bench --growth`, or with nothing beside it, `--only-growth`.

Each site is written by `manage.py generate_load`'s own module into a database of its own, with ten comments and ten
subscribers for each post, and asked in this process, without a server or a cache between. What counts is how a page
grows from the smallest site to the largest, beside how much longer it has become, and that it asks as many queries on
both. Milliseconds are this machine's: of CPU on SQLite, which works in this process, of a clock on PostgreSQL.
"""

import datetime
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from bench.content import COMMENTS, analyze, converse
from bench.site import run_apart, surroundings

SIZES = [1000, 10_000, 100_000]  # posts
TIMES = 10  # comments, and subscribers, for each post
CALLS = 15
QUEUE = "/admin/moderation/"

Call = Callable[[], int]  # what asks for a page, and returns the bytes of the answer
Costs = dict[str, dict[str, Any]]

LISTS = {
    "home": "/",
    "home, page 70": "/page/70/",
    "a tag of many": "/tags/generated-tag-0/",
    "a tag of few": "/tags/{few}/",
    "an author of most": "/authors/generated-author-0/",
    "an author of few": "/authors/generated-author-3/",
    "a series": "/series/generated-series/",
    "the archive": "/archive/",
    "a year": "/archive/{year}/",
    "a month": "/archive/{year}/6/",
    "the tags": "/tags/",
    "the feed": "/feeds/posts.atom",
}


def grow(sizes: list[int], *, postgres: bool) -> dict[str, Any]:
    """Measure a new site of each of these sizes, in a process and on a database of its own."""
    found = []
    for size in sizes:
        print(f"A site of {size:,} posts …", file=sys.stderr, flush=True)
        with surroundings(postgres=postgres) as environment:
            found.append(json.loads(run_apart("bench.growth", environment, str(size))))
    return {"sizes": sizes, "database": found[0]["database"], "pages": [one["pages"] for one in found]}


def measure(posts: int) -> dict[str, Any]:
    """Fill the database that the environment names, fetch every page, and say how long it took and what it asked."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from operations import load

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load.generate(load.Size(posts, posts * TIMES, posts * TIMES), seed=1, until=load.today())
    analyze()
    pages = {name: cost(call) for name, call in itertools.chain(reading(), confirming(), moderating())}
    return {"database": connection.display_name, "pages": {**pages, **cost_of_many()}}


def get(address: str, client: Any = None, status: int = 200) -> Call:
    """Return what fetches a page."""
    from django.test import Client

    client = client or Client(SERVER_NAME="localhost")

    def fetch() -> int:
        response = client.get(address)
        assert response.status_code == status, address
        return len(response.content)

    return fetch


def cost(call: Call, calls: int = CALLS) -> dict[str, Any]:
    """Milliseconds of each call, how many queries one makes, and the bytes that come of it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    size = call()
    with CaptureQueriesContext(connection) as queries:
        call()
    asked = len(queries)  # counted now: the next request empties the log
    clock, times = clock_of(connection), []
    for _ in range(calls):
        began = clock()
        call()
        times.append((clock() - began) * 1000)
    return {"times": times, "queries": asked, "bytes": size}


def clock_of(connection: Any) -> Callable[[], float]:
    """SQLite works in this process, whose CPU time is its own; a server's has to be waited for."""
    return time.process_time if connection.vendor == "sqlite" else time.perf_counter


def reading() -> Iterator[tuple[str, Call]]:
    from operations import load
    from operations.load_words import vocabulary
    from tests.factories import make_post

    post = make_post(title="A post", source="A paragraph of some length, with *emphasis*.\n\n" * 40)
    converse(post, COMMENTS)
    yield f"a post with {COMMENTS} comments", get(post.get_absolute_url())
    yield "a permalink", get(post.comments.latest("pk").get_absolute_url(), status=302)
    chosen = {"year": load.today().year - 3, "few": tag_of_one_page()}
    fill_month(chosen["year"], 6)
    for name, address in LISTS.items():
        yield name, get(address.format(**chosen))
    for name, text in searches(vocabulary()).items():
        yield f"search: {name}", get(f"/search/?q={quote(text)}")


def tag_of_one_page() -> str:
    """Return the rarest tag that fills a page: as much to show on each site."""
    from django.db.models import Count

    from blog.lists import POSTS_PER_PAGE
    from blog.models import Post, Tag

    numbers = Tag.objects.filter(posts__in=Post.objects.listed()).annotate(number=Count("posts"))
    return numbers.filter(number__gte=POSTS_PER_PAGE).order_by("number", "pk")[0].slug


def fill_month(year: int, month: int) -> None:
    """Have a busy month, which fills a page on the smallest site as well."""
    from blog.lists import TITLES_PER_PAGE
    from blog.models import Post

    first = Post.objects.listed().order_by("pk").values_list("pk", flat=True)[:TITLES_PER_PAGE]
    day = datetime.datetime(year, month, 15, tzinfo=datetime.UTC)
    Post.objects.filter(pk__in=list(first)).update(published_at=day)


def searches(words: list[str]) -> dict[str, str]:
    """Texts to search for; those that are found at all fill a page on each site."""
    common, usual, rare = words[0], words[150], words[1000]
    return {
        "the commonest word": common,
        "a usual word": usual,
        "a rare word": rare,
        "two common words": f"{common} {words[1]}",
        "common and rare": f"{common} {rare}",
        "a phrase": f'"{common} {words[1]}"',
        "a rare phrase": f'"{usual} {rare}"',
        "common, without another": f"{common} -{words[40]}",
        "twelve words": " ".join(words[10:22]),
        "no such word": "xyzzy",
        "three hundred letters": " ".join("abcdefghijklmnopqrstuvwxyz" * 6),
    }


def confirming() -> Iterator[tuple[str, Call]]:
    """A subscriber opens the mailed link, and says yes: each time another one."""
    from django.test import Client

    from subscribers import links
    from subscribers.models import Subscriber

    pending = Subscriber.objects.filter(status="pending").order_by("pk")
    client = Client(SERVER_NAME="localhost")
    paths = iter([path_of(links.confirmation(subscriber)) for subscriber in pending[: CALLS + 3]])
    yield "a link to confirm", get(next(paths))

    def confirm() -> int:
        response = client.post(next(paths))
        assert response.status_code == 200
        return len(response.content)

    yield "confirming", confirm


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def moderating() -> Iterator[tuple[str, Call]]:
    """The queue, and what of it can be most: an address, a text and a word that many comments have."""
    from django.db.models import Count
    from django.test import Client

    from comments.models import Comment
    from comments.moderation.choice import TABS, Place
    from operations.load_words import vocabulary
    from tests.factories import make_staff

    client = Client(SERVER_NAME="localhost")
    client.force_login(make_staff("moderator"))
    waiting = Comment.objects.waiting()
    middle = Place.of(waiting[waiting.count() // 2], TABS["waiting"])
    person = most_frequent(waiting, "commenter", Count("pk"))
    text = most_frequent(Comment.objects.filter(status="spam"), "text_digest", Count("pk"))
    pages = {
        "first page": QUEUE,
        "a page from the middle": f"{QUEUE}?after={middle}",
        "spam": f"{QUEUE}?status=spam",
        "by the busiest address": f"{QUEUE}?status=waiting&person={person}",
        "all with the commonest text": f"{QUEUE}?status=all&text={text}",
        "a word that many have": f"{QUEUE}?q={vocabulary()[0]}",
        "a word that none has": f"{QUEUE}?status=approved&q=xyzzy",  # reads as many on each site
        "live counts": f"{QUEUE}counts/",
    }
    for name, address in pages.items():
        yield f"queue: {name}", get(address, client)


def most_frequent(comments: Any, of: str, number: Any) -> int:
    """Return one of those comments that have most in common."""
    value = comments.order_by().values(of).annotate(number=number).order_by("-number", of)[0][of]
    return int(comments.filter(**{of: value}).order_by("pk")[0].pk)


def cost_of_many() -> Costs:
    """Milliseconds of approving the first of the queue, at most a thousand, in one action, and of undoing it.

    Three times; a site that has fewer to approve is not compared.
    """
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from comments.models import Action

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="moderator"))
    clock = clock_of(connection)
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"}).text
    picked = page.partition('name="comment" value="')[2].partition('"')[0]
    approving, undoing = [], []
    for _ in range(3):
        began = clock()
        client.post(f"{QUEUE}many/", {"verb": "approve", "comment": picked})
        approved = clock()
        action = Action.objects.latest("pk")
        client.post(f"{QUEUE}actions/{action.pk}/undo/")
        approving.append((approved - began) * 1000)
        undoing.append((clock() - approved) * 1000)
    number = f"{action.decisions.count():,}"
    return {
        f"approving {number}": {"times": approving, "queries": None, "bytes": None},
        f"undoing {number}": {"times": undoing, "queries": None, "bytes": None},
    }


def table(found: dict[str, Any]) -> list[str]:
    """Return lines of Markdown: milliseconds of each page on each site, how it grew, and how the page did."""
    sizes, first, last = found["sizes"], found["pages"][0], found["pages"][-1]
    heads = " | ".join(f"{size:,} posts" for size in sizes)
    lines = [
        f"| {found['database']}, ms | {heads} | grew × | bytes × | queries |",
        "|---|" + "---:|" * (len(sizes) + 3),
    ]
    for name in dict.fromkeys(itertools.chain(*found["pages"])):
        sites = [pages.get(name) for pages in found["pages"]]
        medians = [f"{statistics.median(site['times']):.1f}" if site else "" for site in sites]
        growth, longer, queries = "", "", ""
        if first.get(name) and last.get(name):
            growth = f"{growth_of(first[name], last[name]):.2f}"
            longer = f"{longer_by(first[name], last[name]):.2f}" if first[name]["bytes"] else ""
            queries = " ".join(dict.fromkeys(str(site["queries"] or "") for site in sites if site))
        lines.append(f"| {name} | {' | '.join(medians)} | {growth} | {longer} | {queries} |")
    return lines


def growth_of(before: dict[str, Any], after: dict[str, Any]) -> float:
    """Compare the quietest moments, as the machine may do more than this."""
    return float(min(after["times"]) / min(before["times"]))


def longer_by(before: dict[str, Any], after: dict[str, Any]) -> float:
    """Compare how much is shown; 1 for what shows nothing."""
    return float(after["bytes"] / before["bytes"]) if before["bytes"] else 1.0


def sizes_of(said: str) -> list[int]:
    return [int(size.replace("_", "")) for size in said.split(",")]


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
