"""How often a moderator wants a mail: each chooses for themselves, at /admin/moderation/notices/."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from comments.models import NoticePreference
from comments.moderation.access import moderators_only


class NoticeForm(forms.ModelForm[NoticePreference]):
    class Meta:
        model = NoticePreference
        fields = ["pace"]
        widgets = {"pace": forms.RadioSelect}
        error_messages = {
            "pace": {
                "required": _lazy("Choose one of these."),
                "invalid_choice": _lazy("Choose one of these."),
            }
        }


@moderators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_notices(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    preference = NoticePreference.objects.filter(user=user).first() or NoticePreference(user=user)
    form = NoticeForm(request.POST if request.method == "POST" else None, instance=preference)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "comments/moderation_notices.html", {"form": form}, status=status)
    NoticePreference.objects.update_or_create(user=user, defaults=form.cleaned_data)
    messages.success(request, _("Kept. It counts from the next comment on."))
    return redirect("moderation_notices")
