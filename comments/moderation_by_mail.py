"""Where the links in a moderator's mail lead: /moderation/<token>/. It is outside the admin, and needs no session."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from blog.origins import reader_form
from comments import moderation_links as links
from comments import reasons
from comments.models import Action


@never_cache
@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def moderate_from_mail(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the comment with the verbs as buttons, or what became of it, and changes nothing; POST does the verb.

    A POST leads back here by GET: what happened is read from the comment, so a reload does nothing.
    """
    try:
        link = links.read(token)
    except Http404:
        return render(request, "comments/moderation_link_dead.html", status=404)
    if request.method == "POST":
        location = f"{request.path}?done" if link.act() else request.path
        return HttpResponse(status=303, headers={"Location": location})
    context = {**page(link), "just_done": "done" in request.GET}
    return render(request, "comments/moderation_mailed.html", context)


def page(link: links.Link) -> dict[str, Any]:
    """Return what the page shows: the comment with its buttons, the one from the mail first, or how it was decided."""
    make = links.Maker(link.moderator, link.claim.until)
    verbs = sorted(links.OUTCOMES, key=lambda verb: verb != link.claim.verb)
    return {
        "comment": link.comment,
        "moderator": link.moderator,
        "is_open": link.is_open,
        "is_reworded": link.is_reworded,
        "reasons": reasons.sentences(link.comment.held_for),
        "buttons": [(links.LABELS[verb], make.path(verb, link.comment)) for verb in verbs],
        "undo_path": make.path(Action.Verb.UNDO, link.comment) if link.undoable else "",
    }
