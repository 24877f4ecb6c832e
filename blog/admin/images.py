"""The library of pictures: each at a glance, where it is used, and which are not."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from blog import picture_uses
from blog.admin.own import OwnRows
from blog.forms import ImageForm
from blog.models import Image
from blog.pictures import picture_html


class ImageList(ChangeList):
    """A page of the list that knows where its pictures are used, in as many queries however many they are."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        uses = picture_uses.of(self.result_list, cast(User, request.user))
        for image in self.result_list:
            image.uses = uses[image.pk]


class UseFilter(admin.SimpleListFilter):
    title = _lazy("use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _lazy("Used")), ("no", _lazy("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        match self.value():
            case "yes":
                return queryset.filter(picture_uses.is_used())
            case "no":
                return queryset.exclude(picture_uses.is_used())
        return queryset


@admin.register(Image)
class ImageAdmin(OwnRows):
    own_permission = "blog.add_image"
    form = ImageForm
    list_display = ["thumbnail", "__str__", "used_in", "uploaded_by", "created_at"]
    list_display_links = ["thumbnail", "__str__"]
    list_filter = [UseFilter]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["alt", "caption", "file"]

    class Media:
        css = {"all": ["css/editor.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ImageList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Image | None:
        image: Image | None = super().get_object(request, object_id, from_field)
        if image is not None:
            image.uses = picture_uses.of([image], cast(User, request.user))[image.pk]  # type: ignore[attr-defined]  # for this page
        return image

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> list[Any]:
        words = ["alt", "caption", "focus"]
        return ["thumbnail", *words, "markdown", "used_in", "size"] if obj else ["file", *words]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        """A stored picture never changes: who wants another one adds it."""
        return ["thumbnail", "markdown", "used_in", "size"]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if not change:
            obj.uploaded_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=_lazy("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        picture = picture_html(
            image.file.url,
            image.alt or _("Picture without a description"),
            place="thumbnail",
            size=(image.width, image.height),
        )
        return format_html('<span class="image-thumbnail">{}</span>', picture)

    @admin.display(description=_lazy("used in"))
    def used_in(self, image: Image) -> SafeString | str:
        links = [
            format_html('<a href="{}">{}</a>', use.address, use.words) if use.address else use.words
            for use in image.uses  # type: ignore[attr-defined]  # from get_object or the list
        ]
        return format_html_join(", ", "{}", ((link,) for link in links)) or _("nothing")

    @admin.display(description=_lazy("size"), ordering="width")
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description=_lazy("Markdown"))
    def markdown(self, image: Image) -> SafeString:
        return format_html("<code>{}</code>", image.markdown)
