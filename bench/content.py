"""What the site under load holds, and the addresses that it is asked for. Called with Django set up."""

import itertools
from pathlib import Path
from typing import Any, NamedTuple

COMMENTS = 20  # below the post whose page is measured
SEARCHES = 200

COMMENT = (
    "name=Reader+NUMBER&email=reader%2BNUMBER@example.org&website=&parent=&notify="
    "&body=A+thought+of+reader+NUMBER,+of+a+usual+length.+It+says+something,+and+then+it+has+been+said."
)
FORM = "application/x-www-form-urlencoded"
SUBSCRIPTION = "email=reader%2BNUMBER@example.org"


class Addresses(NamedTuple):
    """Paths, and what has to be known to use them."""

    post: str
    comment: str  # to post under another post
    stylesheet: str
    searches: str  # a file with many paths
    cookie: str  # of a moderator who is signed in


def prepare(folder: Path, size: tuple[int, int, int]) -> Addresses:
    """Fill the database that the environment names, and return what can be asked of it."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command
    from django.test import Client

    from blog.models import Post
    from operations import demo, load
    from operations.load_words import vocabulary
    from tests.factories import make_staff

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    demo.load()
    load.generate(load.Size(*size), seed=1, until=load.today())
    analyze()
    post = Post.objects.get(slug=demo.LEADING_POST)
    converse(post, COMMENTS)
    other = Post.objects.get(slug=demo.POSTS[1])
    client = Client()
    client.force_login(make_staff("moderator"))
    searches = folder / "searches.txt"
    words = vocabulary()[50 : 50 + SEARCHES]
    searches.write_text("\n".join(f"/search/?q={word}" for word in words))
    return Addresses(
        post=post.get_absolute_url(),
        comment=f"{other.get_absolute_url()}comments/",
        stylesheet=staticfiles_storage.url("css/byline.css"),
        searches=str(searches),
        cookie=f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
    )


def analyze() -> None:
    """Do what PostgreSQL's autovacuum does within minutes. SQLite goes without statistics, as on most sites."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def converse(post: Any, number: int) -> None:
    """Have so many approved comments below a post, of which nobody is told."""
    from django.utils import timezone

    from comments.models import Comment

    now = timezone.now()
    for n in range(number - post.comments.approved().count()):
        Comment.objects.create(
            post=post,
            name=f"Reader {n}",
            email=f"{n}@example.org",
            source=f"Answer {n}. It says *something* of a usual length, two sentences at most.",
            status="approved",
            followers_told_at=now,
            moderators_told_at=now,
        )


class Writer:
    """Changes the page of the post, again and again: pins the first thread, and takes the pin off."""

    def __init__(self) -> None:
        from accounts.models import User
        from blog.models import Post
        from operations import demo

        comments = Post.objects.get(slug=demo.LEADING_POST).comments.approved()
        self._first = comments.filter(depth=0, pinned_at=None).order_by("created_at")[0]
        self._moderator = User.objects.get(username="moderator")
        self._turns = itertools.cycle([self._first.pin, self._first.unpin])

    def write(self, _number: int = 0) -> None:
        assert next(self._turns)(self._moderator)


def raise_limits() -> None:
    """Give back what was counted against the whole site, the one limit that many readers reach together."""
    from blog.limits import tallies_of
    from blog.models import Tally
    from blog.turns import in_turn
    from comments import limits

    tallies = tallies_of(limits.allowances(email="", network=""))
    with in_turn():
        Tally.objects.filter(pk__in=[number for number, _began in tallies]).update(count=0)


def queries(path: str, cookie: str = "") -> int:
    """Return how many queries the application, as the server runs it, makes for one request."""
    from django.db import connection
    from django.test.client import RequestFactory
    from django.test.utils import CaptureQueriesContext

    from config.wsgi import application

    environ = RequestFactory().get(path, HTTP_HOST=own_host(), **({"HTTP_COOKIE": cookie} if cookie else {})).environ
    statuses: list[str] = []
    with CaptureQueriesContext(connection) as asked:
        response = application(environ, lambda status, headers, error=None: statuses.append(status))
        b"".join(response)
        count = len(asked)
        if close := getattr(response, "close", None):
            close()
    assert statuses == ["200 OK"], (path, statuses)
    return count


def posting_queries(path: str, body: str) -> int:
    """Return how many queries a sent form costs, when some were sent before."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, count = Client(HTTP_HOST=own_host(), REMOTE_ADDR="192.0.2.7"), 0
    for number in "123":
        with CaptureQueriesContext(connection) as asked:
            response = client.post(path, body.replace("NUMBER", number), content_type=FORM)
            count = len(asked)
        assert response.status_code == 303, response.status_code
    return count


def own_host() -> str:
    from django.conf import settings

    return str(settings.SITE.netloc)
