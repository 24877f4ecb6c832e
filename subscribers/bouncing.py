"""What came back about a delivery, and what follows from it for its reader.

One row for each delivery and kind. The reader's score is Mailman's: a day with a hard bounce counts one, a day with
a soft one a half, a week without any wipes it out (docs/decisions/0031).
"""

import datetime
import re
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, DecimalField, F, Q, Value, When
from django.utils import timezone

from blog.mail import one_line
from subscribers import suppressing
from subscribers.models import Bounce, Consent, Delivery, Subscriber, Suppression

ENOUGH = Decimal(5)  # the score at which an address is mailed no more
STALE = datetime.timedelta(days=7)
NOTHING, HALF, WHOLE = Decimal(0), Decimal("0.5"), Decimal(1)

# RFC 3463: the first number says for good or for now, the second about what.
ENHANCED_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])", re.ASCII)
NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10"})  # unknown, moved away, a domain that takes no mail
MAILBOX_FULL = frozenset({"5.2.2"})
ABOUT_THE_MAIL = ("5.3.4", "5.5.", "5.6.", "5.7.")  # its size, form, text or sender: no reader is to blame


class Grade(NamedTuple):
    """How much a report counts: as what it is kept, how far it moves the score, whether it is enough by itself."""

    kind: str
    step: Decimal
    enough: bool = False


def grade(kind: str, status: str) -> Grade:
    """Say how much a report of that kind with that enhanced status code counts."""
    if kind == Bounce.Kind.COMPLAINT:
        return Grade(kind, NOTHING, enough=True)
    if kind == Bounce.Kind.SOFT or status.startswith("4.") or status in MAILBOX_FULL:
        return Grade(Bounce.Kind.SOFT, HALF)
    if status.startswith(ABOUT_THE_MAIL):
        return Grade(Bounce.Kind.HARD, NOTHING)
    return Grade(Bounce.Kind.HARD, WHOLE, enough=status in NO_SUCH_MAILBOX)


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code in a text, as 5.1.1; nothing if there is none."""
    found = ENHANCED_CODE.search(text[:2000])
    return found[1] if found else ""


def note(delivery: Delivery, kind: str, source: str, status: str = "", words: str = "") -> bool:
    """Keep that a delivery came back, and let it count once. Return whether this call did it.

    Row, score and suppression are one transaction; the same report a second time finds the row and does nothing. Of
    somebody erased the words are not kept: servers like to name the address in them.
    """
    code = enhanced_code(status) or enhanced_code(words)
    graded = grade(kind, code)
    with transaction.atomic():
        reader = locked(delivery.subscriber_id)
        bounce, fresh = Bounce.objects.get_or_create(
            delivery=delivery,
            kind=graded.kind,
            defaults={
                "subscriber": reader,
                "source": source,
                "status": code,
                "words": one_line(words)[:500] if reader else "",
            },
        )
        if fresh and reader and concerns(bounce, reader):
            let_it_count(bounce, graded, reader)
    return fresh


def locked(number: int | None) -> Subscriber | None:
    """Return the subscriber of that number, whom nobody erases before this transaction ends; None if they are gone."""
    return None if number is None else Subscriber.objects.select_for_update().filter(pk=number).first()


def let_it_count(bounce: Bounce, graded: Grade, subscriber: Subscriber) -> None:
    """Move the reader's score, and suppress the address if that is enough."""
    if graded.kind == Bounce.Kind.COMPLAINT:
        suppressing.suppress(subscriber, Suppression.Cause.COMPLAINT, Consent.Place.SERVER)
        return
    if graded.step:
        move_score(subscriber, graded.step)
    twice = graded.kind == Bounce.Kind.HARD and graded.step and hard_before(bounce, subscriber)
    if graded.enough or twice or Subscriber.objects.filter(pk=subscriber.pk, bounce_score__gte=ENOUGH).exists():
        suppressing.suppress(subscriber, Suppression.Cause.BOUNCE, Consent.Place.SERVER)


def concerns(bounce: Bounce, subscriber: Subscriber) -> bool:
    """Say whether a bounce concerns its reader today: not if they moved, left, or confirmed anew since that mail.

    A complaint concerns somebody who has left, too.
    """
    delivery = bounce.delivery
    complained = bounce.kind == Bounce.Kind.COMPLAINT and subscriber.status != Subscriber.Status.SUPPRESSED
    moved = subscriber.email.lower() != delivery.address.lower()
    confirmed_since = subscriber.confirmed_at is not None and delivery.created_at < subscriber.confirmed_at
    return (complained or subscriber.status == Subscriber.Status.ACTIVE) and not moved and not confirmed_since


def move_score(subscriber: Subscriber, step: Decimal) -> bool:
    """Add a step for today, unless today has counted; start anew after a week of quiet. Return whether it moved."""
    today = timezone.localdate()
    score = Case(
        When(bounced_on__gte=today - STALE, then=F("bounce_score")),
        default=Value(NOTHING),
        output_field=DecimalField(max_digits=4, decimal_places=1),
    )
    not_yet = Subscriber.objects.filter(Q(bounced_on=None) | Q(bounced_on__lt=today), pk=subscriber.pk)
    return not_yet.update(bounce_score=score + Value(step), bounced_on=today) == 1


def hard_before(bounce: Bounce, subscriber: Subscriber) -> bool:
    """Say whether the reader had a hard bounce on an earlier day, and nothing that arrived in between."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    no_blame = reduce(or_, (Q(status__startswith=start) for start in ABOUT_THE_MAIL))
    since = subscriber.confirmed_at or subscriber.created_at
    earlier = (
        Bounce.objects.filter(
            subscriber=subscriber, kind=Bounce.Kind.HARD, at__lt=midnight, delivery__created_at__gte=since
        )
        .exclude(no_blame)
        .order_by("-delivery_id")
        .first()
    )
    if earlier is None:
        return False
    between = Delivery.objects.filter(
        subscriber=subscriber,
        state=Delivery.State.SENT,
        pk__gt=earlier.delivery_id,
        pk__lt=bounce.delivery_id,
        bounces=None,
    )
    return not between.exists()
