"""The page of the welcome: what it says, and whether it is on."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from blog.admin.editor import MarkdownEditor
from blog.markup import POST_LIMIT
from subscribers import preflight, welcome
from subscribers.desk.access import senders_only
from subscribers.models import Issue


class WelcomeForm(forms.Form):
    subject = forms.CharField(
        label=_lazy("Subject"),
        max_length=300,
        help_text=_lazy("What new readers see in their inbox, and the heading of the mail."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _lazy("Give the mail a subject.")},
    )
    source = forms.CharField(
        label=_lazy("Text"),
        max_length=POST_LIMIT,
        strip=False,
        help_text=_lazy("In Markdown. The three newest posts follow below it by themselves."),
        widget=MarkdownEditor(attrs={"rows": 14, "dir": "auto"}),
        error_messages={"required": _lazy("Write something first.")},
    )
    is_on = forms.BooleanField(
        label=_lazy("Send it to everybody who confirms"),
        required=False,
        help_text=_lazy("Readers on the list already do not get it. Switching it off leaves out who still waits."),
    )

    def __init__(self, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, auto_id="welcome_%s")


@senders_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_welcome(request: HttpRequest) -> HttpResponse:
    """Show or keep the welcome. Switching it on looks at it first; what is red leaves it off."""
    issue = welcome.current()
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial(issue))
    if form.is_valid():
        words = form.cleaned_data
        issue = welcome.write(words["subject"], words["source"], cast(User, request.user))
        if switch(issue, form):
            messages.success(request, said(issue))
            return redirect("newsletter_welcome")
    context = {"form": form, "issue": issue, "is_on": issue is not None and issue.state in welcome.ON}
    return render(request, "subscribers/desk/welcome.html", context, status=422 if form.is_bound else 200)


def initial(issue: Issue | None) -> dict[str, Any]:
    if issue is None:
        return welcome.first_words()
    return {"subject": issue.subject, "source": issue.source, "is_on": issue.state in welcome.ON}


def switch(issue: Issue, form: WelcomeForm) -> bool:
    """Switch the welcome as the form says. Return False, with the reason in the form, if it has to stay off."""
    if not form.cleaned_data["is_on"]:
        welcome.switch_off(issue)
        return True
    found = preflight.look(issue)
    if not preflight.is_red(found):
        welcome.switch_on(issue)
        return True
    for finding in found:
        if finding.level == "red":
            form.add_error("is_on", f"{finding.words} {finding.what_to_do}")
    welcome.switch_off(issue)
    return False


def said(issue: Issue) -> str:
    if issue.state in welcome.ON:
        return _("Kept. Everybody who confirms from now on gets it.")
    return _("Kept. It is switched off, so nobody gets it.")
