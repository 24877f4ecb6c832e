"""What the queue answers to a decision: the page again, with a line that says what was done, or the same as JSON."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from blog.parameters import number
from comments.models import Action
from comments.moderation.access import wants_json
from comments.moderation.choice import Choice, Place
from comments.moderation.verbs import TOLD, told

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# What can be said where nothing was done. The names stand in addresses.
NOTHING: dict[str, "StrOrPromise"] = {
    "already": _lazy("Somebody has decided that already. Nothing was changed."),
    "undone": _lazy("That was undone already."),
    "stale": _lazy("Something else was decided since. Nothing was undone."),
    "none": _lazy("Tick the comments first that you mean."),
}


class Notice(NamedTuple):
    """A line above the comments, and the action that its button undoes."""

    sentence: "StrOrPromise"
    undoes: Action | None = None


def of_action(action: Action, skipped: int) -> Notice:
    """Say what an action did; one query, and one more the first time somebody asks whether it was undone."""
    sentence = told(action.verb, action.decisions.count())
    if skipped:
        more = ngettext(
            "One other had been decided already, or is gone.",
            "%(count)s others had been decided already, or are gone.",
            skipped,
        )
        sentence = f"{sentence} {more % {'count': skipped}}"
    final = action.verb == Action.Verb.UNDO or hasattr(action, "undone_by")
    return Notice(sentence, None if final else action)


def asked_for(parameters: QueryDict) -> Notice | None:
    """Return the line that the parameters of the queue's address ask for, if they make sense."""
    if done := number(parameters.get("done", "")):
        actions = Action.objects.select_related("undone_by").filter(pk=done, verb__in=TOLD)
        return next((of_action(action, number(parameters.get("skipped", ""))) for action in actions), None)
    sentence = NOTHING.get(parameters.get("told", ""))
    return Notice(sentence) if sentence else None


def of_decision(request: HttpRequest, asked: Iterable[int], action: Action | None, nothing: str) -> HttpResponse:
    """Answer a decision about the comments that were `asked` for; without an action, say why `nothing` happened."""
    choice = Choice.read(request.GET)
    numbers = set(asked)
    skipped = len(numbers - set(action.decisions.values_list("comment_number", flat=True))) if action else 0
    if not wants_json(request):
        said: dict[str, object] = {"done": action.pk, "skipped": skipped} if action else {"told": nothing}
        return HttpResponseRedirect(address(choice, Place.read(request.GET.get("after", "")), said))
    notice = of_action(action, skipped) if action else Notice(NOTHING[nothing])
    still_there = set(choice.comments().filter(pk__in=numbers).values_list("pk", flat=True))
    return JsonResponse(
        {
            "told": notice.sentence,
            "undo": reverse("moderation_undo", args=[notice.undoes.pk]) if notice.undoes else None,
            "left": sorted(numbers - still_there),
            "stayed": sorted(still_there),
        }
    )


def address(choice: Choice, after: Place | None, said: dict[str, object]) -> str:
    """Return where the moderator was in the queue, with what there is to say."""
    parameters = {"after": after, **said}
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{reverse('moderation')}?{'&'.join(part for part in (choice.query, query) if part)}"


def refuse(request: HttpRequest, sentence: "StrOrPromise", status: int) -> HttpResponse:
    """Say kindly that something cannot be done, on a page that leads back to the queue."""
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=status)
    context = {"sentence": sentence, "choice": Choice.read(request.GET)}
    return render(request, "comments/moderation_refused.html", context, status=status)


def gone(request: HttpRequest) -> HttpResponse:
    return refuse(request, _("This comment is no longer here: its author erased it, or it was cleared away."), 404)
