"""Choosing a password, with the link from a mail: Django's own pages, in our words.

The token is good once and for PASSWORD_RESET_TIMEOUT: it is made over the password and the time of the last sign-in.
"""

from django.contrib.auth.views import PasswordResetCompleteView, PasswordResetConfirmView
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

set_password = PasswordResetConfirmView.as_view(
    template_name="accounts/password_set.html",
    success_url=reverse_lazy("password_done"),
    title=_("Choose a password"),
)
password_done = PasswordResetCompleteView.as_view(
    template_name="accounts/password_done.html", title=_("Your password is set")
)
