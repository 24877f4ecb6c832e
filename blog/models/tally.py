from django.db import models


class Tally(models.Model):
    """How often something was done in a stretch of time, by somebody of whom only a keyed digest is kept.

    A row, and not a number in the cache, so that a cache that is lost or full opens nothing. blog/limits.py counts.
    """

    # Made of the digest and of when the stretch began, so that a tally is found, and stored, in one place.
    number = models.BigIntegerField(primary_key=True)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number}: {self.count}"
