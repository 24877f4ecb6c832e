"""The rows of addresses that people write under: one for each, whoever is first."""

from typing import Any

import pytest

from comments.commenters import add, find_or_add
from comments.models import Commenter

pytestmark = pytest.mark.django_db


def test_an_address_has_one_row_in_whatever_letters() -> None:
    known = find_or_add("kim@Example.org")

    assert known.email == "kim@example.org"
    assert find_or_add("KIM@example.org") == known
    assert find_or_add("lee@example.org") != known


def test_the_second_of_two_who_add_an_address_at_once_finds_the_firsts() -> None:
    first = add("KIM@example.org")  # where the second had looked before, and found nothing

    assert add("kim@example.org") == first
    assert Commenter.objects.count() == 1


def test_how_long_it_takes_does_not_tell_who_has_written_here(django_assert_num_queries: Any) -> None:
    for _time in ("unknown", "known"):
        with django_assert_num_queries(2):
            find_or_add("kim@example.org")
