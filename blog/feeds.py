"""The newest posts of the site, of a tag, of an author. Every address in them comes from SITE_URL."""

import datetime
import mimetypes
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Enclosure
from django.utils.html import escape

from blog.address import absolute
from blog.feed_formats import CleanFeed, FullTextAtom, FullTextRss, JsonFeed
from blog.markup import absolute_html
from blog.models import Author, Image, Post, Publication, Tag
from blog.models.post import PostQuerySet

LENGTH = 20  # entries


@dataclass(frozen=True)
class Subject:
    """What a feed is about: its name, the page it belongs to, its own path, and what it has, newest first."""

    title: str
    about: str
    page: str
    path: str
    entries: QuerySet[Any]


class SubjectFeed(Feed[Any, Subject]):
    """A feed about a subject; subclasses say what that is, and what an entry has."""

    feed_type: type[CleanFeed] = FullTextAtom
    item_guid_is_permalink = False

    def title(self, subject: Subject) -> str:
        return subject.title

    def subtitle(self, subject: Subject) -> str:
        return subject.about

    def description(self, subject: Subject) -> str:
        return subject.about or subject.title

    def link(self, subject: Subject) -> str:
        return absolute(subject.page)

    def feed_url(self, subject: Subject) -> str:
        return absolute(subject.path)

    def author_name(self, subject: Subject) -> str:
        """Stand in for the author of entries that nobody signed (RFC 4287, section 4.1.1)."""
        return subject.title


class EntriesFeed(SubjectFeed):
    """Posts as entries, newest first."""

    def items(self, subject: Subject) -> list[Post]:
        posts = cast(PostQuerySet, subject.entries).defer("source", "plain_text", "headings").select_related("cover")
        return list(posts.with_authors().prefetch_related("tags", "corrections")[:LENGTH])

    def item_title(self, post: Post) -> str:
        return post.title

    def item_description(self, post: Post) -> str:
        """The standfirst as HTML, which is what Atom's summary and RSS's description are read as."""
        return escape(post.standfirst)

    def item_link(self, post: Post) -> str:
        return absolute(post.get_absolute_url())

    def item_guid(self, post: Post) -> str:
        return entry_name("posts", post)

    def item_pubdate(self, post: Post) -> datetime.datetime | None:
        return post.published_at

    def item_updateddate(self, post: Post) -> datetime.datetime:
        return post.changed_at

    def item_categories(self, post: Post) -> list[str]:
        return [tag.name for tag in post.tags.all()]

    def item_enclosures(self, post: Post) -> list[Enclosure]:
        if post.cover is None:
            return []
        kind = mimetypes.guess_type(post.cover.file.url, strict=False)[0] or "image/webp"
        return [Enclosure(absolute(post.cover.file.url), str(size_of(post.cover)), kind)]

    def item_extra_kwargs(self, post: Post) -> dict[str, Any]:
        authors = [byline.author for byline in post.bylines.all()]
        return {
            "authors": [{"name": author.name, "url": absolute(author.get_absolute_url())} for author in authors],
            "content": content_of(post),
            "summary": post.standfirst,
            "language": post.language,
        }


class PostsFeed(EntriesFeed):
    """The newest listed posts of the publication."""

    path_name = "feed"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        site = Publication.load()
        return Subject(site.name, site.description, reverse("home"), reverse(self.path_name), Post.objects.listed())


class PostsRssFeed(PostsFeed):
    feed_type = FullTextRss
    path_name = "feed_rss"


class PostsJsonFeed(PostsFeed):
    feed_type = JsonFeed
    path_name = "feed_json"


class TagFeed(EntriesFeed):
    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        tag = get_object_or_404(Tag, slug=kwargs["slug"])
        path = reverse("tag_feed", args=[tag.slug])
        return Subject(titled(tag.name), tag.description, tag.get_absolute_url(), path, newest(tag))


class AuthorFeed(EntriesFeed):
    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        author = get_object_or_404(Author, slug=kwargs["slug"])
        path = reverse("author_feed", args=[author.slug])
        return Subject(titled(author.name), author.tagline, author.get_absolute_url(), path, newest(author))


def newest(subject: Tag | Author) -> PostQuerySet:
    """Return as many of the newest posts of a tag or an author as a feed has."""
    return Post.objects.newest_first().filter(pk__in=subject.listings.ids()[:LENGTH])


def entry_name(kind: str, thing: Any) -> str:
    """Return a name that stays when the address changes, so that no reader gets an entry twice (RFC 4151)."""
    return f"tag:{settings.SITE.hostname},{thing.created_at:%Y-%m-%d}:{kind}/{thing.pk}"


def titled(name: str) -> str:
    return f"{name} – {Publication.load().name}"


def content_of(post: Post) -> str:
    """Return the whole text as HTML with full addresses, and what was corrected in it since."""
    text = absolute_html(post.rendered_html, settings.SITE_URL)
    return render_to_string("blog/feed_entry.html", {"text_html": text, "corrections": post.corrections.all()})


def size_of(image: Image) -> int:
    """Return how many bytes a picture's file has; 0, as feeds write “unknown”, for a file that is not there."""
    try:
        return image.file.size
    except OSError:
        return 0
