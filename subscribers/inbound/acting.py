"""What follows from a mail that came in. The same mail a second time changes nothing more."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

from blog import limits
from blog.keys import Purpose
from subscribers import bouncing, consent, leaving, suppressing
from subscribers.inbound import reports
from subscribers.inbound.messages import Incoming, parse
from subscribers.inbound.sorting import Kind, person, sort
from subscribers.models import Bounce, Consent, Delivery, Subscriber, Suppression

MOST_WISHES = 100  # mails to confirm in an hour, whoever asks: a From costs nothing to make up
HOUR = datetime.timedelta(hours=1)


class Result(NamedTuple):
    """What a mail was, what became of it in a sentence that names nobody, and whether it can be thrown away."""

    kind: Kind
    changed: bool
    words: str
    done_with: bool = False  # it came to a signed address: a machine's mail, that nobody will look for


def receive(raw: bytes, to: str = "") -> Result:
    """Act on one mail; `to` is the address it came to, where whoever hands it over knows.

    Raises DatabaseError when the database is locked or away, with nothing changed: hand the mail over again.
    """
    incoming = parse(raw, to)
    rule = sort(incoming)
    act = ACTS.get(rule.kind)
    changed = act(incoming) if act else False
    done_with = any(incoming.number(purpose) is not None for purpose in (Purpose.BOUNCE, Purpose.LEAVE_BY_MAIL))
    return Result(rule.kind, changed, f"{rule.words} {'Noted.' if changed else 'Nothing to do.'}", done_with)


def delivery_of(number: int | None) -> Delivery | None:
    return None if number is None else Delivery.objects.filter(pk=number).first()


def subscriber_of(number: int | None) -> Subscriber | None:
    return None if number is None else Subscriber.objects.filter(pk=number).first()


def note_bounce(incoming: Incoming) -> bool:
    delivery = delivery_of(incoming.number(Purpose.BOUNCE))
    failure = reports.failure(incoming.message) if delivery else None
    if delivery is None or failure is None:
        return False
    return bouncing.note(delivery, Bounce.Kind.HARD, Bounce.Source.REPORT, failure.status, failure.words)


def note_complaint(incoming: Incoming) -> bool:
    """Note a complaint about the delivery that a mark within names, or about the reader's last one."""
    if not reports.is_complaint(incoming.message):
        return False
    named = reports.named_within(incoming.message)
    number = incoming.number(Purpose.BOUNCE) or named.delivery
    subscriber = subscriber_of(named.subscriber)
    delivery = delivery_of(number) or last_delivery(subscriber)
    if delivery is not None:
        return bouncing.note(delivery, Bounce.Kind.COMPLAINT, Bounce.Source.REPORT)
    if subscriber is None:
        return False
    return suppressing.suppress(subscriber, Suppression.Cause.COMPLAINT, Consent.Place.SERVER)


def last_delivery(subscriber: Subscriber | None) -> Delivery | None:
    if subscriber is None:
        return None
    return Delivery.objects.filter(subscriber=subscriber, state=Delivery.State.SENT).order_by("-pk").first()


def let_leave(incoming: Incoming) -> bool:
    subscriber = subscriber_of(incoming.number(Purpose.LEAVE_BY_MAIL))
    return subscriber is not None and bool(leaving.leave(subscriber, Consent.Place.MAIL))


def ask_to_confirm(incoming: Incoming) -> bool:
    """Ask the owner of the address in the From, which anybody could have written there, whether they want to."""
    if not limits.count("subscribe by mail", "everybody", MOST_WISHES, HOUR):
        return False
    consent.ask(person(incoming), place=Consent.Place.MAIL)
    return True


ACTS: dict[Kind, Callable[[Incoming], bool]] = {
    Kind.BOUNCE: note_bounce,
    Kind.COMPLAINT: note_complaint,
    Kind.LEAVE: let_leave,
    Kind.SUBSCRIBE: ask_to_confirm,
}
