from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.formats import number_format

from blog.lists import MOST_COUNTED
from blog.markup import shorten

register = template.Library()
register.filter(shorten)


@register.filter
def short_count(count: int, most: int = MOST_COUNTED) -> str:
    """Write how many there are, of what is counted to the first past so many."""
    return number_format(min(count, most), force_grouping=True) + ("+" if count > most else "")


@register.simple_tag(takes_context=True)
def page_path(context: Context, number: int) -> str:
    """Return where a page of the list that is being shown is; the first has no number, so that it has one address."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    return f"{request.path}?{query.urlencode()}" if query else request.path
