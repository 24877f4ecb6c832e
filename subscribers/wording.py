"""The words that a form shows when somebody gives it their address, as the ledger keeps them."""

import html

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from blog.models import Publication
from subscribers.forms import SubscribeForm
from subscribers.models import Consent

HOME = "home"  # shows under its list what a post shows under its text

FORMS: dict[str, str] = {
    Consent.Place.PAGE: "subscribers/_subscribe_page_form.html",
    Consent.Place.POST: "subscribers/_subscribe_form.html",
    HOME: "subscribers/_subscribe_form.html",
    Consent.Place.FOOTER: "subscribers/_subscribe_line.html",
    Consent.Place.COMMENT: "subscribers/_subscribe_choice.html",
}


def of(form: str) -> str:
    """Return what a form says, as one line; nothing where there is no form. Costs one query."""
    template = FORMS.get(form)
    if template is None:
        return ""
    context = {"publication": Publication.load(), "form": SubscribeForm(), "words_alone": True}
    return " ".join(html.unescape(strip_tags(render_to_string(template, context))).split())
