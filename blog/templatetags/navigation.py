from django import template
from django.db.models import QuerySet

from blog.markup import shorten
from blog.models import Page

register = template.Library()
register.filter(shorten)


@register.simple_tag
def get_site_pages() -> QuerySet[Page]:
    """Return the pages that the footer links to."""
    return Page.objects.only("title", "slug").order_by("title")
