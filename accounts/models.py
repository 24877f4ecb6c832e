from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff: an author, an editor, a moderator. Readers have no account."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # A link that is mailed to an address opens one account, and the person who asks for it need not say which.
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message=_("Somebody on the staff has this address already."),
            ),
        ]

    @property
    def display_name(self) -> str:
        """The name that readers see under what this person writes."""
        return self.get_full_name() or self.get_username()
