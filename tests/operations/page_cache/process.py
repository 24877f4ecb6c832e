"""A web process to talk to: reads what to do from its standard input, a JSON list a line, and answers likewise.

`["read", ADDRESS]` asks the application for a page twice: with the page cache in front, and without. `["write", VERB]`
has this process change something. `["clock", SECONDS]` puts its clock to a moment.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import time_machine

from config.wsgi import uncached  # sets Django up

# isort: split
import datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from blog.models import Author, NavigationLink, Page, Post, Publication, Series, Tag
from comments.erasing import erase
from comments.models import Comment, Commenter, Thumb
from operations.page_cache.stamp import database_stamp
from tests.conftest import PLAIN_STATIC
from tests.factories import make_author, make_comment, make_page, make_post, make_series, make_staff, make_tag
from tests.operations.page_cache.counting import Counting
from tests.wsgi import Reader

BEGUN = timezone.now()
settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC}}


def begin() -> None:
    """Start anew: one post with everything around it, and one that is a draft."""
    for model in (Comment, Commenter, Post, Page, Series, Tag, Author, NavigationLink, User):
        model.objects.all().delete()
    Publication(name="Byline", comments_close_after=0).save()
    author, tag, series = make_author("Ann", slug="ann"), make_tag("Science", slug="science"), make_series(slug="row")
    post = make_post([author], [tag], slug="post", title="The post", series=series, published_at=BEGUN)
    make_comment(post, name="Bob")
    make_comment(post, status="waiting")
    make_post([author], [tag], slug="draft", title="A draft", published_at=None)
    make_page(slug="about")
    make_staff("moderator")


def moderator() -> User:
    return User.objects.get(username="moderator")


def newest(status: str) -> Comment | None:
    return Comment.objects.filter(status=status).order_by("-pk").first()


def decide(verb: str, status: str) -> Callable[[], object]:
    def act() -> object:
        comment = newest(status)
        return comment and getattr(comment, verb)(moderator())

    return act


def soon(minutes: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(minutes=minutes)


def closing() -> None:
    Post.objects.filter(slug="post").update(comments_close_after=1, published_at=soon(20) - datetime.timedelta(days=1))


VERBS: dict[str, Callable[[], object]] = {
    "begin": begin,
    "a comment waits": lambda: make_comment(Post.objects.get(slug="post"), status="waiting", source="Waiting."),
    "approve": decide("approve", "waiting"),
    "remove": decide("remove", "approved"),
    "spam": decide("mark_spam", "approved"),
    "edit a comment": lambda: Comment.objects.approved().update(rendered_html="<p>Changed.</p>"),
    "erase somebody": lambda: [erase(commenter) for commenter in Commenter.objects.order_by("-pk")[:1]],
    "thumb": lambda: [Thumb.press(comment, "reader") for comment in Comment.objects.approved()[:1]],
    "edit the post": lambda: Post.objects.filter(slug="post").update(title="New"),
    "publish": lambda: Post.objects.filter(slug="draft").update(published_at=timezone.now()),
    "schedule": lambda: Post.objects.filter(slug="draft").update(published_at=soon(10)),
    "unlist": lambda: Post.objects.filter(slug="draft").update(visibility="unlisted"),
    "list": lambda: Post.objects.filter(slug="draft").update(visibility="listed"),
    "withdraw": lambda: Post.objects.get(slug="draft").withdraw(),
    "retag": lambda: Post.objects.get(slug="draft").tags.set([]),
    "rename the tag": lambda: Tag.objects.update(name="Arts"),
    "rename the author": lambda: Author.objects.update(name="Anne"),
    "rename the site": lambda: Publication.objects.update(name="Another"),
    "close comments": lambda: Publication.objects.update(comments_open=False),
    "open comments": lambda: Publication.objects.update(comments_open=True),
    "close soon": closing,
    "add a link": lambda: NavigationLink.objects.create(label="Elsewhere", address="/elsewhere/"),
    "edit a page": lambda: Page.objects.update(rendered_html="<p>Changed.</p>"),
}  # fmt: skip
ADDRESSES = [
    "/",
    "/posts/post/",
    "/posts/post/?order=newest",
    "/posts/draft/",
    "/posts/post.md",
    "/pages/about/",
    "/tags/",
    "/tags/science/",
    "/authors/ann/",
    "/series/row/",
    "/archive/",
    "/feeds/posts.atom",
    "/feeds/comments.atom",
    "/posts/post/comments.atom",
    "/sitemap.xml",
]


class WebProcess:
    def __init__(self) -> None:
        self.site = Counting()
        self.site.application.stamp = database_stamp()
        self.plain = Reader(uncached)
        self.clock: Any = None

    def read(self, address: str, etag: str = "") -> dict[str, Any]:
        asked = self.site.asked
        kept = self.site.get(address, {"If-None-Match": etag} if etag else {})
        made = self.site.asked - asked
        plain = self.plain.get(address)
        return {
            "status": kept.status,
            "text": kept.text,
            "etag": kept.headers.get("etag"),
            "made": made,
            "is_right": kept.status == 304 or (kept.status, kept.content) == (plain.status, plain.content),
        }

    def write(self, verb: str) -> None:
        VERBS[verb]()

    def set_clock(self, moment: float) -> None:
        if self.clock:
            self.clock.stop()
        self.clock = time_machine.travel(moment, tick=False)
        self.clock.start()


def main() -> None:
    process = WebProcess()
    actions = {"read": process.read, "write": process.write, "clock": process.set_clock}
    for line in sys.stdin:
        action, *arguments = json.loads(line)
        print(json.dumps(actions[action](*arguments)), flush=True)  # noqa: T201  this is how it answers


if __name__ == "__main__":
    main()
