from typing import Any

import pytest

from blog import keys
from blog.kept import reading_once
from blog.models import Publication

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
