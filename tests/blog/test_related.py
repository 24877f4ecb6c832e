import datetime

import pytest
from django.utils import timezone

from blog.models import Post, Series
from blog.related import MOST_RELATED, NEWEST_PER_TAG, related_posts, series_place
from tests.factories import make_post, make_tag

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def related(post: Post) -> list[Post]:
    return related_posts(post, list(post.tags.all()))


def test_more_shared_tags_come_first_and_newer_posts_among_equals() -> None:
    bread, salt = make_tag(), make_tag()
    post = make_post(tags=[bread, salt])
    older = make_post(tags=[bread], published_at=ago(9))
    newer = make_post(tags=[salt], published_at=ago(2))
    both = make_post(tags=[bread, salt], published_at=ago(30))

    assert related(post) == [both, newer, older]


def test_a_post_is_related_to_nothing_that_readers_cannot_find() -> None:
    tag = make_tag()
    post = make_post(tags=[tag])
    make_post(tags=[tag], published_at=None)
    make_post(tags=[tag], visibility="unlisted")
    make_post(tags=[make_tag()])

    assert related(post) == []


def test_few_are_shown_however_many_there_are() -> None:
    tag = make_tag()
    post = make_post(tags=[tag])
    for _ in range(NEWEST_PER_TAG + 2):
        make_post(tags=[tag])

    assert len(related(post)) == MOST_RELATED


def test_the_rest_of_the_series_is_not_offered_twice() -> None:
    tag, series = make_tag(), Series.objects.create(title="A series", slug="a-series")
    post = make_post(tags=[tag], series=series)
    make_post(tags=[tag], series=series)
    outside = make_post(tags=[tag])

    assert related(post) == [outside]


def test_a_post_knows_its_place_among_the_listed_posts_of_its_series() -> None:
    series = Series.objects.create(title="A series", slug="a-series")
    first = make_post(series=series, series_position=1, published_at=ago(1))
    make_post(series=series, series_position=2, published_at=None)
    second = make_post(series=series, series_position=3, published_at=ago(5))
    third = make_post(series=series, series_position=4, published_at=ago(3))

    place = series_place(second)

    assert place is not None
    assert (place.number, place.count, place.previous, place.next) == (2, 3, first, third)


@pytest.mark.parametrize("published_at", [None, ago(1)], ids=["draft", "alone"])
def test_there_is_no_place_for_a_draft_or_for_the_only_post_of_a_series(published_at: object) -> None:
    series = Series.objects.create(title="A series", slug="a-series")

    assert series_place(make_post(series=series, published_at=published_at)) is None


def test_both_cost_one_query_each(django_assert_num_queries) -> None:
    series, tags = Series.objects.create(title="A series", slug="a-series"), [make_tag(), make_tag()]
    post = make_post(series=series, tags=tags)
    for _ in range(5):
        make_post(series=series)
        make_post(tags=tags)
    post = Post.objects.for_page().get(pk=post.pk)

    with django_assert_num_queries(2):
        series_place(post)
        related(post)
