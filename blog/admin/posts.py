from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.admin.fields import HTTPS_FIRST
from blog.models import Author, Byline, Correction, Post, Source
from blog.slugs import free_slug


class BylineForm(forms.ModelForm[Byline]):
    def has_changed(self) -> bool:
        """A name that stood in the form from the start is one to store, too."""
        return bool(self["author"].value()) or super().has_changed()


class BylineInline(admin.TabularInline[Byline, Post]):
    model = Byline
    form = BylineForm
    extra = 1
    autocomplete_fields = ["author"]


class SourceInline(admin.TabularInline[Source, Post]):
    model = Source
    formfield_overrides = HTTPS_FIRST
    extra = 0


class CorrectionInline(admin.TabularInline[Correction, Post]):
    model = Correction
    extra = 0


class PostForm(forms.ModelForm[Post]):
    """Leaves the address to the title where the author gives none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("title"):
            cleaned["slug"] = self.instance.slug or free_slug(cleaned["title"])
        return cleaned


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    form = PostForm
    formfield_overrides = HTTPS_FIRST
    list_display = ["title", "published_at", "visibility", "updated_at"]
    list_filter = ["visibility", "published_at", "tags"]
    search_fields = ["title", "subtitle", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags", "cover", "series"]
    inlines = [BylineInline, SourceInline, CorrectionInline]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "source", "cover", "tags"]}),
        (
            _("Publication"),
            {
                "fields": [
                    "slug",
                    "published_at",
                    "visibility",
                    "withdrawn_note",
                    "allow_comments",
                    "email_subscribers",
                ]
            },
        ),
        (_("Series"), {"fields": ["series", "series_position"], "classes": ["collapse"]}),
        (_("Review"), {"fields": ["reviewed_by", "reviewed_on"], "classes": ["collapse"]}),
        (
            _("Lists and search engines"),
            {
                "fields": ["excerpt", "search_title", "search_description", "canonical_url", "language"],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Post, inline: InlineModelAdmin[Byline, Post], prefix: str
    ) -> dict[str, Any]:
        """Sign a new post with the name of the person who opens the form."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj.pk is None:
            author = Author.likeliest_for(cast(User, request.user))
            kwargs["initial"] = [{"author": author.pk}] if author else []
        return kwargs

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        return self.publish(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return self.publish(request, obj) or super().response_change(request, obj)

    def publish(self, request: HttpRequest, post: Post) -> HttpResponse | None:
        """Act on the button “Save and publish now”; None if another button was pressed."""
        if "_publish" not in request.POST:
            return None
        if post.publish():
            messages.success(request, _("“%s” is published.") % post)
        else:
            messages.info(request, _("“%s” was published already.") % post)
        return HttpResponseRedirect(reverse("admin:blog_post_change", args=[post.pk]))
