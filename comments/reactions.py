"""What readers do with a comment without answering it: a thumbs-up, a report. Both count once for a network."""

import datetime
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.networks import network_of
from blog import limits
from blog.networks import keyed_digest
from blog.origins import reader_form
from comments.models import Comment, Report, Thumb

KEPT = datetime.timedelta(days=30)
HOUR = datetime.timedelta(hours=1)
# From one network, which may be a whole university's, in an hour.
MOST_THUMBS = 100
MOST_REPORTS = 20


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Report.Reason,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong with it."),
            "invalid_choice": _("Choose one of these reasons."),
        },
    )


@reader_form
@require_POST
def press_thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a thumbs-up, or take it back: 303 to the comment, or, for a script that asks for JSON, the new number."""
    comment = get_object_or_404(Comment.objects.public(), pk=pk)
    if not limits.count("thumbs", network_of(request), MOST_THUMBS, HOUR):
        return render(request, "comments/thumb_refused.html", {"comment": comment}, status=429)
    given = Thumb.press(comment, reader_of(request, comment))
    if not request.accepts("text/html"):
        return JsonResponse({"thumbs": comment.thumbs, "given": given})
    return HttpResponse(status=303, headers={"Location": comment.get_absolute_url()})


@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the comment and asks for a reason, POST tells the moderators; `?sent` says what happens next."""
    comment = get_object_or_404(Comment.objects.public().select_related("post"), pk=pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    page = {"comment": comment, "form": form, "sent": "sent" in request.GET}
    if not form.is_valid():
        return render(request, "comments/comment_report.html", page, status=422 if form.is_bound else 200)
    if not limits.count("reports", network_of(request), MOST_REPORTS, HOUR):
        form.add_error(None, _("Many reports came from your network within an hour. Please try again later."))
        return render(request, "comments/comment_report.html", page, status=429)
    Report.file(comment, reader_of(request, comment), form.cleaned_data["reason"])
    return HttpResponse(status=303, headers={"Location": f"{request.path}?sent"})


def reader_of(request: HttpRequest, comment: Comment) -> str:
    """Return the keyed digest that stands for a reader's network at this one comment, and at no other."""
    return keyed_digest(f"{comment.pk}\n{network_of(request)}")


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Forget which networks gave what has been counted for long; return how many rows went. The numbers stay."""
    past = timezone.now() - KEPT
    return sum(rows.objects.filter(created_at__lt=past).delete()[0] for rows in (Thumb, Report))
