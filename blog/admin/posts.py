from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.admin import standing
from blog.admin.editor import MARKDOWN
from blog.admin.fields import HTTPS_FIRST, NAMED_MOMENTS, NAMED_PICKERS, NamedInlines
from blog.admin.post_list import PostList
from blog.admin.texts import TextAdmin, TextForm
from blog.models import Author, Byline, Correction, Image, Post, Source, Text
from blog.slugs import free_slug


class BylineInline(admin.TabularInline[Byline, Post]):
    """Who signs. Only who may change every post arranges that: a name under a post lets its owner change it."""

    model = Byline
    formset = NamedInlines
    extra = 1
    autocomplete_fields = ["author"]

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return may_change(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return request.user.has_perm("blog.change_post")

    has_change_permission = has_delete_permission = has_add_permission


class PartInline(admin.TabularInline[Any, Post]):
    """What belongs to a post: whoever may change the post may change it."""

    formset = NamedInlines
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return may_change(request, obj)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class SourceInline(PartInline):
    model = Source
    formfield_overrides = HTTPS_FIRST


class CorrectionInline(PartInline):
    model = Correction


def may_change(request: HttpRequest, post: Post | None) -> bool:
    """Say whether this person may change the post, or, where there is none yet, write one."""
    user = cast(User, request.user)
    if post is None:
        return user.has_perm("blog.add_post") or user.has_perm("blog.write_own_post")
    return post.may_be_changed_by(user)


class PostForm(TextForm):
    """Leaves the address to the title where the author gives none, and what was public stays so until withdrawn."""

    is_published_now = False  # with the button “Save and publish now”

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # who may only look at the post gets a form without fields
            self.fields["slug"].required = False
        if "published_at" in self.fields:
            zone = timezone.get_current_timezone_name()
            self.fields["published_at"].help_text = _("Empty: a draft. In the future: scheduled. Time zone: %s.") % zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("title"):
            cleaned["slug"] = self.instance.slug or free_slug(cleaned["title"])
        if "published_at" in cleaned:
            self.clean_standing(cleaned)
        return cleaned

    def clean_standing(self, cleaned: dict[str, Any]) -> None:
        """Take the button “Save and publish now” for the time it is pressed; refuse to unpublish in silence."""
        if "published_at" not in self.changed_data:
            cleaned["published_at"] = self.instance.published_at  # to the microsecond, which the field does not show
        now, time = timezone.now(), cleaned["published_at"]
        if "_publish" in self.data and (time is None or time > now):
            cleaned["published_at"] = now
            self.is_published_now = True
        elif self.instance.was_public and (time is None or time > now):
            self.add_error("published_at", _("Readers have seen this post. To take it away, withdraw it."))


@admin.register(Post)
class PostAdmin(PostList, TextAdmin):
    form = PostForm
    formfield_overrides = {**HTTPS_FIRST, **MARKDOWN, **NAMED_MOMENTS}
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags", "cover", "series"]
    inlines = [BylineInline, SourceInline, CorrectionInline]

    class Media:
        js = [NAMED_PICKERS]

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
                    "email_subscribers",
                ]
            },
        ),
        (
            _("Conversation"),
            {"fields": ["allow_comments", "comments_held", "comments_close_after", "comments_pause"]},
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers could once open is an editor's to delete; its authors can withdraw it."""
        if obj is not None and obj.was_public:
            return admin.ModelAdmin.has_delete_permission(self, request, obj)
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Ask for leave to delete the posts alone: what hangs on them, comments too, goes with them."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, needed & {self.opts.verbose_name}, protected

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "cover":
            kwargs["queryset"] = Image.objects.usable_by(cast(User, request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep the name of who may write only their own under what they write."""
        super().save_related(request, form, formsets, change)
        if not request.user.has_perm("blog.change_post"):
            form.instance.keep_signed_by(Author.of(cast(User, request.user)))

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Post, inline: InlineModelAdmin[Byline, Post], prefix: str
    ) -> dict[str, Any]:
        """Sign a new post with the name of the person who opens the form."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj.pk is None:
            author = Author.likeliest_for(cast(User, request.user))
            kwargs["initial"] = [{"author": author.pk}] if author else []
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        post = context["original"]
        if post is not None and post.may_be_changed_by(cast(User, request.user)):
            # The form may have put into its own instance what is not saved.
            context |= standing.context_for(Post.objects.get(pk=post.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        return self.back_to_form(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return self.back_to_form(request, obj) or super().response_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Text, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.is_published_now:
            messages.success(request, _("“%s” is published.") % obj)
        elif "_publish" in request.POST:
            messages.info(request, _("“%s” was published already.") % obj)

    def back_to_form(self, request: HttpRequest, post: Post) -> HttpResponse | None:
        """Answer the button “Save and publish now”; None if another button was pressed."""
        if "_publish" not in request.POST:
            return None
        return HttpResponseRedirect(reverse("admin:blog_post_change", args=[post.pk]))
