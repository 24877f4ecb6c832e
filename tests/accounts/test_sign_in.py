import datetime

import pytest
import time_machine
from django.test import Client

from accounts.networks import network_of
from accounts.sign_in import MOST_FAILURES
from tests.factories import PASSWORD, make_staff

pytestmark = pytest.mark.django_db

TOO_MANY = "Too many wrong passwords"


def try_to_sign_in(client: Client, password: str, address: str = "203.0.113.7") -> str:
    form = {"username": "kim", "password": password}
    return client.post("/admin/login/", form, REMOTE_ADDR=address).text


def test_staff_signs_in(client: Client) -> None:
    make_staff("kim")

    try_to_sign_in(client, PASSWORD)

    assert client.get("/admin/").status_code == 200


def test_after_too_many_wrong_passwords_the_right_one_has_to_wait(client: Client) -> None:
    make_staff("kim")
    for _ in range(MOST_FAILURES):
        assert TOO_MANY not in try_to_sign_in(client, "wrong")

    assert TOO_MANY in try_to_sign_in(client, PASSWORD)

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=16)):
        try_to_sign_in(client, PASSWORD)
        assert client.get("/admin/").status_code == 200


def test_a_guesser_does_not_lock_out_who_comes_from_elsewhere(client: Client) -> None:
    make_staff("kim")
    for _ in range(MOST_FAILURES):
        try_to_sign_in(client, "wrong", "203.0.113.7")

    try_to_sign_in(client, PASSWORD, "198.51.100.1")

    assert client.get("/admin/").status_code == 200


def test_a_neighbour_in_the_same_network_counts_as_the_same_guesser(client: Client) -> None:
    make_staff("kim")
    for number in range(MOST_FAILURES):
        try_to_sign_in(client, "wrong", f"203.0.113.{number}")

    assert TOO_MANY in try_to_sign_in(client, PASSWORD, "203.0.113.200")


def test_signing_in_forgets_the_wrong_passwords_before(client: Client) -> None:
    make_staff("kim")
    for _ in range(MOST_FAILURES - 1):
        try_to_sign_in(client, "wrong")
    try_to_sign_in(client, PASSWORD)
    client.logout()

    assert TOO_MANY not in try_to_sign_in(client, "wrong")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", "unknown"),
    ],
)
def test_networks(rf, address: str, network: str) -> None:
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network
