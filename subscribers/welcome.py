"""The first mail to who has just confirmed."""

from subscribers.models import Delivery, Issue, Subscriber


def greet(subscriber: Subscriber) -> None:
    """Add this reader to the welcome mail, if there is one that is being sent. Nobody gets it twice.

    Call it in the transaction of the confirmation.
    """
    issue = Issue.objects.filter(kind=Issue.Kind.WELCOME, state=Issue.State.SENDING).first()
    if issue is not None:
        row = Delivery(issue=issue, subscriber=subscriber, address=subscriber.email)
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
