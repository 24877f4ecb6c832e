import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from blog import keys
from blog.kept import reading_once
from blog.models import Publication
from blog.turns import _line, in_turn

pytestmark = pytest.mark.django_db


def test_what_a_request_asks_for_again_is_read_once(django_assert_num_queries: Any) -> None:
    keys.secret("a"), Publication.load()
    with django_assert_num_queries(2), reading_once():
        assert keys.secret("a") == keys.secret("a")
        assert Publication.load() is Publication.load()


def test_the_next_request_reads_anew() -> None:
    with reading_once():
        Publication.load()
    Publication.objects.update(name="Renamed")

    assert Publication.load().name == "Renamed"
    with reading_once():
        assert Publication.load().name == "Renamed"


def test_each_name_is_kept_apart() -> None:
    with reading_once():
        assert keys.secret("a") != keys.secret("b")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("postgres" in settings.DATABASE_URL, reason="only SQLite has one writer")
def test_on_sqlite_the_threads_of_a_process_write_one_after_the_other() -> None:
    with in_turn():
        assert _line.locked()
    assert not _line.locked()


@pytest.mark.django_db(transaction=True)
def test_who_is_in_a_transaction_waits_for_nobody() -> None:
    came = threading.Event()
    with _line, transaction.atomic(), in_turn():  # would wait for itself
        came.set()

    assert came.is_set()
