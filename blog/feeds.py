import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from blog.address import absolute, absolute_reverse
from blog.markup import absolute_html, clean_source
from blog.models import Post, Publication

LENGTH = 20


class FullTextAtom(Atom1Feed):
    """Atom with the whole text in `content` beside the summary (RFC 4287, section 4.1.3)."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class PostsFeed(Feed[Post, Publication]):
    """The newest listed posts. Every address in it comes from SITE_URL.

    Names and titles lose what XML forbids: one control character in one of them would be no feed for anybody.
    """

    feed_type = FullTextAtom

    def get_object(self, request: HttpRequest) -> Publication:
        return Publication.load()

    def title(self, publication: Publication) -> str:
        return clean_source(publication.name)

    def subtitle(self, publication: Publication) -> str:
        return clean_source(publication.description)

    def link(self) -> str:
        return absolute_reverse("home")

    def feed_url(self) -> str:
        return absolute_reverse("feed")

    def items(self) -> list[Post]:
        posts = Post.objects.listed().select_related("cover").with_authors().prefetch_related("tags")
        return list(posts[:LENGTH])

    def item_link(self, post: Post) -> str:
        return absolute(post.get_absolute_url())

    def item_title(self, post: Post) -> str:
        return clean_source(post.title)  # plain text in Atom; Django's own method escapes it once more, for RSS

    def item_description(self, post: Post) -> str:
        return escape(clean_source(post.standfirst))  # Django's Atom says that a summary is HTML

    def item_pubdate(self, post: Post) -> datetime.datetime | None:
        return post.published_at

    def item_updateddate(self, post: Post) -> datetime.datetime:
        return max(post.updated_at, post.published_at or post.updated_at)

    def item_author_name(self, post: Post) -> str:
        return clean_source(", ".join(byline.author.name for byline in post.bylines.all()))

    def item_categories(self, post: Post) -> list[str]:
        return [clean_source(tag.name) for tag in post.tags.all()]

    def item_extra_kwargs(self, post: Post) -> dict[str, str]:
        return {"content": absolute_html(post.rendered_html, settings.SITE_URL)}
