from django.db import models


class Key(models.Model):
    """A secret that has to outlive a restore: links in mails that were sent years ago are signed with it.

    It is a row, not a setting, so that it is part of every backup and export. blog/keys.py uses it.
    """

    name = models.CharField(max_length=50, unique=True)
    secret = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
