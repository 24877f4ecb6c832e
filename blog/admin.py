from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog import images
from blog.models import Author, Byline, Image, Page, Post, Publication, Tag
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
