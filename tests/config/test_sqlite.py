"""The database file as the settings open it. The other tests' database is in memory, where WAL means nothing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.sqlite import FIRST_SAFE_VERSION
from config.sqlite.base import LONGEST, DatabaseWrapper, with_question_marks

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite"),
    pytest.mark.django_db,
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    wrapper = DatabaseWrapper({**connection.settings_dict, "NAME": tmp_path / "byline.sqlite3"})
    yield wrapper
    wrapper.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),  # milliseconds
    ],
)
def test_every_connection_has_the_safe_options(database: DatabaseWrapper, pragma: str, value: object) -> None:
    with database.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_transaction_takes_the_write_lock_when_it_begins(database: DatabaseWrapper, tmp_path: Path) -> None:
    database.ensure_connection()
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    other = sqlite3.connect(tmp_path / "byline.sqlite3", timeout=0)
    try:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    finally:
        other.close()
        database.rollback()
        database.set_autocommit(True)


def test_the_version_in_use_does_not_corrupt_a_database_that_two_write() -> None:
    with connection.cursor() as cursor:
        (version,) = cursor.execute("SELECT sqlite_version()").fetchone()

    assert tuple(map(int, version.split("."))) >= FIRST_SAFE_VERSION


def test_what_a_statement_asks_stays_apart_from_what_it_is_given(database: DatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for given in ("first", "%s", "?", "second"):
            assert cursor.execute("SELECT %s, '%%', '?'", [given]).fetchone() == (given, "%", "?")
        assert cursor.execute("SELECT %(one)s, %(two)s", {"one": 1, "two": 2}).fetchone() == (1, 2)
        assert cursor.execute("SELECT '%s'").fetchone() == ("%s",)


def test_a_long_statement_is_not_kept(database: DatabaseWrapper) -> None:
    with_question_marks.cache_clear()  # one that is full would take nothing more either way
    with database.cursor() as cursor:
        assert cursor.execute(f"SELECT %s /*{'*' * LONGEST}*/", [1]).fetchone() == (1,)

    assert with_question_marks.cache_info().currsize == 0
