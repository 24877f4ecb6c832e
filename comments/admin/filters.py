from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from blog.admin.one_row import OneRowAdmin
from comments import languages, learning
from comments.models import Filters
from comments.patterns import check_patterns


class FiltersForm(forms.ModelForm[Filters]):
    """Refuses what could never find anything."""

    def clean_patterns(self) -> str:
        written: str = self.cleaned_data["patterns"]
        check_patterns(written)
        return written

    def clean_languages(self) -> str:
        codes = languages.codes(self.cleaned_data["languages"])
        unknown = [code for code in codes if not languages.is_known(code)]
        if unknown:
            sentence = _("No language is known by this code: %(codes)s. Write codes such as en, de or pt.")
            raise forms.ValidationError(sentence % {"codes": ", ".join(unknown)})
        return ", ".join(codes)


@admin.register(Filters)
class FiltersAdmin(OneRowAdmin[Filters]):
    form = FiltersForm
    readonly_fields = ["learned"]
    fieldsets = [
        (
            _lazy("What makes a comment suspicious"),
            {
                "fields": ["held_words", "patterns", "most_links", "languages"],
                "description": _lazy("A suspicious comment waits for a moderator, whoever wrote it."),
            },
        ),
        (_lazy("What is spam"), {"fields": ["spam_words", "threshold", "learned"]}),
    ]

    change_form_template = "admin/comments/filters/change_form.html"

    def save_model(self, request: HttpRequest, obj: Filters, form: Any, change: bool) -> None:
        """Write what was changed alone: the worker counts what it learned in the same row meanwhile."""
        obj.save(update_fields=form.changed_data)

    def get_urls(self) -> list[URLPattern]:
        reset = path("reset/", self.admin_site.admin_view(self.reset), name="comments_filters_reset")
        return [reset, *super().get_urls()]

    def reset(self, request: HttpRequest) -> HttpResponse:
        """GET asks, POST forgets everything that the filter learned."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        back = reverse("admin:comments_filters_change", args=[Filters.THE_ONE])
        if request.method == "POST":
            number = learning.reset()
            said = _("The filter has forgotten what it learned from %(number)d comments. It learns anew from now on.")
            messages.success(request, said % {"number": number})
            return redirect(back)
        title = _("Forget what the filter learned?")
        context = {**self.admin_site.each_context(request), "title": title, "filters": Filters.load(), "back": back}
        return render(request, "admin/comments/filters/reset.html", context)

    @admin.display(description=_lazy("learned from"))
    def learned(self, filters: Any) -> str:
        words = _("%(ham)d good comments and %(spam)d spam ones that were decided here")
        return words % {"ham": filters.learned_ham, "spam": filters.learned_spam}
