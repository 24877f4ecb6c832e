from django.contrib import admin

from blog.admin.fields import HTTPS_FIRST
from blog.models import Author, Series, Tag


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin[Author]):
    formfield_overrides = HTTPS_FIRST
    list_display = ["name", "tagline", "user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["portrait", "user"]


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
