"""What readers fill in to be told of answers, and to look after what they wrote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Follow

NO_MAILS = [("", _("nothing"))]


def notify_field() -> forms.ChoiceField:
    """The question under a comment, whether answers shall be mailed. Nothing is chosen beforehand."""
    return forms.ChoiceField(
        label=_("Mail me about"),
        choices=NO_MAILS + Follow.Scope.choices,
        required=False,
        help_text=_("It begins once you have said yes on a page that a mail leads you to, and ends with one click."),
        error_messages={"invalid_choice": _("Choose what you want to be told about, or nothing.")},
    )


class LinkForm(forms.Form):
    """One field: the address that somebody has commented under."""

    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the address that you wrote your comments with."),
            "invalid": _("This is not a mail address yet. It looks like name@example.org."),
        },
    )
