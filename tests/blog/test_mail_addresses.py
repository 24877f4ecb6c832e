"""Which mail addresses people may give: the 164 cases of Dominic Sayers' is_email, and what else was ever tried.

The cases come with npm's package email-addresses (BSD), fetched when the development environment is made.
"""

import hashlib
import sys
import tarfile
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from blog.mailboxes import normalised
from blog.routes import bare

ARCHIVE = Path(sys.prefix) / "suites" / "email-addresses-5.0.0.tgz"
SHA256 = "efc6d787108e3eb7b0ad5b65357ebf83ab40f3eed91dceefd40c6fec76f64318"

# How many cases there are of each category, and how many of them are taken.
TOLD = {
    "ISEMAIL_VALID_CATEGORY": 14,
    "ISEMAIL_DNSWARN": 8,
    "ISEMAIL_RFC5321": 17,
    "ISEMAIL_CFWS": 10,
    "ISEMAIL_DEPREC": 19,
    "ISEMAIL_RFC5322": 30,
    "ISEMAIL_ERR": 66,
}
TAKEN = {"ISEMAIL_VALID_CATEGORY": 13, "ISEMAIL_DNSWARN": 6, "ISEMAIL_RFC5321": 7, "ISEMAIL_RFC5322": 2}

FIELD = forms.EmailField(max_length=254)


def accepted(address: str) -> bool:
    """Say whether an address, just as it is, passes our rule, and a mail to it can be written."""
    try:
        validate_email(address)
        FIELD.clean(address)
        bare(normalised(address))
    except (ValidationError, ValueError):
        return False
    return True


@cache
def cases() -> list[tuple[str, str]]:
    """Return address and category of each case. Control characters stand in the file as pictures of themselves."""
    if not ARCHIVE.exists():
        pytest.skip("THE SUITE OF MAIL ADDRESSES IS MISSING: install npm and run `make test` anew")
    assert hashlib.sha256(ARCHIVE.read_bytes()).hexdigest() == SHA256
    with tarfile.open(ARCHIVE) as archive:
        file = archive.extractfile("package/test/tests.xml")
        assert file is not None
        root = ElementTree.fromstring(file.read())
    pictures = {0x2400 + code: code for code in range(32)}
    return [
        ((test.findtext("address") or "").translate(pictures), test.findtext("category") or "")
        for test in root.iter("test")
    ]


def test_no_address_that_is_an_error_is_taken() -> None:
    wrong = [address for address, category in cases() if category == "ISEMAIL_ERR"]

    assert len(wrong) == 66
    assert [address for address in wrong if accepted(address)] == []


def test_how_many_addresses_of_each_kind_are_taken() -> None:
    """The table in docs/mail.md."""
    taken = Counter(category for address, category in cases() if accepted(address))

    assert Counter(category for _address, category in cases()) == TOLD
    assert taken == TAKEN


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("kim@example.org", True),
        ("kim+list@sub.example.org", True),
        ("KIM@EXAMPLE.ORG", True),
        ('"kim.lee"@example.org', True),
        ('"kim lee"@example.org', False),
        ("kim@bücher.example", True),
        ("kim@[192.0.2.1]", True),
        ("kïm@example.org", False),
        ("kim@example", False),
        ("kim@example.org.", False),
        ("kim@-example.org", False),
        ("kim@example..org", False),
        ("kim@example.org\r\nBcc: lee@example.org", False),
        ("kim@example.org\0", False),
        ("kim\u2028@example.org", False),
        ("Kim <kim@example.org>", False),
        ("kim@example.org, lee@example.org", False),
        ("k" * 65 + "@example.org", True),
        ("kim@" + "e" * 250 + ".org", False),
        ("", False),
    ],
)
def test_which_addresses_are_taken(address: str, is_taken: bool) -> None:
    assert accepted(address) is is_taken
