"""When pages change although nobody writes: a post's time comes, a conversation's time is over.

What reads the clock to show a page has to say here when that reading ends; the page cache keeps no page for longer.
"""

import datetime
from typing import Any

from django.db.models import Min
from django.http import HttpRequest

from blog.models import Post

KEY = "byline.changes_at"  # in the WSGI environment of the request


def page_changes_at(request: HttpRequest, moment: datetime.datetime) -> None:
    """Note that the page which is made for this request changes by itself at a moment, if that is still to come."""
    request.META.setdefault(KEY, []).append(moment.timestamp())


def next_change(environ: dict[str, Any], since: datetime.datetime) -> float:
    """Return when the page that was made for a request changes by itself next, in seconds since 1970; or infinity.

    `since` is a moment before the page was begun. Costs one query: every page may show a post whose time comes.
    """
    seen = [Post.Visibility.LISTED, Post.Visibility.UNLISTED]
    scheduled = Post.objects.filter(visibility__in=seen, published_at__gt=since).aggregate(next=Min("published_at"))
    moments = [*environ.get(KEY, []), *(moment.timestamp() for moment in scheduled.values() if moment)]
    return min((moment for moment in moments if moment > since.timestamp()), default=float("inf"))
