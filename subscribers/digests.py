"""Digests: the posts of a day, a week or a month in one mail, for who chose that.

As with posts, nothing is signalled: the worker asks every few seconds which periods have ended, and asking twice is
harmless. docs/decisions/0029 says what a digest holds, and for whom.
"""

import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import mail
from blog.models import Post, Publication
from blog.models.post import PostQuerySet
from subscribers import periods
from subscribers.models import Consent, Delivery, Issue, Subscriber, SubscriberQuerySet
from subscribers.periods import Period

LATE = datetime.timedelta(days=3)  # how long after its own period a post that was put back in time is still told of
NOT_GOT = [Delivery.State.FAILED, Delivery.State.SKIPPED]  # after these it is certain that no mail arrived


def make_due() -> list[Issue]:
    """Make the digests whose time has come; each waits for somebody to stop it. Return those that this call made."""
    now = timezone.now()
    made = [make(period, now) for cadence in periods.CADENCES for period in periods.due(cadence, now)]
    return [issue for issue in made if issue is not None]


def make(period: Period, now: datetime.datetime) -> Issue | None:
    """Make the digest of a period, unless there is one, or nothing to say, or nobody to say it to."""
    begun = Issue.objects.filter(kind=Issue.Kind.DIGEST, cadence=period.cadence).aggregate(end=Max("period_end"))
    # Where the last one ended: with the site's time zone changed meanwhile, the two would overlap.
    period = period._replace(start=max(period.start, begun["end"] or period.start))
    if period.start >= period.end or not posts_of(period).exists() or not readers_of(period).exists():
        return None
    issue, created = Issue.objects.get_or_create(
        kind=Issue.Kind.DIGEST,
        cadence=period.cadence,
        period_start=period.start,
        defaults={
            "period_end": period.end,
            "subject": subject(period),
            "send_at": now + datetime.timedelta(minutes=settings.NEWSLETTER_DELAY),
        },
    )
    return issue if created else None


def subject(period: Period) -> str:
    what = {"name": Publication.load().name, "period": periods.in_words(period.cadence, period.start)}
    return mail.one_line(_("%(name)s: %(period)s") % what)


def period_of(issue: Issue) -> Period:
    assert issue.period_start is not None  # noqa: S101  the constraint issue_digest_has_period
    assert issue.period_end is not None  # noqa: S101  the same
    return Period(issue.cadence, issue.period_start, issue.period_end)


def posts_of(period: Period) -> PostQuerySet:
    """Return what the digest of a period would hold if it began now.

    Those are the listed posts of the period that are meant for mail and were not imported, and those of the three days
    before that came too late for the digest of theirs, having been listed or dated back afterwards.
    """
    mailable = Post.objects.listed().filter(email_subscribers=True, imported_at=None)
    earlier = Issue.objects.filter(kind=Issue.Kind.DIGEST, cadence=period.cadence, started_at__isnull=False)
    covered = earlier.filter(period_start__lte=OuterRef("published_at"), period_end__gt=OuterRef("published_at"))
    in_time = Q(published_at__gte=period.start)
    late = Q(Exists(covered), published_at__gte=period.start - LATE)
    held = earlier.exclude(period_start=period.start).filter(posts=OuterRef("pk"))
    return mailable.filter(in_time | late, ~Exists(held), published_at__lt=period.end)


def readers_of(period: Period) -> SubscriberQuerySet:
    """Return who is to be told of a period's posts: who chose that, and who did while the period lasted.

    Who has changed to something else since would otherwise miss what came out before they did.
    """
    gave_up = Consent.objects.filter(
        kind=Consent.Kind.CHANGED, at__gt=period.start, detail__cadence__before=period.cadence
    )
    # A list of their numbers, not a question for each subscriber: the worker asks this every few seconds.
    return Subscriber.objects.awake().filter(Q(cadence=period.cadence) | Q(pk__in=gave_up.values("subscriber")))


def settle(issue: Issue) -> None:
    """Write down which posts a digest holds: in the transaction that begins it, before its audience is settled."""
    if issue.kind == Issue.Kind.DIGEST:
        issue.posts.set(posts_of(period_of(issue)))


def held_by(issue: Issue) -> list[Post]:
    """Return the posts of a digest, newest first, less those withdrawn since; before it begins, those it would hold."""
    posts = issue.posts.listed() if issue.started_at else posts_of(period_of(issue))
    return list(posts.for_lists().prefetch_related("tags"))


def is_wanted(issue: Issue) -> bool:
    """Say whether a digest still has anything to tell."""
    return issue.posts.listed().exists() if issue.started_at else posts_of(period_of(issue)).exists()


def audience(issue: Issue) -> SubscriberQuerySet:
    """Return whom a digest has something to tell: readers who want one of its posts at least that they have not got."""
    readers = readers_of(period_of(issue))
    sources = mails_with(held_by(issue), issue)
    if not sources:
        return readers.none()
    return readers.filter(reduce(or_, (wants(source) for source in sources)))


class Source(NamedTuple):
    """A post, and the other issues by which a reader may have got it."""

    post: Post
    issues: list[int]


def mails_with(posts: list[Post], but: Issue) -> list[Source]:
    """Find by which issues, but this one, each of the posts is mailed: its own and other digests. Two queries."""
    found: dict[int, list[int]] = {post.pk: [] for post in posts}
    for issue, post in Issue.objects.filter(post__in=found).values_list("pk", "post"):
        found[post].append(issue)
    through = Issue.posts.through.objects.filter(post__in=found).exclude(issue=but.pk)
    for issue, post in through.values_list("issue", "post"):
        found[post].append(issue)
    return [Source(post, found[post.pk]) for post in posts]


def wants(source: Source) -> Q:
    """The condition that a subscriber wants a post and no mail has brought it, or may have: nobody gets it twice."""
    chosen = Subscriber.objects.filter(pk=OuterRef("pk")).filter(
        Q(tags__posts=source.post.pk) | Q(authors__posts=source.post.pk)
    )
    wanted = Q(chosen_only=False) | Q(Exists(chosen))
    if not source.issues:
        return wanted
    got = Delivery.objects.filter(subscriber=OuterRef("pk"), issue__in=source.issues).exclude(state__in=NOT_GOT)
    return wanted & ~Q(Exists(got))
