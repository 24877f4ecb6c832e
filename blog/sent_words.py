"""What somebody wrote into a form that was not taken: shown again, so that no word is lost for want of a session."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from blog.bodies import length
from blog.origins import is_ours

SEVERAL_WORDS = re.compile(r"\S\s+\S")
NOT_WRITTEN = re.compile("password|^initial-|^csrfmiddlewaretoken$")


def sent_words(request: HttpRequest) -> dict[str, str]:
    """Return the texts of more than a word that came with a form of this site, by the names of their fields.

    Never a password; nothing of what another site has sent in somebody's name; and nothing of a request that is longer
    than a form without files may be: nobody's upload is read who is not known.
    """
    if request.method != "POST" or not is_ours(request) or length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return {}
    try:
        sent = request.POST.items()
    except UnreadablePostError:  # whoever sent it is gone
        return {}
    return {
        name.replace("_", " ").capitalize(): text
        for name, text in sent
        if isinstance(text, str) and SEVERAL_WORDS.search(text) and not NOT_WRITTEN.search(name)
    }


def refuse_with(words: dict[str, str], request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """Answer 403 with a page that gives these words back."""
    page = render(request, template, {**context, "words": words}, status=403)
    page["Cache-Control"] = "private, no-store"
    return page
