"""Rows by the hundred thousand: the quickest way into either database that still keeps every constraint and trigger."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

CHUNK = 5000  # rows that are about enough for one transaction


class Table:
    """Takes rows of one model, to be stored together. Columns that are not named get the field's default.

    No `save()` runs and no signal is sent: whoever writes gives what would follow from them.
    """

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self._model = model
        fields = {field.attname: field for field in model._meta.concrete_fields}
        left_out = [
            field
            for name, field in fields.items()
            if name not in names and not (field.primary_key and isinstance(field, models.AutoField))
        ]
        self._rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in left_out)
        self._columns = [str(field.column) for field in [*(fields[name] for name in names), *left_out]]
        self._prepare = [(place, how) for place, name in enumerate(names) if (how := preparation(fields[name]))]
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Take one row: the values of the named columns, in their order."""
        row = list(values)
        for place, prepare in self._prepare:
            row[place] = prepare(row[place])
        self._rows.append((*row, *self._rest))

    def store(self) -> None:
        """Store what was taken since the last time, and what it refers to has to be there."""
        rows, self._rows = self._rows, []
        quote = connection.ops.quote_name
        table, columns = quote(self._model._meta.db_table), ", ".join(quote(column) for column in self._columns)
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self._columns))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  our own names


def preparation(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return what makes a value of this field one that the database's driver takes, where that is needed."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField) and connection.vendor == "sqlite":
        return moment
    return None


def moment(value: datetime.datetime | None) -> str | None:
    """Return a UTC time as Django writes it into SQLite."""
    return value.replace(tzinfo=None).isoformat(" ") if value else None


def next_number(model: type[models.Model]) -> int:
    """Return the first number that no row of this model has."""
    last: int | None = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def go_on_counting(written: list[type[models.Model]]) -> None:
    """Have PostgreSQL number the next rows after those that were written with a number of their own."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
