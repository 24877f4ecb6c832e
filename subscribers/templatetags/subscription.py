from typing import Any, cast

from django import template
from django.template.context import RequestContext

from subscribers.forms import SubscribeForm

register = template.Library()


@register.inclusion_tag("subscribers/_subscribe_form.html", takes_context=True)
def subscribe_form(context: RequestContext) -> dict[str, Any]:
    """Show the one-line form that asks for an address."""
    return {**cast(dict[str, Any], context.flatten()), "form": SubscribeForm(auto_id="subscribe_%s")}
