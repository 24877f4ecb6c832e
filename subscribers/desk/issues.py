"""The newsletter's front page, and the page of one issue."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog.parameters import number
from subscribers import newsletter
from subscribers.desk import checking, words
from subscribers.desk.access import senders_only
from subscribers.desk.forms import OverrideForm, ScheduleForm
from subscribers.desk.progress import Progress
from subscribers.models import Issue, IssueQuerySet
from subscribers.models.issue import NEVER_ENDS

PER_PAGE = 20
State = Issue.State
NOT_BEGUN = [State.DRAFT, State.WAITING, State.PAUSED]  # a paused one, if it was held back before it began
UNDER_WAY = [State.SENDING, State.PAUSED]
ENDED = [State.SENT, State.STOPPED]


@dataclass(frozen=True)
class Entry:
    """An issue in the list, and where it stands in a sentence."""

    issue: Issue
    sentence: str
    progress: Progress | None = None


@senders_only
@never_cache
@require_safe
def show_issues(request: HttpRequest) -> HttpResponse:
    """What waits, what goes out, what is being written, what was sent; `?after=` older ones of the last kind alone."""
    after = number(request.GET.get("after", ""))
    ended = issues().filter(state__in=ENDED).order_by("-pk")
    rows = list(ended.filter(pk__lt=after)[: PER_PAGE + 1] if after else ended[: PER_PAGE + 1])
    context: dict[str, Any] = {
        "ended": rows[:PER_PAGE],
        "further": rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None,
        "after": after,
    }
    if not after:
        waiting = issues().filter(state=State.WAITING).order_by("send_at", "pk")
        context["waiting"] = [Entry(issue, said_before(issue)) for issue in waiting[:PER_PAGE]]
        context["under_way"] = [said_meanwhile(one) for one in issues().filter(state__in=UNDER_WAY)[:PER_PAGE]]
        context["drafts"] = issues().filter(state=State.DRAFT)[:PER_PAGE]
    return render(request, "subscribers/desk/issue_list.html", context)


@senders_only
@never_cache
@require_safe
def show_issue(request: HttpRequest, pk: int) -> HttpResponse:
    return issue_page(request, find(pk))


def issue_page(request: HttpRequest, issue: Issue, status: int = 200, **more: Any) -> HttpResponse:
    """Answer with an issue's page; `more` holds a form that was refused."""
    begins = issue.state in NOT_BEGUN and issue.started_at is None
    audience = newsletter.audience_of(issue).count() if begins else None
    progress = Progress.of(issue)
    found = checking.kept(issue)
    context = {
        "issue": issue,
        "audience": audience,
        "progress": progress,
        "sentence": words.about(issue, progress, audience),
        "pace": words.pace(progress),
        "rests": words.rests(issue),
        "begins": begins,
        "never_ends": issue.kind == NEVER_ENDS,
        "has_second_route": bool(settings.EMAIL_FALLBACK) or issue.fallback,
        "found": found,
        "is_stopped": checking.is_stopped(issue, found),
        "visits": issue.visits.aggregate(sum=Sum("count"))["sum"] or 0,
        "schedule": ScheduleForm(),
        "override": OverrideForm(),
        **more,
    }
    return render(request, "subscribers/desk/issue_detail.html", context, status=status)


def find(pk: int) -> Issue:
    return get_object_or_404(issues(), pk=pk)


def issues() -> IssueQuerySet:
    return Issue.objects.select_related("post", "made_by")


def said_before(issue: Issue) -> str:
    return f"{words.before(issue)} {words.would_get(newsletter.audience_of(issue).count())}"


def said_meanwhile(issue: Issue) -> Entry:
    if issue.started_at is None:
        return Entry(issue, said_before(issue))
    progress = Progress.of(issue)
    return Entry(issue, words.about(issue, progress, None), progress)
