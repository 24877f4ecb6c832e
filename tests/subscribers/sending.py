"""An issue on its way, for tests of what starts and of what sends it."""

from collections.abc import Callable

from django.core import mail

from subscribers import newsletter
from subscribers.models import Delivery, Issue
from tests.factories import make_issue, make_post, make_subscriber


def make_started(*addresses: str) -> Issue:
    """An issue whose deliveries, one to each address, are about to be sent."""
    for address in addresses:
        make_subscriber(address)
    issue = make_issue(make_post())
    assert newsletter.start_issue(issue)
    issue.refresh_from_db()
    return issue


def states() -> dict[str, str]:
    return {delivery.address: delivery.state for delivery in Delivery.objects.all()}


def recipients() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def after_mails(number: int, act: Callable[[], object]) -> Callable[[], bool]:
    """A `stopped` that lets somebody act once so many mails are out, and never stops the sender."""
    todo = [act]

    def stopped() -> bool:
        if len(mail.outbox) == number and todo:
            todo.pop()()
        return False

    return stopped
