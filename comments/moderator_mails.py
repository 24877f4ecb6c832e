"""Telling moderators that something waits: whom, when, and by which row; and sending the rows.

The worker pulls. A comment that waits and that nobody was told of gets its rows in the transaction that marks it as
told: one mail at once to each moderator who wants that, and for the others a place in the mail that goes out when
their hour or day is over.
"""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from blog import limits, mail
from blog.routes import Route
from comments import moderator_messages as messages
from comments.models import Comment, ConversationMail, NoticePreference
from comments.moderators import addressees, paces

BATCH = 100  # comments looked at in one go
MOST_AN_HOUR = 10  # mails about single comments to one person; what comes after them waits for the hour's digest
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
MORNING = 8  # o'clock in the site's time zone: when the mail of the day goes out
KEPT = datetime.timedelta(days=30)

KINDS = [ConversationMail.Kind.HELD, ConversationMail.Kind.DIGEST]


def run_once(stopped: Callable[[], bool] = lambda: False) -> int:
    """Write the mails that are due to be written and send those due to be sent; return how many a server took.

    Safe to run in several places at once.
    """
    write_rows()
    return send_due(stopped)


def write_rows() -> int:
    """Write the mails about comments that nobody was told of yet; return how many comments that were.

    Spam is never mailed. Of two workers who come at once one gets the comment; a constraint holds that there is one
    row for a moderator and a comment, and one for a moderator and an hour or day.
    """
    untold = Comment.objects.filter(moderators_told_at=None).waiting()
    if not untold.exists():  # asked before the transaction, which on SQLite takes the lock for writing
        return 0
    with transaction.atomic():
        locked = untold.select_for_update(skip_locked=True, of=("self",))
        fresh = list(locked.values_list("pk", flat=True)[:BATCH])
        now = timezone.now()
        Comment.objects.filter(pk__in=fresh).update(moderators_told_at=now)
        rows = [row for user, pace in paces() for row in rows_for(user, pace, fresh, now)]
        ConversationMail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(fresh)


def rows_for(user: int, pace: str, comments: Sequence[int], now: datetime.datetime) -> list[ConversationMail]:
    """Return the mails by which one moderator learns of these comments."""
    if pace != NoticePreference.Pace.NOW:
        return [digest(user, pace, now)]
    single = list(takewhile(lambda _pk: limits.count("mail about a comment", str(user), MOST_AN_HOUR, HOUR), comments))
    rows = [ConversationMail(kind=ConversationMail.Kind.HELD, user_id=user, comment_id=pk) for pk in single]
    return rows if len(single) == len(comments) else [*rows, digest(user, NoticePreference.Pace.HOURLY, now)]


def digest(user: int, pace: str, now: datetime.datetime) -> ConversationMail:
    """Return the mail about all that waits, which goes out when the hour or day that is running is over."""
    start, length = now.replace(minute=0, second=0, microsecond=0), HOUR
    if pace == NoticePreference.Pace.DAILY:
        morning = timezone.localtime(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        start, length = (morning if morning <= now else morning - DAY), DAY
    return ConversationMail(kind=ConversationMail.Kind.DIGEST, user_id=user, period=start, next_try_at=start + length)


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every mail to a moderator that is due; return how many a server took."""
    return mail.send_due(ConversationMail.objects.filter(kind__in=KINDS), send, stopped)


def send(row: ConversationMail, route: Route) -> bool:
    """Send a claimed mail, if its reader still moderates and something still waits."""
    person = addressees().filter(conversation_mails=row).first()
    if person is None:
        row.skip("Nobody who moderates, has an address and wants a mail.")
        return False
    message = message_of(row, person)
    if message is None:
        row.skip("Nothing waits any more.")
        return False
    return mail.send(row, message, route)


def message_of(row: ConversationMail, person: User) -> Callable[[], EmailMessage] | None:
    """Return what makes the mail of a row, or None if nothing of it waits any more."""
    waiting = Comment.objects.waiting().select_related("post", "parent")
    if row.kind == ConversationMail.Kind.DIGEST:
        return partial(messages.about_all, row, person) if waiting.exists() else None
    comment = waiting.filter(mails=row).first()
    return partial(messages.about_one, comment, person) if comment else None


def forget_old(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete what was mailed to moderators a month ago; return how many rows that were."""
    return ConversationMail.objects.filter(kind__in=KINDS, created_at__lt=timezone.now() - KEPT).delete()[0]
