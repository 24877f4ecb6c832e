"""Tokens in links: for one purpose, from one key, for as long as they last."""

import datetime
import string

import pytest
import time_machine
from django.conf import settings as project
from django.http import Http404

from blog.keys import LINKS, Marker, Purpose, Signer, secret
from blog.models import Key

pytestmark = pytest.mark.django_db

WEEK = datetime.timedelta(days=7)


def test_a_token_gives_back_what_was_signed() -> None:
    for value in ("17", "17.1767225600", "a~b", "ü"):
        assert Signer(Purpose.CONFIRM).value(Signer(Purpose.CONFIRM).token(value)) == value


@pytest.mark.parametrize("other", [purpose for purpose in Purpose if purpose != Purpose.CONFIRM])
def test_a_token_is_for_one_purpose(other: Purpose) -> None:
    token = Signer(Purpose.CONFIRM).token(17)

    with pytest.raises(Http404):
        Signer(other).value(token)


def test_every_purpose_has_a_salt_of_its_own() -> None:
    assert len({str(purpose) for purpose in Purpose}) == len(Purpose.__members__)


def test_a_token_with_any_letter_changed_is_refused() -> None:
    signer = Signer(Purpose.CONFIRM)
    token = signer.token(17)

    for position, letter in enumerate(token):
        forged = token[:position] + ("A" if letter != "A" else "B") + token[position + 1 :]
        with pytest.raises(Http404):
            signer.value(forged)


@pytest.mark.parametrize("token", ["", "~", "17", "17~", "17~~", "17~abc~def", "é~ü~東", "\x00", "~" * 5000])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(Http404):
        Signer(Purpose.CONFIRM).value(token)


def test_a_token_is_as_old_as_it_may_be() -> None:
    signer = Signer(Purpose.CONFIRM)
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False):
        token = signer.token(17)

    with time_machine.travel(now + WEEK, tick=False):
        assert signer.value(token, max_age=WEEK) == "17"
    with time_machine.travel(now + WEEK + datetime.timedelta(seconds=2), tick=False):
        with pytest.raises(Http404):
            signer.value(token, max_age=WEEK)
        assert signer.value(token) == "17"


def test_a_token_fits_into_an_address() -> None:
    token = Signer(Purpose.UNSUBSCRIBE).token(123456789)

    assert set(token) <= set(string.ascii_letters + string.digits + "-_~.")
    assert len(token) < 100


def test_a_new_secret_key_breaks_no_link(settings) -> None:
    token = Signer(Purpose.UNSUBSCRIBE).token(17)
    settings.SECRET_KEY = "another " * 10

    assert Signer(Purpose.UNSUBSCRIBE).value(token) == "17"


def test_what_the_settings_sign_with_opens_nothing(settings) -> None:
    token = Signer(Purpose.UNSUBSCRIBE).token(17)
    settings.SECRET_KEY_FALLBACKS = [secret(LINKS)]
    Key.objects.update(secret="another")

    with pytest.raises(Http404):
        Signer(Purpose.UNSUBSCRIBE).value(token)


def test_a_secret_is_made_once_and_kept(django_assert_num_queries) -> None:
    first = secret("a name")

    with django_assert_num_queries(1):
        assert secret("a name") == first
    assert len(first) >= 64
    assert first != project.SECRET_KEY
    assert secret("another name") != first


def test_one_signer_reads_its_key_once(django_assert_num_queries) -> None:
    signer = Signer(Purpose.UNSUBSCRIBE)

    with django_assert_num_queries(0):
        for number in range(10):
            assert signer.value(signer.token(number)) == str(number)


# --- Marks, for the local part of a mail address ---------------------------------------------------------------------


def test_a_mark_is_known_again_in_any_case() -> None:
    marker = Marker(Purpose.BOUNCE)
    mark = marker.mark(7)

    assert set(mark) <= set(string.ascii_lowercase + "234567")
    assert len(mark) == 26
    assert marker.made(7, mark)
    assert marker.made("7", mark.upper())


def test_a_mark_is_for_one_number_and_one_purpose() -> None:
    mark = Marker(Purpose.BOUNCE).mark(7)

    assert not Marker(Purpose.BOUNCE).made(8, mark)
    assert not Marker(Purpose.LEAVE_BY_MAIL).made(7, mark)


@pytest.mark.parametrize("mark", ["", "a", "a" * 26, "ä" * 26, "a" * 100_000, "\x00"])
def test_a_mark_that_was_made_up_is_refused(mark: str) -> None:
    assert not Marker(Purpose.BOUNCE).made(7, mark)


def test_one_marker_reads_its_key_once(django_assert_num_queries) -> None:
    secret(LINKS)

    with django_assert_num_queries(1):
        marker = Marker(Purpose.BOUNCE)
        for number in range(5):
            marker.made(number, marker.mark(number))
