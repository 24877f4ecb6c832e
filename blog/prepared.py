"""Queries that Django writes once in a process, and that are only run from then on.

To write the SQL of a query costs 0.2 to 0.5 ms of Python each time, ten times what SQLite takes to answer it. Where a
reader's form asks a dozen, that is most of its time (docs/decisions/0042-prepared-queries.md). A query that is not
asked often gains nothing here.
"""

import datetime
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)

Value = str | int | float | datetime.datetime
Given = Value | list[Any]


class Argument(Expression):
    """Stands in a prepared query for a value that is given when the query runs.

    `place` says which it is; within a list, the place in the list comes second.
    """

    def __init__(self, *place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Statement:
    """What Django wrote for one database, with places for values, and how the rows that come back are read."""

    def __init__(self, compiler: SQLCompiler, alias: str) -> None:
        self.alias = alias
        self.model: Any = compiler.query.model
        self.sql, parameters = compiler.as_sql()
        self.parameters: list[Any] = list(parameters)
        self.places = [(at, one.place) for at, one in enumerate(self.parameters) if isinstance(one, Argument)]
        columns = [column for column, _sql, _name in compiler.select or []]
        self.names = [column.target.attname for column in columns]
        self.converters = compiler.get_converters(columns)

    def change(self, values: tuple[Given, ...]) -> int:
        """Run it and return how many rows it changed."""
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._filled_in(values, connection))
            return int(cursor.rowcount)

    def read(self, values: tuple[Given, ...]) -> list[list[Any]]:
        """Run it and return the rows as Python's values."""
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._filled_in(values, connection))
            rows = [list(row) for row in cursor.fetchall()]
        for at, (converters, expression) in self.converters.items() if rows else ():
            for row in rows:
                for convert in converters:
                    row[at] = convert(row[at], expression, connection)
        return rows

    def _filled_in(self, values: tuple[Given, ...], connection: Any) -> list[Any]:
        given = self.parameters.copy()
        for at, place in self.places:
            value: Any = values
            for number in place:
                value = value[number]
            if isinstance(value, datetime.datetime):
                value = connection.ops.adapt_datetimefield_value(value)
            given[at] = value
        return given


class Statements:
    """Keeps what `write` made of the arguments: one statement for each number of values that a list among them has."""

    def __init__(self, write: Callable[..., Statement]) -> None:
        self._written = lru_cache(maxsize=32)(lambda *lengths: write(*map(arguments_for, range(len(lengths)), lengths)))

    def fit_for(self, values: tuple[Given, ...]) -> Statement:
        return self._written(*(len(value) if isinstance(value, list) else None for value in values))


def arguments_for(place: int, length: int | None) -> Argument | list[Argument]:
    return Argument(place) if length is None else [Argument(place, inside) for inside in range(length)]


class Prepared(Generic[M]):
    """A query with other values each time: `Prepared(lambda slug: Post.objects.filter(slug=slug))`.

    Values are text, numbers and moments, or lists of them; with None it would have to be another query. The
    lambda is called once, and once more for each other length of a list: a clock that it reads itself stands still.
    """

    def __init__(self, build: Callable[..., "QuerySet[M, Any]"]) -> None:
        self._build = build
        self._statements = Statements(self._write)

    def rows(self, *values: Given) -> list[M]:
        """Run the query and return its rows; fields that it leaves out are fetched when they are asked for."""
        statement, rows = self._read(values)
        return [statement.model.from_db(statement.alias, statement.names, row) for row in rows] if statement else []

    def first(self, *values: Given) -> M | None:
        """Run the query and return its first row, or None. The query says itself that it wants no more."""
        return next(iter(self.rows(*values)), None)

    def selected(self, *values: Given) -> list[list[Any]]:
        """Run the query and return what it selects from each row, for a query of some values and not of rows."""
        return self._read(values)[1]

    def column(self, *values: Given) -> list[Any]:
        """Run the query and return the first of what it selects from each row."""
        return [row[0] for row in self.selected(*values)]

    def _read(self, values: tuple[Given, ...]) -> tuple[Statement | None, list[list[Any]]]:
        try:
            statement = self._statements.fit_for(values)
        except EmptyResultSet:  # in an empty list there is nothing
            return None, []
        return statement, statement.read(values)

    def _write(self, *arguments: Any) -> Statement:
        queryset = self._build(*arguments)
        return Statement(queryset.query.get_compiler(queryset.db), queryset.db)


class PreparedUpdate:
    """An UPDATE with other values each time. What builds it returns the rows, and the fields with what they become."""

    def __init__(self, build: Callable[..., "tuple[QuerySet[Any], dict[str, Any]]"]) -> None:
        self._build = build
        self._statements = Statements(self._write)

    def run(self, *values: Given) -> int:
        """Change the rows and return how many there were."""
        return self._statements.fit_for(values).change(values)

    def _write(self, *arguments: Any) -> Statement:
        queryset, changes = self._build(*arguments)
        query: Any = queryset.order_by().query.chain(UpdateQuery)
        query.add_update_values(changes)
        alias = router.db_for_write(queryset.model)
        return Statement(query.get_compiler(alias), alias)


class PreparedInsert(Generic[M]):
    """An INSERT of one row at a time, of which a constraint may say that it is there already."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._written = cache(self._write)

    def add(self, row: M) -> bool:
        """Store a new row and give it its key. Return False, and store nothing, if a constraint refuses it.

        As in a `bulk_create`, no signal is sent.
        """
        alias = router.db_for_write(self._model)
        sql, fields = self._written(alias)
        connection = connections[alias]
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            stored = cursor.fetchone()
        if stored is None:
            return False
        (row.pk,) = stored
        row._state.adding, row._state.db = False, alias
        return True

    def _write(self, alias: str) -> tuple[str, list[Field[Any, Any]]]:
        fields = [field for field in self._model._meta.concrete_fields if not field.primary_key]
        query = InsertQuery(self._model, on_conflict=OnConflict.IGNORE)
        query.insert_values(fields, [self._model()])
        compiler = query.get_compiler(alias)
        compiler.returning_fields = [self._model._meta.pk]
        ((sql, _values),) = compiler.as_sql()
        return sql, fields
