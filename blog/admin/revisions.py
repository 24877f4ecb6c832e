"""The pages that show what a text said before, and bring it back."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import revisions
from blog.models import Text

PER_PAGE = 25

Context = dict[str, Any]


class Line(NamedTuple):
    """One revision in the list: the row, who made it, and the names of what it changed."""

    revision: Any
    person: str
    changed: list[str]


def show_revisions(request: HttpRequest, text: Text, context: Context) -> HttpResponse:
    rows = text.history.order_by("-history_id").select_related("history_user")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(rows[page.start_index() - 1 : page.end_index() + 1]) if page.paginator.count else []
    lines = [
        Line(revision, revisions.name_of(revision.history_user), changed_labels(text, older, revision))
        for revision, older in zip(shown, [*shown[1:], None], strict=True)
    ]
    context |= {"lines": lines[: len(page.object_list)], "page": page, "last": text.last_revision()}
    return render(request, "admin/blog/revision_list.html", context)


def changed_labels(text: Text, older: Any | None, revision: Any) -> list[str]:
    if older is None:
        return []
    return [revisions.label(field) for field in revisions.changed_fields(text, older, revision)]


def show_revision(request: HttpRequest, text: Text, revision_id: int, context: Context) -> HttpResponse:
    """Show one revision beside the one before it."""
    revision = get_object_or_404(text.history.select_related("history_user"), history_id=revision_id)
    older = text.history.filter(history_id__lt=revision_id).order_by("-history_id").first()
    context |= {
        "revision": revision,
        "person": revisions.name_of(revision.history_user),
        "first": older is None,
        "changes": revisions.changes(text, older, revision) if older else [],
        "can_restore": bool(restorable_changes(text, revision)),
    }
    return render(request, "admin/blog/revision_detail.html", context)


def restore(request: HttpRequest, text: Text, revision_id: int, context: Context) -> HttpResponse:
    """GET shows what would change and asks; POST does it, as a new revision."""
    revision = get_object_or_404(text.history.all(), history_id=revision_id)
    if request.method != "POST":
        context |= {"revision": revision, "changes": restorable_changes(text, revision)}
        return render(request, "admin/blog/revision_restore.html", context)
    saved_at = date_format(timezone.localtime(revision.history_date), "j F Y, H:i")
    if text.restore(revision, _("Restored what was saved on %(date)s") % {"date": saved_at}):
        messages.success(
            request, _("“%(text)s” says again what it said on %(date)s.") % {"text": text, "date": saved_at}
        )
    else:
        messages.info(request, _("“%s” says that already.") % text)
    return redirect(reverse(f"admin:{text._meta.app_label}_{text._meta.model_name}_change", args=[text.pk]))


def restorable_changes(text: Text, revision: Any) -> list[revisions.Change]:
    return revisions.changes(text, text, revision, leave_out=text.STANDING_FIELDS)
