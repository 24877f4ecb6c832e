"""Signing in, slowed down for who guesses passwords."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import throttle
from accounts.networks import network_of

MOST_FAILURES = 10


class SignInForm(AdminAuthenticationForm):
    """Refuses even the right password for a while after too many wrong ones for that name from that network.

    Counted in the cache (CACHE_URL): a guesser on one network cannot lock out somebody who signs in from another.
    """

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "").lower()
        key = throttle.key_of("sign-in", name, network_of(self.request))
        if throttle.counted(key) >= MOST_FAILURES:
            raise ValidationError(_("Too many wrong passwords. Wait a quarter of an hour, then try again."))
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.count(key)
            raise
        throttle.forget(key)
        return cleaned
