"""What a conversation's rules are: the post's own where it has some, else the site's."""

import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.models import CommentsHeld, Post, Publication

PROMISES = {
    CommentsHeld.ALL: gettext_lazy("A person reads every comment before it appears."),
    CommentsHeld.FIRST: gettext_lazy(
        "Your first comment appears when you have confirmed your address and a person has read it. "
        "Later ones appear at once, unless something about them looks like spam."
    ),
    CommentsHeld.SUSPICIOUS: gettext_lazy(
        "Your comment appears at once, unless something about it looks like spam. Then a person reads it first."
    ),
}


class Terms(NamedTuple):
    """The rules under one post."""

    held: str  # one of CommentsHeld
    close_after: int  # days since publication; 0 for never
    pause: int  # seconds between two comments of one address or network


def terms(post: Post, publication: Publication) -> Terms:
    """Return the rules under this post."""
    days, pause = post.comments_close_after, post.comments_pause
    return Terms(
        held=post.comments_held or publication.comments_held,
        close_after=publication.comments_close_after if days is None else days,
        pause=publication.comments_pause if pause is None else pause,
    )


def closes_at(post: Post, publication: Publication) -> datetime.datetime | None:
    """Return when the conversation closes, or None if it stays open."""
    days = terms(post, publication).close_after
    return post.published_at + datetime.timedelta(days=days) if days and post.published_at else None


def is_open(post: Post, publication: Publication) -> bool:
    """Say whether somebody may write under this post now."""
    if not (publication.comments_open and post.allow_comments and post.is_published):
        return False
    end = closes_at(post, publication)
    return end is None or timezone.now() < end


def promise(post: Post, publication: Publication) -> str:
    """Say, to whoever is about to write, what will happen to the comment and by when it has to be sent."""
    rules = terms(post, publication)
    said = [str(PROMISES[CommentsHeld(rules.held)])]
    if rules.pause:
        said.append(_("Between two of your comments there have to be %(time)s.") % {"time": in_words(rules.pause)})
    end = closes_at(post, publication)
    if end is not None:
        said.append(_("You can write here until %(day)s.") % {"day": day_of(end)})
    if settings.AKISMET_KEY:
        said.append(_("Akismet, a service outside this site, is asked whether it is spam."))
    return " ".join(said)


def closed_because(post: Post, publication: Publication) -> str:
    """Say why nobody can write under this post, and what to do with a text that is written already."""
    end = closes_at(post, publication)
    if end is not None and publication.comments_open and post.allow_comments and end <= timezone.now():
        return _("The conversation under this post closed on %(day)s. Copy your text if you need it.") % {
            "day": day_of(end)
        }
    return _("The conversation under this post is closed. Copy your text if you need it.")


def day_of(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def in_words(seconds: int) -> str:
    """Return a stretch of time as people say it, never shorter than it is: 45 seconds, 3 minutes, 2 hours."""
    if seconds <= 90:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    if minutes <= 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
