"""From a published post to a mail in every inbox, as rows that survive a crash at any line.

A post that wants mail gets an Issue; an issue that is due gets one Delivery per subscriber, in one transaction;
subscribers/sending.py claims, sends and records each. Every function may run twice, or in two workers, without a mail
going out twice.
"""

import datetime
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import failpoints
from blog.models import Post
from subscribers import digests, ledger, preflight
from subscribers.audiences import audience_of
from subscribers.letters import Letter
from subscribers.models import Delivery, Issue
from subscribers.sending import Dispatch

logger = logging.getLogger(__name__)

Stopped = Callable[[], bool]

# Older posts never start an issue: publishing an archive, or a worker back after a week, mails nobody.
POST_AGE_LIMIT = datetime.timedelta(days=3)
ISSUE_STOPPED = "The issue was stopped."


@dataclass(frozen=True)
class Outcome:
    """What one pass did."""

    issues_started: int
    mails_sent: int


def never() -> bool:
    return False


def run_once(stopped: Stopped = never) -> Outcome:
    """Start the issues that are due and send what is open, until done or `stopped()`.

    A long issue leaves the others their turn, so that a welcome does not wait for the end of a million mails.
    """
    started = sent = 0
    while True:
        announce_posts()
        digests.make_due()
        started += sum(start_issue(issue) for issue in Issue.objects.all().due())
        in_turn = sum(send_issue(issue, stopped) for issue in Issue.objects.all().sending() if not stopped())
        close_stopped()
        sent += in_turn
        if not in_turn or stopped():
            return Outcome(started, sent)


def announce_posts() -> list[Issue]:
    """Make an issue for every post that wants mail and has none; it waits for somebody to stop it."""
    now = timezone.now()
    posts = Post.objects.listed().filter(
        email_subscribers=True, imported_at=None, issue=None, published_at__gt=now - POST_AGE_LIMIT
    )
    send_at = now + datetime.timedelta(minutes=settings.NEWSLETTER_DELAY)
    failpoints.reached("announcing")
    issues = (
        Issue.objects.get_or_create(post=post, defaults={"subject": post.title, "send_at": send_at}) for post in posts
    )
    made = [issue for issue, created in issues if created]
    if made:
        failpoints.reached("announced")
    return made


def start_issue(issue: Issue) -> bool:
    """Settle who gets the issue: one delivery for everybody on the list now. Return whether this call did it.

    What a look at the mail finds is kept; a red finding holds the issue back, unless somebody gave a reason to go on.
    """
    if not is_wanted(issue):
        issue.stop()
        return False
    if not looks_good(issue):
        return False
    failpoints.reached("freezing")
    with transaction.atomic():
        now = timezone.now()
        if Issue.objects.all().due().filter(pk=issue.pk).update(state=Issue.State.SENDING, started_at=now) != 1:
            return False
        digests.settle(issue)
        audience = ledger.write(issue, audience_of(issue))
        failpoints.reached("deliveries written")
        Issue.objects.filter(pk=issue.pk).update(audience=audience)
        failpoints.reached("frozen")
    failpoints.reached("started")
    logger.info("Issue %s goes out to %s subscribers.", issue.pk, audience)
    return True


def looks_good(issue: Issue) -> bool:
    """Look at the issue before it begins, outside of any transaction: that may ask the net. Hold it if it is red."""
    findings = preflight.look(issue)
    if preflight.is_red(findings) and not issue.override_reason:
        issue.hold("; ".join(str(finding.words) for finding in findings if finding.level == "red"))
        return False
    return True


def is_wanted(issue: Issue) -> bool:
    """Say whether an issue may still go out. Withdrawing its post, or taking it out of the mail, stops it."""
    if issue.kind == Issue.Kind.DIGEST:
        return digests.is_wanted(issue)
    if issue.kind != Issue.Kind.POST:
        return True
    # A clock that is set back takes no post back that was published when its issue was made.
    moment = max(timezone.now(), issue.created_at)
    return Post.objects.listed(moment).filter(issue=issue, email_subscribers=True).exists()


def send_issue(issue: Issue, stopped: Stopped = never) -> int:
    """Send the open deliveries of an issue, for its turn; return how many mails a server took."""
    Delivery.objects.filter(issue=issue).note_lost_senders()
    if not is_wanted(issue):
        issue.stop()
        return 0
    sent = 0
    if Delivery.objects.filter(issue=issue).due().exists():
        letter = letter_of(issue)
        sent = Dispatch(issue, letter, stopped, is_wanted).run() if letter else 0
    if issue.finish():
        failpoints.reached("finished")
    return sent


def letter_of(issue: Issue) -> Letter | None:
    """Return what makes the mails of the issue; None, and the issue is paused, if that cannot be made."""
    try:
        return Letter(issue)
    except Exception as error:
        logger.exception("Issue %s could not be made.", issue.pk)
        issue.pause(f"The mail could not be made: {error!r}")
        return None


def close_stopped() -> None:
    """Record as not sent what stopped issues still have open, so that no mail looks as if it was about to go out."""
    left = Delivery.objects.filter(issue__state=Issue.State.STOPPED)
    left.note_lost_senders()
    waiting = left.filter(state__in=Delivery.WAITING) | left.due()
    waiting.update(state=Delivery.State.SKIPPED, error=ISSUE_STOPPED)


def retry(issue: Issue, states: Collection[str]) -> int:
    """Try the deliveries in these states again, with the same Message-ID each; return how many there are.

    The states are those of deliveries that are done without being sent. A mail that is unknown may have arrived: who
    asks for it takes the risk that somebody gets it twice. Who has left the list meanwhile is left out on the way.
    """
    asked = set(states) & {Delivery.State.FAILED, Delivery.State.UNKNOWN, Delivery.State.SKIPPED}
    with transaction.atomic():
        if not reopen(issue):
            return 0
        return Delivery.objects.filter(issue=issue, state__in=asked).update(
            state=Delivery.State.PENDING, attempts=0, next_try_at=timezone.now(), claimed_at=None, error=""
        )


def widen(issue: Issue) -> int:
    """Send the issue to those too who would get it today and were not on the list when it began; return how many."""
    with transaction.atomic():
        if not reopen(issue):
            return 0
        had = Delivery.objects.filter(issue=issue, subscriber=OuterRef("pk"))
        added = ledger.write(issue, audience_of(issue).filter(~Exists(had)))
        Issue.objects.filter(pk=issue.pk).update(audience=F("audience") + added)
    return added


def reopen(issue: Issue) -> bool:
    """Let an issue that began go on, one that is over too; a paused one waits for its resumption. Call it in a
    transaction, before deliveries are added: it holds the issue, so that nobody finishes it meanwhile.
    """
    begun = Issue.objects.filter(Q(started_at__isnull=False) | Q(kind=Issue.Kind.WELCOME), pk=issue.pk)
    over = begun.filter(state__in=[Issue.State.SENT, Issue.State.STOPPED])
    return bool(
        over.update(state=Issue.State.SENDING, ended_at=None)
        or begun.filter(state__in=[Issue.State.SENDING, Issue.State.PAUSED]).update(started_at=F("started_at"))
    )


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
    if issue.state == Issue.State.SENDING and issue.rests_until and issue.rests_until > timezone.now():
        counts["time"] = date_format(timezone.localtime(issue.rests_until), "H:i")
        return _("The mail server is away: tried again at %(time)s. %(sent)d of %(audience)d mails are out.") % counts
    return sentences[Issue.State(issue.state)] % counts
