"""Days, weeks and months as the site's readers live them: from midnight to midnight in the site's time zone.

Pure functions of a moment. A day in which the clocks change has 23 or 25 hours here, and its mail still comes at seven.
"""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from subscribers.models import Subscriber

Cadence = Subscriber.Cadence

CADENCES = [Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY]
MAILED_AT = datetime.time(7)  # in the morning after
DAY = datetime.timedelta(days=1)

# A worker that is back after a longer absence mails nobody what is not new any more (as POST_AGE_LIMIT for posts).
AGE_LIMIT = 3 * DAY


class Period(NamedTuple):
    """What a digest covers: from `start` to just before `end`."""

    cadence: str
    start: datetime.datetime
    end: datetime.datetime


def due(cadence: str, now: datetime.datetime) -> Iterator[Period]:
    """Give the periods that ended at most three days ago and whose seven o'clock has come, the earliest first."""
    today = timezone.localdate(now)
    for back in range(AGE_LIMIT.days, -1, -1):
        last = today - back * DAY
        if begins(cadence, last) and at(last, MAILED_AT) <= now and now - midnight(last) <= AGE_LIMIT:
            yield Period(cadence, midnight(before(cadence, last)), midnight(last))


def begins(cadence: str, date: datetime.date) -> bool:
    """Say whether a period begins with this day, and so one has ended with the day before."""
    if cadence == Cadence.MONTHLY:
        return date.day == 1
    return cadence == Cadence.DAILY or date.isoweekday() == 1


def before(cadence: str, date: datetime.date) -> datetime.date:
    """Return the first day of the period that ends where this day begins."""
    if cadence == Cadence.MONTHLY:
        return (date - DAY).replace(day=1)
    return date - (7 * DAY if cadence == Cadence.WEEKLY else DAY)


def midnight(date: datetime.date) -> datetime.datetime:
    return at(date, datetime.time.min)


def at(date: datetime.date, time: datetime.time) -> datetime.datetime:
    """Return that time of that day on the site's clocks. One that the clocks skip is the moment they skip it."""
    return timezone.make_aware(datetime.datetime.combine(date, time)).astimezone(datetime.UTC)


def in_words(cadence: str, start: datetime.datetime) -> str:
    """Name the period that begins then, as in “Wednesday, 25 November”, for a subject or a heading."""
    first = timezone.localdate(start)
    if cadence == Cadence.DAILY:
        return date_format(first, _("l, j F"))
    if cadence == Cadence.WEEKLY:
        return _("the week of %(date)s") % {"date": date_format(first, _("j F"))}
    return date_format(first, _("F Y"))
