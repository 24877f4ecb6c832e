import datetime
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from blog.models import Author, Post, Tag
from tests.factories import make_author, make_post, make_tag

pytestmark = pytest.mark.django_db

SOURCE = "A *text* with [a link](/posts/other/).\n\n---\n\n    code\n\n[^1]: Note."


def address(post: Post) -> str:
    return post.get_absolute_url().rstrip("/") + ".md"


def test_a_post_can_be_had_as_markdown(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    tags = [make_tag("Food"), make_tag("Tea, black")]
    post = make_post(
        title="Yes: no",
        subtitle="# 1",
        source=SOURCE,
        slug="yes",
        authors=[make_author("Zoë"), make_author("Ann")],
        tags=tags,
    )

    response = client.get("/posts/yes.md")
    document = frontmatter.loads(response.text)

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Link"] == '<https://byline.example/posts/yes/>; rel="canonical"'
    assert document.content == SOURCE
    assert document.metadata == {
        "title": "Yes: no",
        "subtitle": "# 1",
        "slug": "yes",
        "authors": ["Zoë", "Ann"],
        "date": post.published_at,
        "updated": post.changed_at,
        "tags": ["Food", "Tea, black"],
        "canonical": "https://byline.example/posts/yes/",
    }


def test_what_left_as_markdown_comes_back_by_import(client: Client, tmp_path: Path) -> None:
    post = make_post(
        title="Null",
        subtitle="A: b",
        source=SOURCE,
        slug="größe",
        authors=[make_author("Ann")],
        tags=[make_tag("Tea, black")],
    )
    file = tmp_path / "post.md"
    file.write_bytes(client.get(address(post)).content)
    published_at = post.published_at
    post.delete()
    Author.objects.all().delete()
    Tag.objects.all().delete()

    call_command("import_posts", str(file))

    again = Post.objects.get()
    assert (again.title, again.subtitle, again.slug) == ("Null", "A: b", "größe")
    assert again.source.strip() == SOURCE
    assert again.published_at == published_at
    assert [author.name for author in again.authors.all()] == ["Ann"]
    assert [tag.name for tag in again.tags.all()] == ["Tea, black"]


@pytest.mark.parametrize("title", ["---", "a\n---\nb", "- x", "'\"", "\x0b", "{{ x }}", "2026-01-01", "\u2028"])
def test_no_title_breaks_the_front_matter(client: Client, title: str) -> None:
    post = make_post(title=title, source="Text.")

    document = frontmatter.loads(client.get(address(post)).text)

    assert (document["title"], document.content) == (title, "Text.")


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"published_at": None}, 404),
        ({"published_at": timezone.now() + datetime.timedelta(days=365)}, 404),
        ({"visibility": "withdrawn"}, 410),
        ({"visibility": "unlisted"}, 200),
    ],
    ids=["draft", "scheduled", "withdrawn", "unlisted"],
)
def test_only_what_is_published_can_be_had(client: Client, values: dict[str, Any], status: int) -> None:
    post = make_post(**values)

    response = client.get(address(post))

    assert response.status_code == status
    assert response.headers.get("X-Robots-Tag") == ("noindex" if status == 200 else None)


def test_a_text_that_appeared_elsewhere_first_says_so(client: Client) -> None:
    post = make_post(canonical_url="https://elsewhere.example/größe?a=1")

    assert client.get(address(post))["Link"] == '<https://elsewhere.example/gr%C3%B6%C3%9Fe?a=1>; rel="canonical"'


def test_markdown_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    post = make_post()
    etag = client.get(address(post))["ETag"]

    assert client.get(address(post), headers={"If-None-Match": etag}).status_code == 304


def test_markdown_costs_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    post = make_post(authors=[make_author(), make_author()], tags=[make_tag(), make_tag()])

    with django_assert_num_queries(4):  # post, authors, tags, corrections
        client.get(address(post))
