from django.db import models


class Tally(models.Model):
    """How often something was done in a stretch of time, by somebody of whom only a keyed digest is kept.

    A row, and not a number in the cache, so that a cache that is lost or full opens nothing. blog/limits.py counts.
    """

    key = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "starts_at"], name="tally_once_a_time")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
