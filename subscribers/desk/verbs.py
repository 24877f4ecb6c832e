"""What can be done to an issue. Every verb is a POST that leads back to its page, which says what came of it."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from blog.waking import wake
from subscribers import newsletter, tasks, trying
from subscribers.desk import checking, words
from subscribers.desk.access import senders_only
from subscribers.desk.forms import OverrideForm, ScheduleForm
from subscribers.desk.issues import find, issue_page
from subscribers.models import Delivery, Issue

RETRIED = [Delivery.State.FAILED, Delivery.State.UNKNOWN]


@senders_only
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    return answer(request, issue, issue.stop(), _("Stopped. Nothing more of it goes out."))


@senders_only
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    why = _("%(name)s paused it.") % {"name": cast(User, request.user).display_name}
    return answer(request, issue, issue.pause(why), _("Paused. It goes on when somebody resumes it."))


@senders_only
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    return answer(request, issue, issue.resume(), _("It goes on now. Who has got it does not get it again."))


@senders_only
@require_POST
def take_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what is left by the second route, or by the first again. Nothing does that by itself."""
    issue, fallback = find(pk), request.POST.get("route") == "second"
    said = _("It goes on by the second route.") if fallback else _("It goes on by the first route again.")
    done = bool(settings.EMAIL_FALLBACK or not fallback) and issue.take_route(fallback=fallback)
    return answer(request, issue, done, said)


@senders_only
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what ended as `state`; the unknown only with the tick that says they may get it twice."""
    issue = find(pk)
    states = [state for state in RETRIED if state in request.POST.getlist("state")]
    if Delivery.State.UNKNOWN in states and "twice" not in request.POST:
        messages.error(request, _("Tick that they may get it twice, then press the button again."))
        return redirect("issue_readers", pk)
    count = newsletter.retry(issue, states) if states else 0
    said = ngettext("One mail is tried again.", "%(count)s mails are tried again.", count) % {"count": f"{count:,}"}
    return answer(request, issue, count > 0, said)


@senders_only
@require_POST
def widen(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    count = newsletter.widen(issue) if issue.started_at else 0
    said = ngettext("One more reader gets it.", "%(count)s more readers get it.", count) % {"count": f"{count:,}"}
    return answer(request, issue, count > 0, said)


@senders_only
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a letter go out at the chosen time, unless a look at it finds something that must not go out."""
    issue, form = find(pk), ScheduleForm(request.POST)
    if not form.is_valid():
        return issue_page(request, issue, 422, schedule=form)
    if issue.state != Issue.State.DRAFT:
        return answer(request, issue, False)
    if checking.is_stopped(issue, checking.check(issue)):
        messages.error(request, _("Not sent: what is marked red below stops it."))
        return issue_page(request, issue, 422, schedule=form)
    done = issue.schedule(form.send_at())
    return answer(request, issue, done, _("It goes out %(when)s.") % {"when": words.moment(issue.send_at)})


@senders_only
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    return answer(request, issue, issue.recall(), _("It is a draft again, and does not go out by itself."))


@senders_only
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft. What was sent, or waits to be, stays."""
    issue = find(pk)
    if not issue.discard():
        return answer(request, issue, False)
    messages.success(request, _("The draft “%s” is deleted.") % issue.subject)
    return redirect("newsletter")


@senders_only
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the issue to who asks, and to nobody else."""
    issue, user = find(pk), cast(User, request.user)
    if not user.email:
        messages.error(request, _("Your account has no mail address. Ask who looks after the staff to give it one."))
        return redirect("issue", pk)
    done = trying.ask(issue, user)
    if done:
        wake(tasks.send_test_mails)
    else:
        messages.error(request, _("You had many test mails today. More can be sent tomorrow."))
        return redirect("issue", pk)
    return answer(request, issue, done, _("A test mail goes to %(address)s.") % {"address": user.email})


@senders_only
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    issue = find(pk)
    found = checking.check(issue)
    worst = found[0].in_words if found else _("Nothing to look at")
    return answer(request, issue, True, _("Checked just now. The worst: %(worst)s.") % {"worst": worst.lower()})


@senders_only
@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down why the issue goes out in spite of what is marked red."""
    issue, form = find(pk), OverrideForm(request.POST)
    if not form.is_valid():
        return issue_page(request, issue, 422, override=form)
    done = issue.override(form.cleaned_data["reason"])
    return answer(request, issue, done, _("Your reason is kept. What is marked red no longer stops it."))


def answer(request: HttpRequest, issue: Issue, done: bool, said: str = "") -> HttpResponse:
    """Lead back to the issue's page, with what happened, or that nothing did."""
    if done:
        messages.success(request, said)
    else:
        messages.warning(request, _("Nothing was changed: it had been done already, or the issue has moved on since."))
    return redirect("issue", issue.pk)
