from django import forms
from django.utils.translation import gettext_lazy as _

from blog.markup import COMMENT_LIMIT


class AnswerForm(forms.Form):
    """A moderator's answer to the comment they are reading."""

    body = forms.CharField(
        label=_("Your answer"),
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write an answer, or close this and approve the comment alone."),
            "max_length": _("An answer has at most %(limit_value)d characters. This one has %(show_value)d."),
        },
    )
