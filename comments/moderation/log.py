"""The audit log at /admin/moderation/log/: who did what, when, to which comments."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog.parameters import number
from comments.models import Action, Decision
from comments.moderation.access import moderators_only
from comments.moderation.counts import MOST, Capped
from comments.undoing import FINAL

PER_PAGE = 50


@moderators_only
@never_cache
@require_safe
def show_log(request: HttpRequest) -> HttpResponse:
    """The newest actions first; `?comment=` those on one comment, `?after=` those before an action."""
    comment, after = (number(request.GET.get(name, "")) for name in ("comment", "after"))
    actions = Action.objects.select_related("user", "undone_by__user").order_by("-pk")
    if comment:
        actions = actions.filter(pk__in=Decision.objects.filter(comment_number=comment).values("action"))
    if after:
        actions = actions.filter(pk__lt=after)
    decisions = Decision.objects.filter(action=OuterRef("pk"))
    rows = list(
        actions.annotate(
            count=Capped(decisions, MOST),
            first_comment=Subquery(decisions.order_by("comment_number").values("comment_number")[:1]),
        )[: PER_PAGE + 1]
    )
    shown = rows[:PER_PAGE]
    further = shown[-1].pk if len(rows) > PER_PAGE else None
    context = {"actions": shown, "comment": comment, "further": further, "final": FINAL}
    return render(request, "comments/moderation_log.html", context)
