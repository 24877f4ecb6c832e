"""The forms through which people come on the staff, and back to it."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import roles, throttle
from accounts.models import User
from accounts.networks import network_of

MOST_ASKED = 20  # links asked for from one network while accounts.throttle.PAUSE lasts


class RoleField(forms.ModelChoiceField):
    def label_from_instance(self, obj: models.Model) -> str:
        """Say what a role is for; a group that an operator made has a name only."""
        role = roles.ROLES.get(str(obj))
        return f"{role.label}: {role.summary}" if role else str(obj)


class InvitationForm(forms.ModelForm[User]):
    """Makes an account without a password for somebody; the link in a mail lets them choose one."""

    role = RoleField(Group.objects.none(), label=_lazy("Role"), widget=forms.RadioSelect, empty_label=None, blank=False)

    class Meta:
        model = User
        fields = ["first_name", "email"]
        labels = {"first_name": _lazy("Name"), "email": _lazy("Mail address")}
        help_texts = {"first_name": _lazy("As readers will see it.")}

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["email"].required = True
        role = self.fields["role"]
        assert isinstance(role, RoleField)  # noqa: S101  declared above
        role.queryset = roles.given_by(inviter).order_by("name")

    def clean_email(self) -> str:
        """Say beside the field what the database would refuse: an address is one person's."""
        email = str(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody on the staff has this address already."))
        return email

    def save(self, commit: bool = True) -> User:
        """Store the account and its role. Raises IntegrityError if the name or the address was taken meanwhile."""
        user = self.instance
        user.username = free_username(user.first_name)
        user.is_staff = True
        user.set_unusable_password()
        user.save()
        user.groups.add(self.cleaned_data["role"])
        return user


class LinkForm(forms.Form):
    """Asks for a link to set a new password. Says nothing about the address, and slows down who asks for many."""

    email = forms.EmailField(
        label=_lazy("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        if throttle.count(throttle.key_of("password-link", network_of(self.request))) > MOST_ASKED:
            raise ValidationError(
                _("That was asked too often from your network. Wait a quarter of an hour, then try again."),
                code="too many",
            )
        return super().clean() or {}


def free_username(name: str) -> str:
    """Return a name to sign in with, made of a person's own; with a number where somebody has that already."""
    stem = slugify(name, allow_unicode=True)[:100] or "person"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)
