from django.contrib import admin
from django.http import HttpRequest

from blog.admin.fields import HTTPS_FIRST, NAMED_PICKERS
from blog.models import Author, Series, Tag


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    formfield_overrides = HTTPS_FIRST
    list_display = ["name", "tagline", "user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["portrait", "user"]

    class Media:
        js = [NAMED_PICKERS]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        """Leave it to who looks after the staff whose name this is: that person may then change what it signs."""
        return [] if request.user.has_perm("accounts.view_user") else ["user"]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin[Series]):
    list_display = ["title", "slug"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
