"""What search engines are told to visit (sitemaps.org). Addresses come from SITE_URL instead of from the request."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.address import absolute_reverse
from blog.lists import POSTS_PER_PAGE
from blog.models import Author, Listing, Page, Post, Series, Tag

MOST_ADDRESSES = 50_000  # in one file


class SiteSitemap(Sitemap):
    protocol = settings.SITE.scheme
    limit = MOST_ADDRESSES

    def get_domain(self, site: object = None) -> str:
        return settings.SITE.netloc

    def lastmod(self, item: Any) -> datetime.datetime:
        moment: datetime.datetime = item.seen_change
        return moment


class PostSitemap(SiteSitemap):
    def items(self) -> QuerySet[Post]:
        posts = (
            Post.objects.listed().select_related("cover").annotate(seen_change=Greatest("updated_at", "published_at"))
        )
        return posts.only("slug", "cover__file", "cover__width", "cover__height")  # which a file always asks for


class FrontPageSitemap(PostSitemap):
    """The front page changes with its newest post."""

    def items(self) -> QuerySet[Post]:
        return super().items()[:1]

    def location(self, item: Post) -> str:
        return reverse("home")


class PageSitemap(SiteSitemap):
    def items(self) -> QuerySet[Page]:
        return Page.objects.annotate(seen_change=Max("updated_at")).order_by("pk").only("slug")


class LatestOf(Subquery):
    """The latest of the changes that a query finds for a row of the outer one."""

    template = "(SELECT MAX(change) FROM (%(subquery)s) AS changes)"
    output_field = DateTimeField()


class ListSitemap(SiteSitemap):
    """Authors, tags and series that have something to show, each changed when what its first page shows was."""

    def items(self) -> list[Author | Tag | Series]:
        listings = Listing.objects.until_now().values(change=Greatest("post__updated_at", "published_at"))
        parts = Post.objects.listed().order_by().values(change=Greatest("updated_at", "published_at"))
        return [
            *self.changed(Author, listings.filter(author=OuterRef("pk"))[:POSTS_PER_PAGE]),
            *self.changed(Tag, listings.filter(tag=OuterRef("pk"))[:POSTS_PER_PAGE]),
            *self.changed(Series, parts.filter(series=OuterRef("pk"))),
        ]

    def changed(self, model: type[Author] | type[Tag] | type[Series], changes: QuerySet[Any, Any]) -> list[Any]:
        subjects = model._default_manager.annotate(seen_change=LatestOf(changes)).order_by("pk")
        return [subject for subject in subjects if subject.seen_change]


SECTIONS: dict[str, type[SiteSitemap]] = {
    "front": FrontPageSitemap,
    "posts": PostSitemap,
    "pages": PageSitemap,
    "lists": ListSitemap,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with every address; past the most that a file may have, with the files that have them."""
    if sum(section().paginator.count for section in SECTIONS.values()) <= MOST_ADDRESSES:
        return show_section(request)
    files = [
        SitemapIndexItem(f"{absolute_reverse('sitemap_section', name)}?p={number}")
        for name, section in SECTIONS.items()
        for number in section().paginator.page_range
    ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


@require_safe
def show_section(request: HttpRequest, section: str | None = None) -> HttpResponse:
    return django_views.sitemap(request, {**SECTIONS}, section, template_name="blog/sitemap.xml")
