"""The welcome: one mail to everybody who confirms, for as long as it is switched on.

It is an issue like the others, that never ends: each confirmation adds one delivery, so that nobody is greeted twice
and the sums add up. docs/digests.md says what it holds.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import markup
from subscribers.models import Delivery, Issue, Subscriber

# Paused is on: who comes while nothing can be sent is greeted when it goes on.
ON = [Issue.State.SENDING, Issue.State.PAUSED]
SWITCHED_OFF = "The welcome was switched off."


def current() -> Issue | None:
    """Return the welcome, if one was ever written."""
    return Issue.objects.filter(kind=Issue.Kind.WELCOME).first()


def greet(subscriber: Subscriber) -> bool:
    """Add one delivery for who has just confirmed, once in a life. Return whether this call did it.

    To be called in the transaction of the confirmation: the mail goes out if and only if that holds. The sender finds
    it at its next round, a few seconds later.
    """
    # Held until the confirmation is committed, so that nobody is added to a welcome that is just switched off.
    issue = Issue.objects.select_for_update().filter(kind=Issue.Kind.WELCOME, state__in=ON).first()
    if issue is None:
        return False
    values = {"address": subscriber.email}
    if not Delivery.objects.get_or_create(issue=issue, subscriber=subscriber, defaults=values)[1]:
        return False
    return Issue.objects.filter(pk=issue.pk).update(audience=F("audience") + 1) == 1


def write(subject: str, source: str, user: Any) -> Issue:
    """Keep what the welcome says. Whether it is on stays as it is; who is greeted from now on reads this."""
    words = {
        "subject": subject,
        "source": source,
        "rendered_html": markup.render_post(source).html,
        "renderer_version": markup.RENDERER_VERSION,
        "made_by": user,
    }
    made = {**words, "state": Issue.State.DRAFT, "send_at": timezone.now()}
    return Issue.objects.update_or_create(kind=Issue.Kind.WELCOME, defaults=words, create_defaults=made)[0]


def switch_on(issue: Issue) -> bool:
    """Greet who confirms from now on. Return whether this call did it."""
    off = Issue.objects.filter(pk=issue.pk, state__in=[Issue.State.DRAFT, Issue.State.STOPPED])
    done = off.update(state=Issue.State.SENDING, started_at=timezone.now(), ended_at=None, why_paused="") == 1
    issue.refresh_from_db()
    return done


def switch_off(issue: Issue) -> bool:
    """Greet nobody any more; who has not got it by now does not get it later. Return whether this call did it."""
    with transaction.atomic():
        done = Issue.objects.filter(pk=issue.pk, state__in=ON).update(state=Issue.State.DRAFT) == 1
        if done:
            waiting = Delivery.objects.filter(issue=issue, state__in=Delivery.WAITING)
            waiting.update(state=Delivery.State.SKIPPED, error=SWITCHED_OFF)
    issue.refresh_from_db()
    return done


def first_words() -> dict[str, str]:
    """What the form offers to begin with."""
    return {
        "subject": _("Welcome"),
        "source": _("Thank you for reading.\n\nAnswer this mail if you want to tell us something; a person reads it."),
    }
