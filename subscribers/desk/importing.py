"""Bringing a list in, at /admin/newsletter/import/: first what it would do, then the button.

Everything happens in the request. The page takes what takes a few seconds, so that there is no state of an import to
keep, to show and to lose; longer lists are for the command.
"""

from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from subscribers.desk.access import only_with
from subscribers.importing import bringing, uploads
from subscribers.importing.entry import UnreadableListError
from subscribers.importing.lines import Options
from subscribers.importing.table import Reconciliation

MOST_LINES = 20_000

KINDS = [
    ("", _("The file says it itself")),
    ("subscribed", _("People who subscribed")),
    ("unsubscribed", _("People who left")),
    ("cleaned", _("Addresses from which mails came back")),
]


class ListForm(forms.Form):
    """The file, or the name of the one that was looked at before, and what is said about it."""

    file = forms.FileField(label=_("File"), required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Who is on it"), choices=KINDS, required=False)
    consent = forms.CharField(
        label=_("How they agreed to be mailed"),
        help_text=_("For a plain list of addresses of people who subscribed. Kept as evidence, word for word."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person or 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, path = data.get("file"), uploads.find(data.get("kept", ""), self.person)
        if file and file.size > uploads.LARGEST:
            self.add_error("file", _("This file is larger than ten megabytes. Use the command import_subscribers."))
        elif not file and path is None and "file" not in self.errors:
            gone = _("The file was kept for an hour and is gone. Choose it again.")
            self.add_error("file", gone if data.get("kept") else _("Choose a file."))
        elif not self.errors:
            data["path"] = uploads.keep(file, self.person) if file else path
        return data


@only_with("subscribers.move_list", back="list_import")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Show the form; then what a file would do; then, with `bring`, do it."""
    person = request.user.pk
    if request.method != "POST":
        return show(request, ListForm(person=person))
    form = ListForm(request.POST, request.FILES, person=person)
    if not form.is_valid():
        return show(request, form, status=422)
    path: Path = form.cleaned_data["path"]
    dry_run = "bring" not in request.POST
    try:
        table = account_of(path, form.cleaned_data, dry_run=dry_run)
    except UnreadableListError as error:
        uploads.drop(path)
        form.add_error("file", str(error))
        return show(request, form, status=422)
    if not dry_run:
        uploads.drop(path)
    return show(request, form, table=table, kept=path.parent.name)


def account_of(path: Path, data: dict[str, Any], *, dry_run: bool) -> Reconciliation:
    options = Options(data["kind"], data["consent"])
    return bringing.bring([path], options, dry_run=dry_run, most_lines=MOST_LINES)


def show(request: HttpRequest, form: ListForm, status: int = 200, **context: Any) -> HttpResponse:
    page = "subscribers/desk/import_table.html" if "table" in context else "subscribers/desk/import_form.html"
    return render(request, page, {"form": form, "most": MOST_LINES, **context}, status=status)
