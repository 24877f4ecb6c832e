"""A site with something at every address that the cache may answer for."""

from django.urls import reverse

from operations.page_cache.addresses import PARAMETERS
from tests.factories import (
    make_author,
    make_comment,
    make_page,
    make_post,
    make_posts,
    make_series,
    make_staff,
    make_tag,
)


def an_address_of_each() -> dict[str, str]:
    """Make a post with everything around it, enough others for a second page, and return an address for every name."""
    author, tag, series = make_author(), make_tag(), make_series()
    make_posts(13, authors=[author], tags=[tag])
    post = make_post(authors=[author], tags=[tag], series=series)
    make_post(authors=[author], tags=[tag], series=series)
    make_comment(post, user=make_staff())
    of_post, of_author, of_tag = [post.slug], [author.slug], [tag.slug]
    arguments: dict[str, list[object]] = {
        "home_page": [2],
        "post": of_post,
        "post_markdown": of_post,
        "post_comments_feed": of_post,
        "page": [make_page().slug],
        "author": of_author,
        "author_feed": of_author,
        "tag": of_tag,
        "tag_feed": of_tag,
        "series": [series.slug],
        "archive_year": [post.published_at.year],
        "archive_month": [post.published_at.year, post.published_at.month],
        "sitemap_section": ["posts"],
    }
    return {name: reverse(name, args=arguments.get(name, [])) for name in PARAMETERS}
