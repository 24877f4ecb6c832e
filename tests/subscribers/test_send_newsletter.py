import pytest
from django.core import mail
from django.core.management import call_command

from tests.factories import make_issue, make_post, make_subscriber

pytestmark = pytest.mark.django_db


def test_one_pass_sends_what_is_due_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    make_issue(make_post())
    make_subscriber()
    make_subscriber()

    call_command("send_newsletter")

    assert len(mail.outbox) == 2
    assert capsys.readouterr().out == "Started 1 issues, sent 2 mails.\n"


def test_a_second_pass_has_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    make_issue(make_post())
    make_subscriber()
    call_command("send_newsletter")
    capsys.readouterr()

    call_command("send_newsletter")

    assert len(mail.outbox) == 1
    assert capsys.readouterr().out == "Started 0 issues, sent 0 mails.\n"
