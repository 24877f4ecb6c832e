import pytest
from django.core.management import CommandError, call_command

from subscribers import newsletter
from subscribers.models import Delivery, Subscriber
from tests.subscribers.sending import make_started

pytestmark = pytest.mark.django_db


def test_issues_add_up_while_they_are_sent_and_after_somebody_was_erased(capsys: pytest.CaptureFixture[str]) -> None:
    make_started("kim@example.org", "lee@example.org")
    call_command("check_ledger")
    newsletter.run_once()
    Subscriber.objects.get(email="kim@example.org").delete()
    call_command("check_ledger")

    assert capsys.readouterr().out == "Checked 1 issues: all of them add up.\n" * 2


def test_an_issue_that_lost_a_delivery_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    issue = make_started("kim@example.org", "lee@example.org")
    Delivery.objects.filter(address="kim@example.org").delete()

    with pytest.raises(CommandError, match="1 of 1 issues do not add up"):
        call_command("check_ledger")

    assert f"Issue {issue.pk} was meant for 2" in capsys.readouterr().err
