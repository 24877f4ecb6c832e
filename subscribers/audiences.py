"""Who gets an issue: the one place that says so, for the page that shows it and for the sender."""

from subscribers import digests
from subscribers.models import Issue, Subscriber, SubscriberQuerySet


def audience_of(issue: Issue) -> SubscriberQuerySet:
    """Return who would get the issue if it began now. A welcome's deliveries are written one by one, as people come."""
    awake = Subscriber.objects.awake()
    if issue.kind == Issue.Kind.LETTER:
        return awake
    if issue.kind == Issue.Kind.DIGEST:
        return digests.audience(issue)
    if issue.post is None:
        return Subscriber.objects.none()
    return awake.filter(cadence=Subscriber.Cadence.EACH).wanting(issue.post)
