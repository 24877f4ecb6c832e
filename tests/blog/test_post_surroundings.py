"""What stands around a post's text: outline, dates, sources, corrections, review, series, where to go on."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Correction, Post, Series, Source
from tests.factories import make_author, make_image, make_post, make_tag

pytestmark = pytest.mark.django_db

THREE_HEADINGS = "## One\n\nText.\n\n### Two *and a half*\n\nText.\n\n## Three & more\n\nText."


def page_of(client: Client, post: Post) -> str:
    return client.get(post.get_absolute_url()).text


def changed_after(post: Post, days: float) -> Post:
    assert post.published_at
    Post.objects.filter(pk=post.pk).update(updated_at=post.published_at + datetime.timedelta(days=days))
    post.refresh_from_db()
    return post


def test_a_long_text_has_a_table_of_contents(client: Client) -> None:
    page = page_of(client, make_post(source=THREE_HEADINGS))

    assert 'href="#s-two-and-a-half">Two and a half</a>' in page
    assert 'href="#s-three-more">Three &amp; more</a>' in page
    assert 'id="s-two-and-a-half"' in page


def test_a_short_text_has_none(client: Client) -> None:
    assert 'class="toc"' not in page_of(client, make_post(source="## One\n\n## Two"))


def test_sources_are_listed_in_their_order_and_linked(client: Client) -> None:
    post = make_post()
    Source.objects.create(post=post, text="The second", position=2)
    Source.objects.create(post=post, text="The <first>", url="https://example.org/study", position=1)

    _head, listed = page_of(client, post).split('<h2 id="sources">')

    assert '<a href="https://example.org/study" rel="noopener">The &lt;first&gt;</a>' in listed
    assert listed.index("&lt;first&gt;") < listed.index("The second")


def test_corrections_are_shown_with_their_day(client: Client) -> None:
    post = make_post()
    Correction.objects.create(post=post, text="It was <b>millimetres</b>.", corrected_on=datetime.date(2026, 11, 3))

    page = page_of(client, post)

    assert '<time datetime="2026-11-03">3 November 2026</time>: It was &lt;b&gt;millimetres&lt;/b&gt;.' in page


def test_a_review_names_who_and_when(client: Client) -> None:
    page = page_of(client, make_post(reviewed_by="Dr. Pell", reviewed_on=datetime.date(2026, 11, 20)))

    assert "<b>Dr. Pell</b>" in page
    assert "20 November 2026" in page


def test_a_change_within_a_day_makes_no_new_edition(client: Client) -> None:
    assert "Updated" not in page_of(client, changed_after(make_post(), 0.9))


def test_a_later_change_is_dated(client: Client) -> None:
    assert "Updated" in page_of(client, changed_after(make_post(published_at=timezone.now()), 1.1))


def test_importing_an_old_text_does_not_date_it_anew(client: Client) -> None:
    old = timezone.now() - datetime.timedelta(days=900)

    assert make_post(published_at=old, imported_at=timezone.now()).revised_at is None


def test_the_series_is_named_with_the_neighbours(client: Client) -> None:
    series = Series.objects.create(title="Bread & salt", slug="bread")
    posts = [make_post(series=series, series_position=n, title=f"Part {n}") for n in (1, 2, 3)]

    page = page_of(client, posts[1])

    assert "Part 2 of 3" in page
    assert 'href="/series/bread/">Bread &amp; salt</a>' in page
    assert f'rel="prev" href="{posts[0].get_absolute_url()}"' in page
    assert f'rel="next" href="{posts[2].get_absolute_url()}"' in page


def test_passing_a_post_on_needs_nobody_else_and_uses_the_sites_own_address(client: Client, settings) -> None:
    settings.SITE_URL = "https://byline.example"

    page = page_of(client, make_post(title="Salt & bread?", slug="salt"))

    assert (
        'href="mailto:?subject=Salt%20%26%20bread%3F&amp;body=https%3A%2F%2Fbyline.example%2Fposts%2Fsalt%2F"' in page
    )


def test_a_post_with_everything_costs_ten_queries(client: Client, django_assert_num_queries) -> None:
    series = Series.objects.create(title="A series", slug="a-series")
    tags = [make_tag(), make_tag()]
    post = make_post(authors=[make_author(), make_author()], tags=tags, series=series, cover=make_image())
    for number in range(4):
        Source.objects.create(post=post, text=f"Source {number}")
        Correction.objects.create(post=post, text=f"Correction {number}")
        make_post(tags=tags)
        make_post(series=series)
    client.get("/")  # makes the publication's row

    # post with cover and series, authors, tags, sources, corrections, series, related, comments, publication, footer
    with django_assert_num_queries(10):
        page_of(client, post)
