from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff: an author, an editor, a moderator. Readers have no account."""

    @property
    def display_name(self) -> str:
        """The name that readers see under what this person writes."""
        return self.get_full_name() or self.get_username()
