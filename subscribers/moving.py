"""Another address for a subscription: asked for on its page, told to the old address, confirmed at the new one."""

from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q

from blog import mailboxes
from blog.waking import wake
from subscribers import consent
from subscribers.models import Consent, Delivery, Notice, Subscriber, Suppression
from subscribers.models.suppression import digest_of
from subscribers.tasks import send_notices


class Moved(StrEnum):
    """What became of a confirmed change of address."""

    DONE = "done"
    TAKEN = "taken"  # the new address has a subscription of its own
    GONE = "gone"  # nobody waits for it any more


def ask(subscriber: Subscriber, email: str) -> bool:
    """Keep the wish for another address, and mail both; return False if the new mailbox had enough mails for now.

    Does the same whether the new address is known here or not.
    """
    email = mailboxes.normalised(email)
    with transaction.atomic():
        if not mailboxes.has_room(email, consent.SORT):
            return False
        active = Subscriber.objects.active().filter(pk=subscriber.pk)
        if active.update(new_email=email) == 1:
            Notice.objects.create(subscriber=subscriber, kind=Notice.Kind.NEW_ADDRESS, address=email)
            Notice.objects.create(subscriber=subscriber, kind=Notice.Kind.OLD_ADDRESS, address=subscriber.email)
            wake(send_notices)
    return True


def cancel(subscriber: Subscriber) -> bool:
    """Keep the present address; the link that was mailed to the other moves nothing. Return whether one was wanted."""
    return Subscriber.objects.filter(pk=subscriber.pk).exclude(new_email="").update(new_email="") == 1


def confirm(subscriber: Subscriber) -> Moved:
    """Send mails to the new address from now on, those of an issue on its way included."""
    old, new = subscriber.email, subscriber.new_email
    try:
        with transaction.atomic():
            drop_stranger(new)
            wanted = Subscriber.objects.active().exclude(new_email="").filter(pk=subscriber.pk)
            now = {"email": new, "new_email": "", "bounce_score": 0, "bounced_on": None, "times_asked": 0}
            if wanted.filter(email=old, new_email=new).update(**now) != 1:
                transaction.set_rollback(True)
                return Moved.GONE
            waiting = Delivery.objects.filter(subscriber=subscriber, state__in=Delivery.WAITING)
            waiting.update(address=new)
            Suppression.objects.of(new).weak().delete()
            digests = {"before": digest_of(old), "after": digest_of(new)}
            consent.note(subscriber, Consent.Kind.MOVED, Consent.Place.LINK, **digests)
    except IntegrityError:
        return Moved.TAKEN
    subscriber.refresh_from_db()
    return Moved.DONE


def drop_stranger(email: str) -> None:
    """Make room at an address that is known only because somebody typed it; its owner has now shown to hold it."""
    never_confirmed = Q(status=Subscriber.Status.PENDING, confirmed_at=None)
    consent.written_as(email).filter(never_confirmed).delete()
