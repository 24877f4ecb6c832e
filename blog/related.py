"""What else to read from here: the neighbours in a series, and posts about the same subjects."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from blog.models import Post, Series, Tag

MOST_RELATED = 3
# Bounds the work: at most so many of a post's tags are looked at, and of each only the newest posts.
MOST_TAGS = 5
NEWEST_PER_TAG = 30


@dataclass(frozen=True)
class SeriesPlace:
    """Where a post stands in its series, among the listed ones; places count from 1."""

    series: Series
    number: int
    count: int
    previous: Post | None
    next: Post | None


def series_place(post: Post) -> SeriesPlace | None:
    """Return the post's place in its series, None where there is none to show. Costs one query for a post with one."""
    if post.series is None:
        return None
    posts = list(post.series.listed_posts().only("title", "slug", "series"))
    index = next((index for index, other in enumerate(posts) if other.pk == post.pk), None)
    if index is None or len(posts) == 1:
        return None
    return SeriesPlace(
        series=post.series,
        number=index + 1,
        count=len(posts),
        previous=posts[index - 1] if index else None,
        next=posts[index + 1] if index + 1 < len(posts) else None,
    )


def related_posts(post: Post, tags: list[Tag]) -> list[Post]:
    """Return listed posts that share the most tags with this one, the newest first among equals. Costs one query.

    Posts of the same series are left out: they are offered beside this anyway.
    """
    if not tags:
        return []
    candidates = Post.objects.filter(pk__in=newest_of(tags[:MOST_TAGS])).exclude(pk=post.pk)
    if post.series_id:
        candidates = candidates.exclude(series=post.series_id)
    shared = Count("tags", filter=Q(tags__in=tags))
    return list(
        candidates.only("title", "slug").annotate(shared=shared).order_by("-shared", "-published_at")[:MOST_RELATED]
    )


def newest_of(tags: list[Tag]) -> RawSQL:
    """Return a query for the keys of each tag's newest posts: one set, which a database finds before it looks at posts.

    (Asked whether a post is in one of several sets, PostgreSQL would look at every post there is.)
    """
    queries = [tag.listings.ids()[:NEWEST_PER_TAG].query.sql_with_params() for tag in tags]
    # Django wrote the queries, and every value in them is a parameter: so of the next two lines.
    union = " UNION ".join(f"SELECT post_id FROM ({sql}) AS newest" for sql, _params in queries)  # noqa: S608
    return RawSQL(union, [param for _sql, params in queries for param in params])  # noqa: S611
