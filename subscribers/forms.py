from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subscribers.models import Leaving, Subscriber


class AddressField(forms.EmailField):
    """A mail address, as somebody types it."""

    def __init__(self, *, required_words: Any) -> None:
        super().__init__(
            label=_("Your mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": required_words,
                "invalid": _("This is not a mail address yet. It looks like name@example.org."),
            },
        )


class SubscribeForm(forms.Form):
    """One field: an address."""

    email = AddressField(required_words=_("Give the address that new posts should go to."))


class LinkForm(forms.Form):
    """One field: the address that is on the list."""

    email = AddressField(required_words=_("Give the address that your mails come to."))


class NewAddressForm(forms.Form):
    """One field: the address that mails should go to from now on."""

    email = AddressField(required_words=_("Give the address that your mails should go to."))

    def __init__(self, data: Any = None, *, subscriber: Subscriber) -> None:
        super().__init__(data)
        self.subscriber = subscriber
        self.fields["email"].label = _("Your new mail address")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.subscriber.email.lower():
            raise forms.ValidationError(_("Your mails go to this address already."))
        return email


class ReasonForm(forms.Form):
    """Why somebody left. Both fields may stay empty."""

    reason = forms.ChoiceField(
        label=_("Why did you leave?"), choices=Leaving.Reason, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Say it in 500 characters at most; these are %(show_value)d.")},
    )
