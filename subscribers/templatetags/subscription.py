from typing import Any, cast

from django import forms, template
from django.template.context import RequestContext

register = template.Library()

CHOICE = "subscribe"  # the field with which a comment asks for mails too


@register.inclusion_tag("subscribers/_subscribe_form.html", takes_context=True)
def subscribe_form(context: RequestContext, place: str = "post") -> dict[str, Any]:
    """Show the one-line form that asks for an address. Costs no query."""
    return {**cast(dict[str, Any], context.flatten()), "place": place}


@register.inclusion_tag("subscribers/_subscribe_line.html", takes_context=True)
def subscribe_line(context: RequestContext) -> dict[str, Any]:
    """Show the same on one quiet line, for the foot of a page. Costs no query."""
    return cast(dict[str, Any], context.flatten())


@register.inclusion_tag("subscribers/_subscribe_choice.html")
def subscribe_choice(form: forms.Form) -> dict[str, Any]:
    """Show the box under a comment; it stays ticked when the form is shown again."""
    return {"ticked": bool(form.data.get(CHOICE) or form.initial.get(CHOICE))}
