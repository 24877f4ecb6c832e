"""How posts and pages are written alike: nothing typed gets lost, nobody overwrites anybody unawares."""

import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from blog import revisions, working_copies
from blog.admin import revisions as revision_pages
from blog.models import Text, WorkingCopy


class Conflict(NamedTuple):
    """Somebody saved the text while it stood in this form."""

    revision: Any
    person: str
    text: Text

    @property
    def changes(self) -> list[revisions.Change]:
        """What saving the form would do to what they saved."""
        return revisions.changes(self.text, self.revision, self.text)


class TextForm(forms.ModelForm[Any]):
    """A text's form that knows which revision it opened, and where its words are kept meanwhile."""

    tab = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    base_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    taken_over = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    save_over = forms.IntegerField(required=False, widget=forms.HiddenInput)

    OWN_FIELDS = ["tab", "base_revision", "taken_over", "save_over"]

    class Meta:
        fields: ClassVar[list[str]] = []  # the admin says which

    working_copy: WorkingCopy | None = None  # whose words to begin with
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tab"] = str(uuid.uuid4())
        if self.is_bound:
            return
        copy = self.working_copy
        last = self.instance.last_revision() if self.instance.pk else None
        self.initial["base_revision"] = copy.base_revision if copy else last and last.history_id
        if copy:
            kept = working_copies.kept_fields(type(self.instance))
            self.initial.update({name: value for name, value in copy.values.items() if name in kept})
            self.initial["taken_over"] = working_copies.taken_over_as(copy)

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in self.OWN_FIELDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.conflict = self.find_conflict(cleaned)
        if self.conflict:
            words = {
                "name": self.conflict.person,
                "time": date_format(timezone.localtime(self.conflict.revision.history_date), "j F Y, H:i"),
            }
            sentence = _(
                "%(name)s saved this text on %(time)s, after you opened it. Yours is not saved yet; it is below."
            )
            self.add_error(None, ValidationError(sentence % words, code="conflict"))
        return cleaned

    def find_conflict(self, cleaned: dict[str, Any]) -> Conflict | None:
        """Return who saved since this form was opened, unless its writer has seen just that and goes ahead."""
        if not self.instance.pk or "base_revision" not in self.data:
            return None
        last = self.instance.last_revision()
        if last is None or last.history_id in (cleaned.get("base_revision"), cleaned.get("save_over")):
            return None
        return Conflict(last, revisions.name_of(last.history_user), self.instance)


class TextAdmin(admin.ModelAdmin[Any]):
    form = TextForm

    class Media:
        js = [Script("js/autosave.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        name = f"blog_{self.opts.model_name}"
        page, restore = self.admin_site.admin_view(self.revision_view), self.admin_site.admin_view(self.restore_view)
        return [
            path("<int:pk>/history/<int:revision>/", page, name=f"{name}_revision"),
            path("<int:pk>/history/<int:revision>/restore/", restore, name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Text | None:
        """Fetch the text. A POST locks its row: what its form is compared with stays the latest until it is saved."""
        text = super().get_object(request, object_id, from_field)
        if text is not None and request.method == "POST":
            try:
                text.refresh_from_db(from_queryset=self.model._default_manager.select_for_update())
            except self.model.DoesNotExist:
                return None
        return text

    def get_form(self, request: HttpRequest, obj: Text | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; at `?working_copy=` it begins with what that copy says."""
        form = super().get_form(request, obj, change, **kwargs)
        copy = self.asked_copy(request, obj)
        return type(form.__name__, (form,), {"working_copy": copy}) if copy else form

    def asked_copy(self, request: HttpRequest, text: Text | None) -> WorkingCopy | None:
        pk = request.GET.get("working_copy")
        if pk is None or request.method == "POST":
            return None
        return working_copies.find(cast(User, request.user), pk, str(self.opts.model_name), text)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Text | None = None,
    ) -> HttpResponse:
        user = cast(User, request.user)
        kind = str(self.opts.model_name)
        if obj is None or obj.may_be_changed_by(user):
            # A form that was refused has put into its own instance what is not saved.
            saved = self.model._default_manager.get(pk=obj.pk) if obj else None
            copies = working_copies.offered(saved) if saved else working_copies.never_saved(user, kind)
            form = context["adminform"].form
            shown = [copy for copy in copies if copy != form.working_copy and copy.tab != form["tab"].value()]
            context["copies"] = [(copy, working_copies.unsaved(copy, saved)) for copy in shown]
            context["kind"] = kind
            context["kept_fields"] = " ".join(sorted(working_copies.kept_fields(self.model)))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        copies = working_copies.never_saved(cast(User, request.user), str(self.opts.model_name))
        return super().changelist_view(request, {"never_saved": copies, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Text, form: Any, change: bool) -> None:
        obj.save(record=False)  # `save_related` records, once it is known what changed beside the text

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        beside = changed_beside(form, formsets) if change else []
        reason = _("Also changed: %(what)s") % {"what": ", ".join(beside)} if beside else ""
        form.instance.record(reason, even_if_same=bool(beside))
        sent = form.cleaned_data
        working_copies.let_go(cast(User, request.user), sent.get("tab") or "", sent.get("taken_over") or "")

    def delete_model(self, request: HttpRequest, obj: Text) -> None:
        working_copies.release(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Text]) -> None:
        for text in queryset:
            working_copies.release(text)
        super().delete_queryset(request, queryset)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        text = self.text_to_change(request, unquote(object_id))
        return revision_pages.show_revisions(request, text, self.page_context(request, text, _("Revisions")))

    def revision_view(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        text = self.text_to_change(request, str(pk))
        return revision_pages.show_revision(request, text, revision, self.page_context(request, text, _("Revision")))

    def restore_view(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        with transaction.atomic():
            text = self.text_to_change(request, str(pk))
            return revision_pages.restore(request, text, revision, self.page_context(request, text, _("Restore")))

    def text_to_change(self, request: HttpRequest, object_id: str) -> Text:
        """Fetch a text whose earlier versions this person may see and bring back."""
        text = self.get_object(request, object_id)
        if text is None:
            raise Http404
        if not text.may_be_changed_by(cast(User, request.user)):
            raise PermissionDenied
        return text

    def page_context(self, request: HttpRequest, text: Text, title: str) -> dict[str, Any]:
        pages = ["changelist", "change", "history", "revision", "restore"]
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(text),
            "opts": self.opts,
            "original": text,
            "url_names": {page: f"admin:blog_{self.opts.model_name}_{page}" for page in pages},
        }


def changed_beside(form: Any, formsets: Iterable[Any]) -> list[str]:
    """Name what was changed that revisions do not show: tags, and the rows under the form."""
    names = [field.verbose_name for field in form.instance._meta.many_to_many if field.name in form.changed_data]
    for formset in formsets:
        if formset.new_objects or formset.deleted_objects or any(fields for _row, fields in formset.changed_objects):
            names.append(formset.model._meta.verbose_name_plural)
    return [str(name) for name in names]
