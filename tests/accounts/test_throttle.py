"""Counting what is done too often, whatever happens to the cache."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts import throttle
from accounts.sign_in import MOST_FAILURES
from tests.factories import PASSWORD, make_staff


@pytest.fixture
def _cache_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the cache fail as one does whose server is away."""

    def refuse(*_arguments: Any, **_more: Any) -> None:
        raise ConnectionError("Connection refused")

    caches["own"].clear()
    for name in ("get", "set", "add", "incr", "delete"):
        monkeypatch.setattr(caches["default"], name, refuse)


def test_counting_goes_up_and_begins_anew() -> None:
    assert [throttle.count("a"), throttle.count("a"), throttle.count("b")] == [1, 2, 1]
    assert throttle.counted("a") == 2

    throttle.forget("a")

    assert throttle.counted("a") == 0


def test_a_count_that_is_forgotten_in_between_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["default"], "add", lambda *arguments: True)

    assert throttle.count("a") == 1


@pytest.mark.usefixtures("_cache_away")
def test_without_a_cache_a_process_counts_alone() -> None:
    assert [throttle.count("a"), throttle.count("a")] == [1, 2]
    throttle.forget("a")
    assert throttle.counted("a") == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("_cache_away")
def test_without_a_cache_staff_sign_in_and_guessers_are_slowed_down(client: Client) -> None:
    staff = make_staff()
    page = "/admin/login/"

    assert client.post(page, {"username": staff.username, "password": PASSWORD}).status_code == 302
    client.logout()
    for _ in range(MOST_FAILURES):
        client.post(page, {"username": staff.username, "password": "wrong"})
    assert b"Too many wrong passwords" in client.post(page, {"username": staff.username, "password": PASSWORD}).content
