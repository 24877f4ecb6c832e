from typing import Any, cast

from django import template
from django.template.context import RequestContext

from blog.models import Post
from subscribers import newsletter
from subscribers.forms import SubscribeForm

register = template.Library()


@register.inclusion_tag("subscribers/_subscribe_form.html", takes_context=True)
def subscribe_form(context: RequestContext) -> dict[str, Any]:
    """Show the one-line form that asks for an address."""
    return {**cast(dict[str, Any], context.flatten()), "form": SubscribeForm(auto_id="subscribe_%s")}


@register.simple_tag
def mail_status(post: Post) -> str:
    """Say whether a post was mailed, and why."""
    return newsletter.why(post)
