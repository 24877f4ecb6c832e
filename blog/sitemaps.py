import datetime

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet

from blog.models import Author, Page, Post, Tag


class SiteSitemap(Sitemap):
    """A sitemap whose addresses come from SITE_URL instead of from the request."""

    protocol = settings.SITE.scheme

    def get_domain(self, site: object = None) -> str:
        return settings.SITE.netloc


class PostSitemap(SiteSitemap):
    def items(self) -> QuerySet[Post]:
        return Post.objects.listed().only("slug", "updated_at", "published_at")

    def lastmod(self, post: Post) -> datetime.datetime:
        return post.updated_at


class PageSitemap(SiteSitemap):
    def items(self) -> QuerySet[Page]:
        return Page.objects.only("slug", "updated_at")

    def lastmod(self, page: Page) -> datetime.datetime:
        return page.updated_at


class ListSitemap(SiteSitemap):
    """Authors and tags that have something to show."""

    def items(self) -> list[Model]:
        listed = Post.objects.listed().order_by()
        return [
            *Author.objects.filter(posts__in=listed).distinct(),
            *Tag.objects.filter(posts__in=listed).distinct(),
        ]


SITEMAPS = {"posts": PostSitemap, "pages": PageSitemap, "lists": ListSitemap}
