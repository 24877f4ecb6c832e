from typing import Any

import pytest
from django.db import connection

from blog.mailboxes import find_or_add, folded, normalised
from subscribers.models import Subscriber


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kim@EXAMPLE.org", "Kim@example.org"),
        (" kim@example.org ", "kim@example.org"),
        ('"Kim @ Home"@EXAMPLE.org', '"Kim @ Home"@example.org'),
    ],
)
def test_the_domain_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("kim@example.org", "kim@example.org"),
        ("KIM@Example.ORG", "kim@example.org"),
        ("k.i.m@example.org", "kim@example.org"),
        ("kim+one@example.org", "kim@example.org"),
        ("k.im+one+two@example.org", "kim@example.org"),
        ("+@example.org", "+@example.org"),
        ("...@example.org", "...@example.org"),
    ],
)
def test_all_ways_to_write_to_one_mailbox_are_counted_as_one(typed: str, mailbox: str) -> None:
    assert folded(typed) == mailbox


@pytest.mark.django_db
def test_the_second_of_two_who_add_an_address_at_once_finds_the_firsts() -> None:
    first: list[Subscriber] = []

    def add_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not first:  # between looking and adding
            first.append(Subscriber(email="KIM@example.org"))
            first[0].save()
        return execute(sql, *rest)

    with connection.execute_wrapper(add_meanwhile):
        found = find_or_add(Subscriber.objects.all(), "kim@example.org")

    assert [found] == first
