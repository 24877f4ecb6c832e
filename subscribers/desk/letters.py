"""Writing letters: mails to the list with no post behind them."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from subscribers.desk.access import senders_only
from subscribers.desk.forms import LetterForm
from subscribers.models import Issue

WRITE = "subscribers/desk/letter_write.html"


@senders_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request: HttpRequest) -> HttpResponse:
    """Begin a letter. What is saved is a draft; nothing goes out before somebody sends it."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, WRITE, {"form": form}, status=422 if form.is_bound else 200)
    words = form.cleaned_data
    return saved(request, Issue.draft(words["subject"], words["source"], cast(User, request.user)))


@senders_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft. What is sent over a newer version is refused, and both texts are shown."""
    issue = get_object_or_404(Issue, pk=pk, kind=Issue.Kind.LETTER)
    if request.method != "POST":
        if issue.state != Issue.State.DRAFT:
            return redirect("issue", pk)
        initial = {"subject": issue.subject, "source": issue.source, "seen": issue.words_digest}
        return render(request, WRITE, {"issue": issue, "form": LetterForm(initial=initial)})
    form = LetterForm(request.POST)
    if form.is_valid():
        seen = request.POST.get("save_over") or form.cleaned_data["seen"]
        if issue.write(form.cleaned_data["subject"], form.cleaned_data["source"], seen):
            return saved(request, issue)
        refuse(form, issue)
    return render(request, WRITE, {"issue": issue, "form": form, "theirs": newer(form, issue)}, status=422)


def saved(request: HttpRequest, issue: Issue) -> HttpResponse:
    if "preview" in request.POST:
        return redirect("issue_preview", issue.pk)
    messages.success(request, _("Saved as a draft. Nothing goes out before you send it."))
    return redirect("issue", issue.pk)


def refuse(form: LetterForm, issue: Issue) -> None:
    """Say why the text was not saved. It stays in the form."""
    issue.refresh_from_db()
    if issue.state == Issue.State.DRAFT:
        said = _("Somebody saved this letter after you opened it. Yours is not saved yet; both texts are below.")
    else:
        said = _("This letter was sent on its way after you opened it, so it cannot be changed. Your text is below.")
    form.add_error(None, said)


def newer(form: LetterForm, issue: Issue) -> Issue | None:
    """Return the letter as somebody else saved it, if that is why this form was refused."""
    return issue if form.non_field_errors() and issue.state == Issue.State.DRAFT else None
