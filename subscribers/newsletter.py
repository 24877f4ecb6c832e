"""From a published post to a mail in every inbox, as rows that survive a crash at any line.

A post that wants mail gets an Issue; an issue that is due gets one Delivery per subscriber, in one transaction; each
delivery is claimed, sent and recorded. Every function may run twice, or in two workers, without a mail going out twice.
"""

import datetime
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import mail
from blog.models import Post
from blog.routes import Route, open_route
from subscribers.letters import Letter, Reader
from subscribers.models import Delivery, Issue, Subscriber, SubscriberQuerySet

logger = logging.getLogger(__name__)

Stopped = Callable[[], bool]

# Older posts never start an issue: publishing an archive, or a worker back after a week, mails nobody.
POST_AGE_LIMIT = datetime.timedelta(days=3)
BATCH = 500  # rows read or written at a time
ISSUE_STOPPED = "The issue was stopped."


@dataclass(frozen=True)
class Outcome:
    """What one pass did."""

    issues_started: int
    mails_sent: int


def never() -> bool:
    return False


def run_once(stopped: Stopped = never) -> Outcome:
    """Start the issues that are due and send what is open, until done or `stopped()`."""
    announce_posts()
    started = sum(start_issue(issue) for issue in Issue.objects.all().due())
    sent = sum(send_issue(issue, stopped) for issue in Issue.objects.all().sending() if not stopped())
    close_stopped()
    return Outcome(started, sent)


def announce_posts() -> list[Issue]:
    """Make an issue for every post that wants mail and has none; it waits for somebody to stop it."""
    now = timezone.now()
    posts = Post.objects.listed().filter(
        email_subscribers=True, imported_at=None, issue=None, published_at__gt=now - POST_AGE_LIMIT
    )
    send_at = now + datetime.timedelta(minutes=settings.NEWSLETTER_DELAY)
    issues = (
        Issue.objects.get_or_create(post=post, defaults={"subject": post.title, "send_at": send_at}) for post in posts
    )
    return [issue for issue, created in issues if created]


def start_issue(issue: Issue) -> bool:
    """Settle who gets the issue: one delivery for everybody on the list now. Return whether this call did it."""
    if not is_wanted(issue):
        issue.stop()
        return False
    with transaction.atomic():
        now = timezone.now()
        if Issue.objects.all().due().filter(pk=issue.pk).update(state=Issue.State.SENDING, started_at=now) != 1:
            return False
        audience = write_deliveries(issue)
        Issue.objects.filter(pk=issue.pk).update(audience=audience)
    logger.info("Issue %s goes out to %s subscribers.", issue.pk, audience)
    return True


def write_deliveries(issue: Issue) -> int:
    people = audience_of(issue).order_by("pk").values_list("pk", "email").iterator(chunk_size=BATCH)
    audience = 0
    while batch := list(islice(people, BATCH)):
        Delivery.objects.bulk_create(Delivery(issue=issue, subscriber_id=pk, address=address) for pk, address in batch)
        audience += len(batch)
    return audience


def audience_of(issue: Issue) -> SubscriberQuerySet:
    """Return who would get the issue if it began now."""
    awake = Subscriber.objects.awake()
    if issue.post is None:
        return awake
    return awake.filter(cadence=Subscriber.Cadence.EACH).wanting(issue.post)


def is_wanted(issue: Issue) -> bool:
    """Say whether the post of an issue is still listed and meant for mail: withdrawing it stops the issue."""
    if issue.kind == Issue.Kind.LETTER:
        return True
    return Post.objects.listed().filter(issue=issue, email_subscribers=True).exists()


def send_issue(issue: Issue, stopped: Stopped = never) -> int:
    """Send the open deliveries of an issue; return how many mails a server took."""
    Delivery.objects.filter(issue=issue).note_lost_senders()
    if not is_wanted(issue):
        issue.stop()
        return 0
    letter = Letter(issue)
    with open_route() as route:
        sent = sum(send_delivery(pk, letter, route) for pk in due_deliveries(issue, stopped))
    issue.finish()
    return sent


def due_deliveries(issue: Issue, stopped: Stopped) -> Iterator[int]:
    """Yield the keys of deliveries to send, a batch at a time, until none is due, the issue or the worker stops."""
    last = 0
    while True:
        due = Delivery.objects.filter(issue=issue, issue__state=Issue.State.SENDING, pk__gt=last).due()
        batch = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        for last in batch:
            if stopped():
                return
            yield last


def close_stopped() -> None:
    """Record as not sent what stopped issues still have open, so that no mail looks as if it was about to go out."""
    left = Delivery.objects.filter(issue__state=Issue.State.STOPPED)
    left.note_lost_senders()
    waiting = left.filter(state__in=Delivery.WAITING) | left.due()
    waiting.update(state=Delivery.State.SKIPPED, error=ISSUE_STOPPED)


def send_delivery(pk: int, letter: Letter, route: Route) -> bool:
    """Claim one delivery and send it, unless its reader has left or the issue was stopped meanwhile."""
    delivery = Delivery.objects.select_related("subscriber", "issue").get(pk=pk)
    if not delivery.claim():
        return False
    subscriber = Subscriber.objects.filter(deliveries=delivery, status=Subscriber.Status.ACTIVE)
    if not subscriber.exists():
        delivery.skip("No longer on the list.")
        return False
    if not Issue.objects.all().sending().filter(pk=delivery.issue_id).exists():
        delivery.skip(ISSUE_STOPPED)
        return False
    assert delivery.subscriber is not None  # noqa: S101  deliveries to erased people were skipped above
    reader = Reader(delivery.pk, delivery.subscriber.pk, delivery.address, delivery.subscriber.plain_text)
    return mail.send(delivery, lambda: letter.message(reader), route)


def why(post: Post) -> str:
    """Say in a sentence whether a post was, will be or will not be mailed, and why. For staff."""
    issue = Issue.objects.filter(post=post).first()
    if issue is not None:
        return about_issue(issue)
    oldest = timezone.now() - POST_AGE_LIMIT
    reasons = [
        (post.imported_at is not None, _("Not mailed: imported posts never are.")),
        (not post.email_subscribers, _("Not mailed: “Mail to subscribers” is off.")),
        (post.visibility != Post.Visibility.LISTED, _("Not mailed: only listed posts are.")),
        (not post.is_published, _("Will be mailed when it is published, unless you switch that off.")),
        (
            post.published_at is not None and post.published_at < oldest,
            _("Not mailed: it was published more than three days ago."),
        ),
    ]
    return next(
        (sentence for holds, sentence in reasons if holds),
        _("Will be mailed: the worker makes its issue soon."),
    )


def about_issue(issue: Issue) -> str:
    sent = Delivery.objects.filter(issue=issue, state=Delivery.State.SENT).count()
    counts = {
        "sent": sent,
        "audience": issue.audience,
        "time": date_format(timezone.localtime(issue.send_at), "H:i"),
    }
    sentences = {
        Issue.State.DRAFT: _("Its mail is being written."),
        Issue.State.WAITING: _("Will be mailed at %(time)s. Until then the issue can be stopped."),
        Issue.State.SENDING: _("Being mailed: %(sent)d of %(audience)d mails are out."),
        Issue.State.PAUSED: _("Paused: %(sent)d of %(audience)d mails are out. Somebody has to look why."),
        Issue.State.SENT: _("Mailed: %(sent)d of %(audience)d mails were taken by the mail server."),
        Issue.State.STOPPED: _("Stopped: %(sent)d of %(audience)d mails went out before."),
    }
    return sentences[Issue.State(issue.state)] % counts


def retry(issue: Issue, states: Collection[str]) -> int:
    """Send again what ended in one of these states, to readers who are still on the list; return how many mails."""
    again = Delivery.objects.filter(issue=issue, state__in=states, subscriber__status=Subscriber.Status.ACTIVE)
    with transaction.atomic():
        count = again.update(
            state=Delivery.State.PENDING, attempts=0, next_try_at=timezone.now(), claimed_at=None, error=""
        )
        if count:
            reopen(issue)
    return count


def widen(issue: Issue) -> int:
    """Send the issue to those as well who would get it today and did not when it began; return how many."""
    with transaction.atomic():
        had = Delivery.objects.filter(issue=issue, subscriber=OuterRef("pk"))
        people = audience_of(issue).filter(~Exists(had)).order_by("pk").values_list("pk", "email")
        added = Delivery.objects.bulk_create(
            [Delivery(issue=issue, subscriber_id=pk, address=address) for pk, address in people], batch_size=BATCH
        )
        if added:
            Issue.objects.filter(pk=issue.pk).update(audience=F("audience") + len(added))
            reopen(issue)
    return len(added)


def reopen(issue: Issue) -> None:
    """Let a sent issue be sent on: it has open deliveries again."""
    ended = [Issue.State.SENT, Issue.State.STOPPED]
    Issue.objects.filter(pk=issue.pk, state__in=ended).update(state=Issue.State.SENDING, ended_at=None)
