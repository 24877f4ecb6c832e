"""The 117 mails with which flufl.bounce is tested (tests/suites.txt), each sent to the address of a delivery."""

import logging
import sys
import tarfile
from collections import Counter
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flufl.bounce import all_failures

from subscribers.inbound.acting import receive
from subscribers.models import Bounce, Delivery
from tests.factories import make_issue, make_post, make_subscriber
from tests.subscribers.inbound.mails import LIST, bounce_address

pytestmark = pytest.mark.django_db

SUITES = Path(sys.prefix) / "suites"

PERMANENT, TEMPORARY, NONE = "permanent", "temporary", "none"
OUTCOMES = {(PERMANENT, "hard"): 100, (PERMANENT, "soft"): 1, (TEMPORARY, "nothing"): 11, (NONE, "nothing"): 5}


@cache
def samples() -> dict[str, bytes]:
    (archive,) = SUITES.glob("flufl_bounce-*.tar.gz")
    found = {}
    with tarfile.open(archive) as source:
        for member in source.getmembers():
            path = Path(member.name)
            file = source.extractfile(member) if path.parent.name == "data" and path.suffix == ".txt" else None
            if file is not None:
                found[path.stem] = file.read()
    return found


def verdict(raw: bytes) -> str:
    """What the library itself says of a sample."""
    for_now, for_good = all_failures(message_from_bytes(raw))
    return PERMANENT if for_good else TEMPORARY if for_now else NONE


@pytest.fixture
def deliveries(settings: Any) -> dict[str, Delivery]:
    """One delivery to one reader for each sample."""
    settings.INBOUND_ADDRESS = LIST
    issue = make_issue(make_post())
    readers = {name: make_subscriber(f"{name}@example.org") for name in samples()}
    return {
        name: Delivery.objects.create(issue=issue, subscriber=reader, address=reader.email, state=Delivery.State.SENT)
        for name, reader in readers.items()
    }


def test_every_sample_does_to_its_reader_what_it_says(deliveries: dict[str, Delivery]) -> None:
    logging.disable(logging.CRITICAL)
    for name, raw in samples().items():
        receive(raw, bounce_address(deliveries[name]))
    logging.disable(logging.NOTSET)

    kept = dict(Bounce.objects.values_list("delivery__address", "kind"))
    outcomes = Counter((verdict(raw), kept.get(f"{name}@example.org", "nothing")) for name, raw in samples().items())
    assert len(samples()) == 117
    assert outcomes == OUTCOMES


def test_no_sample_does_anything_without_a_mark(deliveries: dict[str, Delivery]) -> None:
    for number, raw in enumerate(samples().values(), start=1):
        receive(raw, f"list+b{number}-{'a' * 26}@example.org")
        receive(raw)

    assert not Bounce.objects.exists()
