"""The list of posts: what it shows of each, by what it is narrowed down, what can be done to many at once."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from blog.admin.own import OwnRows
from blog.admin.post_actions import ACTIONS
from blog.admin.post_calendar import show_calendar
from blog.models import Post
from blog.standing import Standing, standing_as, with_standing

LONG_COLUMNS = ["source", "rendered_html", "plain_text", "headings"]


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(standing.value, standing.label) for standing in Standing]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        chosen = self.value()
        return standing_as(Standing(chosen), queryset) if chosen in Standing.values else queryset


class PostChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Post]:
        """Fetch what the columns show in a fixed number of queries, and leave the long texts where they are."""
        posts: Any = super().get_queryset(request, *args, **kwargs)
        return with_standing(posts.defer(*LONG_COLUMNS).with_authors())


class PostList(OwnRows):
    """The half of the posts' admin that deals with many of them; blog/admin/posts.py has the form for one."""

    own_permission = "blog.write_own_post"
    empty_value_display = "–"
    list_display = ["title", "in_words", "signed_with", "published_at"]
    columns_from_above: ClassVar[dict[Callable[[Post], object], str]] = {}
    list_filter = [
        StandingFilter,
        ("authors", admin.RelatedOnlyFieldListFilter),
        ("tags", admin.RelatedOnlyFieldListFilter),
        ("series", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title", "subtitle", "slug"]
    actions = ACTIONS

    @classmethod
    def add_column(cls, show: Callable[[Post], object], *, related: str) -> None:
        """Show in the list what an app above this one knows of each post, by a row that it keeps for the post."""
        cls.columns_from_above[show] = related

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*self.list_display, *self.columns_from_above]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return list(self.columns_from_above.values())

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PostChangeList

    def get_urls(self) -> list[URLPattern]:
        calendar = self.admin_site.admin_view(self.calendar_view)
        return [path("calendar/", calendar, name="blog_post_calendar"), *super().get_urls()]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        return show_calendar(self, request)

    @admin.display(description=_("state"))
    def in_words(self, post: Any) -> str:
        return str(Standing(post.standing).label)

    @admin.display(description=_("authors"))
    def signed_with(self, post: Post) -> str:
        return ", ".join(byline.author.name for byline in post.bylines.all())
