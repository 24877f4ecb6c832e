from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.models import Author, Byline, Image, Page, Post, Publication, Tag


class BylineInline(admin.TabularInline[Byline, Post]):
    model = Byline
    extra = 0
    min_num = 1
    autocomplete_fields = ["author"]


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    list_display = ["title", "published_at", "visibility", "updated_at"]
    list_filter = ["visibility", "published_at", "tags"]
    search_fields = ["title", "subtitle", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags", "cover"]
    inlines = [BylineInline]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "source", "cover", "tags"]}),
        (
            _("Publication"),
            {"fields": ["slug", "published_at", "visibility", "allow_comments", "email_subscribers"]},
        ),
    ]

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


@admin.register(Page)
class PageAdmin(admin.ModelAdmin[Page]):
    list_display = ["title", "slug", "updated_at"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    list_display = ["name", "tagline", "user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["portrait", "user"]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class ImageForm(forms.ModelForm[Image]):
    class Meta:
        model = Image
        fields = ["file", "alt", "caption"]

    def clean_file(self) -> Any:
        """Store a new encoding of what was sent, never the file itself."""
        file = self.cleaned_data["file"]
        return images.reencode(cast(BinaryIO, file)) if isinstance(file, UploadedFile) else file


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    form = ImageForm
    list_display = ["__str__", "width", "height", "created_at"]
    search_fields = ["alt", "caption"]


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin[Publication]):
    """One row: its list leads straight to it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:blog_publication_change", args=[Publication.load().pk]))
