from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from blog.admin.editor import MARKDOWN
from blog.admin.fields import NamedRows
from blog.admin.texts import TextAdmin
from blog.models import NavigationLink, Page


@admin.register(Page)
class PageAdmin(TextAdmin):
    formfield_overrides = MARKDOWN
    fields = ["title", "slug", "source"]
    list_display = ["title", "slug", "updated_at"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(NavigationLink)
class NavigationLinkAdmin(admin.ModelAdmin[NavigationLink]):
    list_display = ["label", "address", "place", "position"]
    list_editable = ["place", "position"]
    list_filter = ["place"]

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_formset(request, formset=NamedRows, **kwargs)
