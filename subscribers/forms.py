from django import forms
from django.utils.translation import gettext_lazy as _


class SubscribeForm(forms.Form):
    """One field: an address."""

    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the address that new posts should go to."),
            "invalid": _("This is not a mail address yet. It looks like name@example.org."),
        },
    )
