"""Everything that is kept about a subscriber, for them to read and to take along."""

import datetime
from typing import Any

from subscribers import choices, proof
from subscribers.models import Delivery, Subscriber


def export(subscriber: Subscriber) -> dict[str, Any]:
    """Return what is kept, in words and numbers that JSON knows; times are ISO 8601, in UTC."""
    return {
        "address": subscriber.email,
        "wanted_address": subscriber.new_email or None,
        "status": subscriber.status,
        "first_asked": moment(subscriber.created_at),
        "last_asked": moment(subscriber.asked_at),
        "mails_on_asking": subscriber.times_asked,
        "confirmed": moment(subscriber.confirmed_at),
        "left": moment(subscriber.left_at),
        "bounce_score": str(subscriber.bounce_score),
        "last_bounce": subscriber.bounced_on.isoformat() if subscriber.bounced_on else None,
        "choices": choices.as_data(subscriber),
        "ledger": proof.lines(subscriber),
        "issues": [issue_as_data(delivery) for delivery in deliveries(subscriber)],
        "mails_about_the_subscription": [
            {"kind": mail.kind, "state": mail.state, "written": moment(mail.created_at), "sent": moment(mail.sent_at)}
            for mail in subscriber.notices.all()
        ],
        "bounces": [
            {"kind": bounce.kind, "status": bounce.status, "words": bounce.words, "at": moment(bounce.at)}
            for bounce in subscriber.bounces.all()
        ],
    }


def deliveries(subscriber: Subscriber) -> Any:
    """Return the rows of all that was mailed to this subscriber, the newest first."""
    return Delivery.objects.filter(subscriber=subscriber).select_related("issue").order_by("-pk")


def issue_as_data(delivery: Delivery) -> dict[str, Any]:
    return {
        "subject": delivery.issue.subject,
        "address": delivery.address,
        "state": delivery.state,
        "sent": moment(delivery.sent_at),
    }


def moment(at: datetime.datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
