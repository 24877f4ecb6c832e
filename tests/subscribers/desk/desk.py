"""An issue on the desk, for tests of its pages."""

from typing import Any

from django.contrib.messages import get_messages
from django.utils import timezone

from subscribers.models import Delivery, Issue
from tests.factories import make_subscriber


def make_letter(**values: Any) -> Issue:
    """Make a letter, a draft unless `state` says otherwise."""
    issue = Issue.draft(values.pop("subject", "A letter"), values.pop("source", "Hello **you**."), None)
    Issue.objects.filter(pk=issue.pk).update(**values)
    issue.refresh_from_db()
    return issue


def make_begun(*states: str, **values: Any) -> Issue:
    """Make a letter that is being sent, with one delivery in each of these states."""
    begun = {"state": Issue.State.SENDING, "started_at": timezone.now(), "audience": len(states)}
    issue = make_letter(**{**begun, **values})
    for state in states:
        make_delivery(issue, state)
    return issue


def make_delivery(issue: Issue, state: str, **values: Any) -> Delivery:
    reader = make_subscriber()
    defaults = {"address": reader.email, "sent_at": timezone.now() if state == "sent" else None}
    return Delivery.objects.create(issue=issue, subscriber=reader, state=state, **{**defaults, **values})


def told(response: Any) -> str:
    """What an answer says happened."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def address(issue: Issue, rest: str = "") -> str:
    return f"/admin/newsletter/{issue.pk}/{rest}"
