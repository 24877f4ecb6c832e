"""Reading the message that an issue's readers would get. Asks the database, never another host."""

import logging
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve

from blog.markup import web_address
from blog.models import Author, Page, Post, Series, Tag
from blog.models.addresses import FormerSlug
from subscribers.letters import Letter, Reader
from subscribers.models import Issue
from subscribers.preflight.facts import Mail

logger = logging.getLogger(__name__)

READER = Reader(0, 0, "preflight@example.org")
MOST_LINKS = 500  # of which each may cost a query


class Contents(HTMLParser):
    """Collects where links lead, and how many pictures have no words to stand in for them."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.without_words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "href" in given:
            self.links.append(given["href"] or "")
        if tag == "img" and not (given.get("alt") or "").strip():
            self.without_words += 1


def read(issue: Issue) -> Mail:
    """Make the message as for a reader who is not on the list, and look at what is in it."""
    try:
        message = Letter(issue).message(READER)
        headers = {name.lower(): str(value) for name, value in message.message().items()}
    except Exception as error:
        logger.exception("The mail of issue %s cannot be made.", issue.pk)
        return Mail(subject="", text="", html="", headers={}, leave_url="", error=str(error) or type(error).__name__)
    html = str(message.alternatives[0][0]) if message.alternatives else ""
    contents = Contents()
    contents.feed(html)
    links = list(dict.fromkeys(contents.links))[:MOST_LINKS]
    return Mail(
        subject=str(message.subject),
        text=str(message.body),
        html=html,
        headers=headers,
        leave_url=headers.get("list-unsubscribe", "").partition(">")[0].lstrip("<"),
        broken_links=[link for link in links if not leads_somewhere(link)],
        foreign_links=sum(not is_own(link) for link in links),
        pictures_without_words=contents.without_words,
    )


def is_own(link: str) -> bool:
    return link == settings.SITE_URL or link.startswith(("#", "mailto:", f"{settings.SITE_URL}/"))


def leads_somewhere(link: str) -> bool:
    """Say whether a link of ours leads to something that is there, and another's at least to some host."""
    if link.startswith("mailto:"):
        return "@" in link
    if link.startswith("#"):
        return len(link) > 1
    if not is_own(link):
        return bool(web_address(link))
    return is_there(unquote(urlsplit(link).path) or "/")


# How to tell whether a page is there whose address alone does not say it, by the address's name.
LOOKED_FOR: dict[str, Callable[[str], bool]] = {
    "post": lambda slug: (
        Post.objects.published().filter(slug=slug).exists()
        or FormerSlug.objects.filter(slug=slug, post__in=Post.objects.published()).exists()
    ),
    "page": lambda slug: Page.objects.filter(slug=slug).exists(),
    "author": lambda slug: Author.objects.filter(slug=slug).exists(),
    "tag": lambda slug: Tag.objects.filter(slug=slug).exists(),
    "series": lambda slug: Series.objects.filter(slug=slug).exists(),
    "media": lambda path: default_storage.exists(path),
}


def is_there(path: str) -> bool:
    """Say whether this site has something at a path. At most two queries; pages for which a token is needed are."""
    static = f"/{settings.STATIC_URL.strip('/')}/"
    if path.startswith(static):
        return finders.find(path.removeprefix(static)) is not None
    try:
        found = resolve(path)
    except Resolver404:
        return False
    look = LOOKED_FOR.get(found.url_name or "")
    return look is None or look(next(iter(found.kwargs.values())))
