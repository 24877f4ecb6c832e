import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from blog.admin.editor import MarkdownEditor
from blog.markup import POST_LIMIT

FURTHEST = datetime.timedelta(days=366)


class LetterForm(forms.Form):
    """The words of a letter, and what it said when it was opened."""

    subject = forms.CharField(
        label=_lazy("Subject"),
        max_length=300,
        help_text=_lazy("What readers see in their inbox, and the heading of the letter."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _lazy("Give the letter a subject.")},
    )
    source = forms.CharField(
        label=_lazy("Text"),
        max_length=POST_LIMIT,
        strip=False,
        help_text=_lazy("In Markdown. Pictures and links get their whole addresses in the mail."),
        widget=MarkdownEditor(attrs={"rows": 20, "dir": "auto"}),
        error_messages={"required": _lazy("Write something first.")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="letter_%s")


class ScheduleForm(forms.Form):
    """When a letter goes out."""

    SOON, LATER = "soon", "later"

    when = forms.ChoiceField(choices=[(SOON, ""), (LATER, "")], initial=SOON)
    at = forms.DateTimeField(
        label=_lazy("Day and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _lazy("Write the day and time as 2026-12-24 09:00.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == self.LATER and "at" not in self.errors:
            self.look_at(cleaned.get("at"))
        return cleaned

    def look_at(self, at: datetime.datetime | None) -> None:
        now = timezone.now()
        if at is None:
            self.add_error("at", ValidationError(_("Choose a day and a time.")))
        elif not now < at < now + FURTHEST:
            self.add_error("at", ValidationError(_("Choose a time that is still to come, within a year.")))

    def send_at(self) -> datetime.datetime:
        """Return when the letter goes out: as chosen, or after the time in which it can still be stopped."""
        at: datetime.datetime | None = self.cleaned_data["at"]
        if self.cleaned_data["when"] == self.LATER and at:
            return at
        return timezone.now() + datetime.timedelta(minutes=settings.NEWSLETTER_DELAY)


class OverrideForm(forms.Form):
    """Why an issue goes out in spite of what was found."""

    reason = forms.CharField(
        label=_lazy("Why it shall go out all the same"),
        max_length=500,
        help_text=_lazy("It is kept with the issue."),
        error_messages={"required": _lazy("Write why, so that others understand it later.")},
    )
