"""The signed addresses in mails: what is read back, and what is not."""

from typing import Any

import pytest

from blog.keys import Purpose
from config.environment import LONGEST_INBOUND_NAME
from subscribers.return_addresses import Meant, ReturnAddresses, read

pytestmark = pytest.mark.django_db

BIGGEST = 2**63 - 1


@pytest.fixture(autouse=True)
def _inbound(settings: Any) -> None:
    settings.INBOUND_ADDRESS = "list@example.org"


@pytest.mark.parametrize("purpose", [Purpose.BOUNCE, Purpose.LEAVE_BY_MAIL])
@pytest.mark.parametrize("number", [1, 77, BIGGEST])
def test_an_address_is_read_back_in_any_case(purpose: Purpose, number: int) -> None:
    address = ReturnAddresses(purpose).of(number)

    assert read(address) == read(address.upper()) == read(address.title()) == Meant(purpose, number)


def test_without_an_inbound_address_none_is_made(settings: Any) -> None:
    settings.INBOUND_ADDRESS = ""

    assert ReturnAddresses(Purpose.BOUNCE).of(1) == ""


def test_the_longest_address_fits_into_what_mail_allows(settings: Any) -> None:
    settings.INBOUND_ADDRESS = f"{'n' * LONGEST_INBOUND_NAME}@example.org"

    local = ReturnAddresses(Purpose.BOUNCE).of(BIGGEST).partition("@")[0]

    assert len(local) == 64  # octets (RFC 5321 section 4.5.3.1.1)
    assert read(f"{local}@example.org") == Meant(Purpose.BOUNCE, BIGGEST)


def test_what_was_not_signed_for_this_is_not_read() -> None:
    bounce, other = ReturnAddresses(Purpose.BOUNCE).of(7), ReturnAddresses(Purpose.BOUNCE).of(8)
    mark = bounce.partition("-")[2]
    forged = [
        "",
        "list@example.org",
        "list+unsubscribe@example.org",
        "list+b7@example.org",
        "list+b7-@example.org",
        f"list+b7-{'a' * 26}@example.org",
        f"list+b8-{mark}",
        f"list+l7-{mark}",  # for another purpose
        f"list+x7-{mark}",
        f"list+b7-{mark[1:]}",
        f"list+b7-a{mark}",
        f"list+b{'7' * 20}-{mark}",
        f"list+b7-{other.partition('-')[2]}",
        f"list+b٧-{mark}",  # a digit of another script
        f"b7-{mark}",
        f"{'a' * 100_000}+b7-{'a' * 100_000}@example.org",
    ]

    assert [address for address in forged if read(address) is not None] == []


def test_an_address_of_a_former_name_still_works(settings: Any) -> None:
    address = ReturnAddresses(Purpose.BOUNCE).of(7)
    settings.INBOUND_ADDRESS = "news@example.com"

    assert read(address) == Meant(Purpose.BOUNCE, 7)
