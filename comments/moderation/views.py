"""The queue and its verbs. Every one works as a plain form; the page's script asks the same addresses for JSON."""

from collections.abc import Iterable
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from blog.parameters import number
from comments.answering import answer
from comments.models import Action, Comment
from comments.moderation import answers, counts
from comments.moderation.access import moderators_only, wants_json
from comments.moderation.choice import SEARCHED, TABS, Choice, Place
from comments.moderation.forms import AnswerForm
from comments.moderation.surroundings import page
from comments.moderation.verbs import MOST_AT_ONCE, OFFERED_FOR_MANY, VERBS
from comments.undoing import AlreadyUndoneError, undo


@moderators_only
@never_cache
@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    choice = Choice.read(request.GET)
    after = Place.read(request.GET.get("after", ""))
    context = {
        "choice": choice,
        "after": after,
        "page": page(choice, after),
        "tabs": [(name, tab.label, choice.under(name).query) for name, tab in TABS.items() if choice.offers(name)],
        "counts": counts.live(),
        "verbs": [(name, VERBS[name]) for name in OFFERED_FOR_MANY[choice.status]],
        "notice": answers.asked_for(request.GET),
        "searched": SEARCHED,
    }
    return render(request, "comments/moderation_queue.html", context)


@moderators_only
@never_cache
@require_safe
def show_counts(request: HttpRequest) -> HttpResponse:
    """How many comments wait, for a page that stays open."""
    return JsonResponse(counts.live())


@moderators_only
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Do `verb` to one comment, if it still is what it `was` when the moderator saw it."""
    name = request.POST.get("verb", "")
    if name not in VERBS:
        return refuse_verb(request)
    comments = Comment.objects.filter(pk=pk)
    if not comments.exists():
        return answers.gone(request)
    was = request.POST.get("was", "")
    if was in Comment.Status.values:
        comments = comments.filter(status=was)
    action = VERBS[name].act(comments, cast(User, request.user), request.POST.get("reason", ""))
    return answers.of_decision(request, [pk], action, "already")


@moderators_only
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Do `verb` to the comments that are ticked; to `all` that match the queue's choice once that is confirmed."""
    name = request.POST.get("verb", "")
    if name not in VERBS:
        return refuse_verb(request)
    if "all" in request.POST:
        return ask_about_all(request, name)
    picked = read_picked(request.POST.getlist("comment"))
    if not picked:
        return answers.of_decision(request, [], None, "none")
    action = VERBS[name].act(Comment.objects.as_seen(picked), cast(User, request.user), request.POST.get("reason", ""))
    return answers.of_decision(request, picked, action, "already")


def ask_about_all(request: HttpRequest, name: str) -> HttpResponse:
    """Say how many comments that would be, and ask. What is confirmed is these, not what has come since."""
    choice = Choice.read(request.GET)
    picked = list(choice.comments().values_list("pk", "status")[: MOST_AT_ONCE + 1])
    context = {
        "choice": choice,
        "name": name,
        "verb": VERBS[name],
        "count": min(len(picked), MOST_AT_ONCE),
        "picked": ",".join(f"{pk}:{status}" for pk, status in picked[:MOST_AT_ONCE]),
        "there_are_more": len(picked) > MOST_AT_ONCE,
    }
    return render(request, "comments/moderation_confirm.html", context)


@moderators_only
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a moderator's answer (`body`) on the page with the comment it answers, if that still is what it `was`."""
    comment = Comment.objects.select_related("post").filter(pk=pk).first()
    if comment is None:
        return answers.gone(request)
    form = AnswerForm(request.POST)
    if request.POST.get("was", comment.status) != comment.status:
        return answers.of_decision(request, [pk], None, "already")
    if form.is_valid():
        action = answer(comment, form.cleaned_data["body"], cast(User, request.user))
        return answers.of_decision(request, [pk], action, "already")
    if wants_json(request):
        return JsonResponse({"error": form.errors["body"][0]}, status=422)
    context = {"comment": comment, "form": form, "choice": Choice.read(request.GET)}
    return render(request, "comments/moderation_reply.html", context, status=422)


@moderators_only
@require_POST
def undo_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what an action did, wherever that is still the last that was done."""
    action = Action.objects.filter(pk=pk).first()
    if action is None:
        return answers.refuse(request, _("The log has no such action."), 404)
    asked = list(action.decisions.values_list("comment_number", flat=True))
    try:
        undone = undo(action, cast(User, request.user))
    except AlreadyUndoneError:
        return answers.of_decision(request, asked, None, "undone")
    return answers.of_decision(request, asked, undone.action, "stale")


def refuse_verb(request: HttpRequest) -> HttpResponse:
    names = ", ".join(VERBS)
    return answers.refuse(request, _("Say what to do with the comment: one of %(names)s.") % {"names": names}, 400)


def read_picked(values: Iterable[str]) -> dict[int, str]:
    """Read which comments were ticked and what each was then (“12:waiting”), no more than MOST_AT_ONCE of them."""
    parts = [part.partition(":") for value in values for part in value.split(",")]
    picked = {number(pk): status for pk, _colon, status in parts if number(pk) and status in Comment.Status.values}
    return dict(list(picked.items())[:MOST_AT_ONCE])
