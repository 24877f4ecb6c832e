"""manage.py receive_mail: what a mail server's pipe sees of it."""

import io
import os
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from subscribers.management.commands import receive_mail
from subscribers.models import Bounce, Notice
from tests.subscribers.inbound.mails import LIST, bounce_address, make_delivery, plain, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inbound(settings: Any) -> None:
    settings.INBOUND_ADDRESS = LIST


def run(raw: bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    pipe = SimpleNamespace(buffer=io.BytesIO(raw))
    monkeypatch.setattr("sys.stdin", pipe)
    out = io.StringIO()
    call_command("receive_mail", *options, stdout=out)
    assert pipe.buffer.read() == b"", "a mail server whose pipe closes too early takes the mail for not delivered"
    return out.getvalue()


def test_a_report_is_noted_in_one_line_that_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = make_delivery()
    raw = report("somebody@example.net")

    assert run(raw, monkeypatch, f"--to={bounce_address(delivery)}") == "A report about a delivery. Noted.\n"
    assert run(raw, monkeypatch, f"--to={bounce_address(delivery)}") == "A report about a delivery. Nothing to do.\n"
    assert Bounce.objects.get().delivery == delivery


@pytest.mark.parametrize("to", ["", "--to=", "--to=-x", "--to=list+b1-x@example.org"])
def test_nonsense_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    assert (
        run(b"\x00\xff" * 5_000_000, monkeypatch, *filter(None, [to])) == "To no address of this list. Nothing to do.\n"
    )


def test_a_wish_to_subscribe_is_taken_from_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(plain(), monkeypatch) == "A wish to subscribe. Noted.\n"
    assert Notice.objects.count() == 1


def test_while_the_database_is_away_the_mail_server_keeps_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(raw: bytes, to: str) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(receive_mail, "receive", fail)

    with pytest.raises(CommandError) as stopped:
        run(plain(), monkeypatch)

    assert stopped.value.returncode == os.EX_TEMPFAIL == 75


def test_what_nobody_foresaw_is_not_sent_back_to_anybody(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def fail(raw: bytes, to: str) -> None:
        raise RuntimeError("kim@example.org")

    monkeypatch.setattr(receive_mail, "receive", fail)

    assert run(plain(), monkeypatch) == "It could not be dealt with. Nothing to do.\n"
    assert "RuntimeError" in caplog.text
    assert "kim" not in caplog.text
