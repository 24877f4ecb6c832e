"""The field in which posts and pages are written."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from blog import images

# In the order of the toolbar: what static/js/editor/marks.js calls it, what it is called here, the key that does it.
TOOLS = [
    ("bold", _("Bold"), "B"),
    ("italic", _("Italic"), "I"),
    ("link", _("Link"), "K"),
    ("heading", _("Heading"), ""),
    ("quote", _("Quote"), ""),
    ("list", _("List"), ""),
    ("code", _("Code"), ""),
    ("picture", _("Picture"), ""),
    ("footnote", _("Footnote"), ""),
    ("table", _("Table"), ""),
]


class MarkdownEditor(AdminMarkdownxWidget):
    """django-markdownx's widget with a face and a script of our own; where no script runs, a textarea."""

    template_name = "django/forms/widgets/textarea.html"

    class Media:
        extend = False
        css = {"all": ["css/editor.css"]}
        js = [Script("js/editor.js", type="module")]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attrs = {**(attrs or {})}
        context = {
            "textarea": super().render(name, value, attrs, renderer),
            "id": attrs.get("id", f"id_{name}"),
            "tools": TOOLS,
            "largest_upload": images.LARGEST_UPLOAD,
        }
        return render_to_string("blog/editor.html", context)


# For `ModelAdmin.formfield_overrides`.
MARKDOWN: Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]] = {
    models.TextField: {"form_class": MarkdownxFormField, "widget": MarkdownEditor}
}
