"""Signing in, slowed down for who guesses passwords."""

import hashlib
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.networks import network_of

MOST_FAILURES = 10
PAUSE = 15 * 60  # seconds


class SignInForm(AdminAuthenticationForm):
    """Refuses even the right password for a while after too many wrong ones for that name from that network.

    Counted in the cache (CACHE_URL): a guesser on one network cannot lock out somebody who signs in from another.
    """

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "").lower()
        key = cache_key("sign-in", name, network_of(self.request))
        if cache.get(key, 0) >= MOST_FAILURES:
            raise ValidationError(_("Too many wrong passwords. Wait a quarter of an hour, then try again."))
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, PAUSE)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned


def cache_key(purpose: str, *parts: str) -> str:
    """A key of safe characters, in which neither names nor networks can be read."""
    return f"{purpose}:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
