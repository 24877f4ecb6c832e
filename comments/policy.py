"""What a conversation's rules are: the post's own where it has some, else the site's."""

import datetime
from typing import NamedTuple

from django.utils import timezone

from blog.models import Post, Publication


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
