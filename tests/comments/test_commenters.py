"""The rows of addresses that people write under: one for each, whoever is first."""

from typing import Any

import pytest
from django.db import connection

from comments.commenters import find_or_add
from comments.models import Commenter

pytestmark = pytest.mark.django_db


def test_an_address_has_one_row_in_whatever_letters() -> None:
    known = find_or_add("kim@Example.org")

    assert known.email == "kim@example.org"
    assert find_or_add("KIM@example.org") == known
    assert find_or_add("lee@example.org") != known


def test_the_second_of_two_who_add_an_address_at_once_finds_the_firsts() -> None:
    first: list[Commenter] = []

    def add_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT") and not first:  # between looking and adding
            first.append(Commenter(email="KIM@example.org"))
            first[0].save()
        return execute(sql, *rest)

    with connection.execute_wrapper(add_meanwhile):
        found = find_or_add("kim@example.org")

    assert [found] == first
