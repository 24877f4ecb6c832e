from functools import cache
from typing import Any, Self, cast

from django.db import models

from blog.prepared import Prepared


class OneRow(models.Model):
    """A table with one row, which is made when it is first read."""

    THE_ONE = 1

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.THE_ONE
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> Self:
        """Return the row; one query, three the first time ever."""
        return cast("Self | None", by_number(cls).first(cls.THE_ONE)) or cls._make()

    @classmethod
    def _make(cls) -> Self:
        rows: Any = cls._default_manager
        rows.bulk_create([cls(pk=cls.THE_ONE)], ignore_conflicts=True)  # somebody else may do it at this moment
        return cast("Self", rows.get(pk=cls.THE_ONE))


@cache
def by_number(model: type[OneRow]) -> Prepared[OneRow]:
    """Return the query for a row of this table, which is prepared once."""
    return Prepared(lambda pk: model._default_manager.filter(pk=pk))
