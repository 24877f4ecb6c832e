"""What search engines are told to visit (sitemaps.org). Addresses come from SITE_URL instead of from the request."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import Max, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.address import absolute_reverse
from blog.models import Author, Page, Post, Series, Tag

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


class ListSitemap(SiteSitemap):
    """Authors, tags and series that have something to show."""

    def items(self) -> list[Author | Tag | Series]:
        return [*self.having_posts(Author), *self.having_posts(Tag), *self.having_posts(Series)]

    def having_posts(self, model: type[Author] | type[Tag] | type[Series]) -> QuerySet[Any]:
        changed = Max(Greatest("posts__updated_at", "posts__published_at"))
        subjects = model._default_manager.filter(posts__in=Post.objects.listed().order_by())
        return subjects.annotate(seen_change=changed).order_by("pk")


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
