"""Erasing a subscriber: the person goes, the sums stay."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from subscribers import suppressing
from subscribers.models import Bounce, Delivery, Subscriber, Suppression

State = Delivery.State


def erase(subscriber: Subscriber) -> bool:
    """Forget a subscriber at once and for good. Return whether this call did it. Nobody can undo it.

    Their rows of deliveries stay without person, address and what a server said, in which the address may stand; one
    that a worker holds right now can no longer be written by it. What keeps others from putting the address on the list
    again stays as a keyed digest, with the stronger cause if there was one.
    """
    with transaction.atomic():
        # A delivery or a line that is being written comes in before, or not at all.
        person = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        if person is None:
            return False
        was_suppressed = person.status == Subscriber.Status.SUPPRESSED
        suppressing.keep(person, Suppression.Cause.ERASED, was_suppressed=was_suppressed)
        cut_deliveries(person)
        Bounce.objects.filter(subscriber=person).update(words="")
        forget_in_log(person)
        person.delete()
    return True


def forget_in_log(person: Subscriber) -> None:
    """Take the address out of the admin's own log, which writes down what a row was called."""
    theirs = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Subscriber), object_id=person.pk)
    theirs.update(object_repr="")


def cut_deliveries(person: Subscriber) -> None:
    theirs = Delivery.objects.filter(subscriber=person)
    theirs.filter(state__in=Delivery.DUE).update(state=State.SKIPPED)
    theirs.filter(state=State.TRANSMITTING).update(state=State.UNKNOWN)
    theirs.update(subscriber=None, address="", error="", answer="")
