"""Form fields as the whole desk uses them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

# An address typed without a scheme means https, which Django 6 takes for granted.
HTTPS_FIRST: Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class DayAndTime(AdminSplitDateTime):
    """The admin's two fields for a moment, each with a name (WCAG 2.2, 4.1.2)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, [_("Date"), _("Time")], strict=True):
            widget.attrs["aria-label"] = name


# For `Media.js` of an admin with `autocomplete_fields`.
NAMED_PICKERS = Script("js/pickers.js", type="module")

# For `ModelAdmin.formfield_overrides`.
NAMED_MOMENTS: Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]] = {
    models.DateTimeField: {"widget": DayAndTime}
}


class NamedColumns(BaseFormSet[Any]):
    """Rows of a table whose fields have the names of their columns, which the admin shows to the eye alone."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget: Any = getattr(field.widget, "widget", field.widget)  # within what adds the admin's links
            widget.attrs.setdefault("aria-label", field.label)


class NamedInlines(NamedColumns, forms.BaseInlineFormSet[Any, Any, Any]):
    """For `InlineModelAdmin.formset`."""


class NamedRows(NamedColumns, forms.BaseModelFormSet[Any, Any]):
    """For a list whose rows are edited in place."""
