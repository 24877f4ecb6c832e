"""Where posts stand, in one word each, from the two facts that say it (`published_at`, `visibility`)."""

import datetime
from collections.abc import Callable

from django.db.models import Case, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post


class Standing(TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    UNLISTED = "unlisted", _("unlisted")
    WITHDRAWN = "withdrawn", _("withdrawn")


WITHDRAWN = Q(visibility=Post.Visibility.WITHDRAWN)

# Every post meets exactly one of these conditions, at any time.
CONDITIONS: dict[Standing, Callable[[datetime.datetime], Q]] = {
    Standing.DRAFT: lambda now: Q(published_at=None),
    Standing.SCHEDULED: lambda now: Q(published_at__gt=now) & ~WITHDRAWN,
    Standing.PUBLISHED: lambda now: Q(published_at__lte=now, visibility=Post.Visibility.LISTED),
    Standing.UNLISTED: lambda now: Q(published_at__lte=now, visibility=Post.Visibility.UNLISTED),
    Standing.WITHDRAWN: lambda now: WITHDRAWN,
}


def standing_as(standing: Standing, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Return those of the posts that stand so now."""
    return posts.filter(CONDITIONS[standing](timezone.now()))


def with_standing(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Let the database say of each post where it stands, as the attribute `standing`."""
    now = timezone.now()
    cases = [When(condition(now), then=Value(standing.value)) for standing, condition in CONDITIONS.items()]
    return posts.annotate(standing=Case(*cases))
