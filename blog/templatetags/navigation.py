from django import template
from django.http import HttpRequest
from django.template import Context

from blog.markup import shorten

register = template.Library()
register.filter(shorten)


@register.simple_tag(takes_context=True)
def page_path(context: Context, number: int) -> str:
    """Return where a page of the list that is being shown is; the first has no number, so that it has one address."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    return f"{request.path}?{query.urlencode()}" if query else request.path
