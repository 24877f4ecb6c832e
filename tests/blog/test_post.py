"""A post's page: who sees it, what it costs, and what it leaves in a reader's browser."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog.models import Post
from tests.factories import make_author, make_comment, make_image, make_page, make_post, make_staff, make_tag

pytestmark = pytest.mark.django_db

LATER = timezone.now() + datetime.timedelta(days=365)
EARLIER = timezone.now() - datetime.timedelta(days=1)

STANDS = {
    "listed": {"published_at": EARLIER},
    "unlisted": {"published_at": EARLIER, "visibility": "unlisted"},
    "withdrawn": {"published_at": EARLIER, "visibility": "withdrawn"},
    "draft": {"published_at": None},
    "scheduled": {"published_at": LATER},
}


def reader() -> None:
    return None


def former_staff() -> User:
    return make_staff(is_staff=False)


def staff_without_rights() -> User:
    return make_staff(is_superuser=False)


def editor() -> User:
    user = make_staff(is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="change_post"))
    return user


def writer() -> User:
    user = make_staff(is_superuser=False)
    make_author(user=user)
    return user


PUBLIC = {"listed", "unlisted"}
SEES = {
    reader: PUBLIC,
    former_staff: PUBLIC,
    staff_without_rights: PUBLIC,
    editor: set(STANDS),
    writer: set(STANDS),
}


@pytest.mark.parametrize("stand", STANDS)
@pytest.mark.parametrize("person", SEES, ids=lambda person: person.__name__)
def test_who_sees_a_post(client: Client, person, stand: str) -> None:
    user = person()
    if user:
        client.force_login(user)
    post = make_post(authors=[user.author] if hasattr(user, "author") else [], **STANDS[stand])

    response = client.get(post.get_absolute_url())

    hidden = 410 if stand == "withdrawn" else 404
    assert response.status_code == (200 if stand in SEES[person] else hidden)


def test_a_writer_sees_no_draft_of_somebody_else(client: Client) -> None:
    client.force_login(writer())
    post = make_post(authors=[make_author()], published_at=None)

    assert client.get(post.get_absolute_url()).status_code == 404


def test_two_authors_of_a_post_find_it_once(client: Client) -> None:
    user = writer()
    client.force_login(user)
    post = make_post(authors=[user.author, make_author()], published_at=None)

    assert client.get(post.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("stand", "hidden"),
    [("listed", False), ("unlisted", True), ("withdrawn", True), ("draft", True), ("scheduled", True)],
)
def test_search_engines_are_kept_from_what_is_not_listed(client: Client, stand: str, hidden: bool) -> None:
    client.force_login(make_staff())

    page = client.get(make_post(**STANDS[stand]).get_absolute_url()).text

    assert ('<meta name="robots" content="noindex">' in page) is hidden


@pytest.mark.parametrize(
    ("stand", "told"),
    [("listed", False), ("unlisted", False), ("withdrawn", True), ("draft", True), ("scheduled", True)],
)
def test_staff_is_told_that_nobody_else_sees_the_page(client: Client, stand: str, told: bool) -> None:
    client.force_login(make_staff())

    page = client.get(make_post(**STANDS[stand]).get_absolute_url()).text

    assert ("Only staff can see this" in page) is told


def test_the_page_shows_all_of_a_post(client: Client) -> None:
    cover = make_image(alt="A red square", caption="Painted on Monday")
    authors = [make_author("Zoe", tagline="Paints"), make_author("Adam")]
    post = make_post(
        authors, [make_tag("Colour")], title="Red", subtitle="A short one.", source="*Much* red.", cover=cover
    )

    page = client.get(post.get_absolute_url()).text

    for shown in ("<h1>Red</h1>", "A short one.", "<em>Much</em> red.", "Paints", "Painted on Monday"):
        assert shown in page
    assert page.index("Zoe") < page.index("Adam")
    assert f'src="{cover.file.url}" alt="A red square" width="8" height="5"' in page
    assert f'<a href="{post.tags.get().get_absolute_url()}">Colour</a>' in page


def test_titles_and_names_are_text(client: Client) -> None:
    evil = "\"'><script>alert(1)</script>"
    image = make_image(alt=evil, caption=evil)
    author = make_author(evil, tagline=evil)
    post = make_post([author], [make_tag(evil)], title=evil, subtitle=evil, cover=image)
    make_page(title=evil)

    assert "<script>alert" not in client.get(post.get_absolute_url()).text


def test_an_address_in_any_script_works(client: Client) -> None:
    make_post(title="Überall", slug="über-東京")

    assert client.get("/posts/über-東京/").status_code == 200


@pytest.mark.parametrize("address", ["/posts/nothing/", "/posts/post%0A/", "/posts/a%00b/", "/posts/../posts/"])
def test_an_address_of_no_post_is_a_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_readers_can_only_read(client: Client) -> None:
    post = make_post()

    assert client.post(post.get_absolute_url()).status_code == 405
    assert client.head(post.get_absolute_url()).status_code == 200


def test_readers_get_no_cookie_and_a_page_that_is_the_same_for_all(client: Client) -> None:
    post = make_post()
    make_comment(post)

    response = client.get(post.get_absolute_url())

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.text
    assert "Cache-Control" not in response


def test_staff_gets_a_page_of_their_own(client: Client) -> None:
    client.force_login(make_staff())

    response = client.get(make_post().get_absolute_url())

    assert response["Cache-Control"] == "private, no-store"
    assert "csrfmiddlewaretoken" in response.text
    assert "/admin/" in response.text


def test_the_page_has_no_inline_script_and_no_inline_style(client: Client) -> None:
    post = make_post(source='<p style="color: red" onclick="alert(1)">x</p>\n\n<script>alert(1)</script>')

    response = client.get(post.get_absolute_url())

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "style=" not in response.text
    assert response.text.count('<script type="module" src=') == 1  # the page's own module
    assert response.text.count("<script") == response.text.count('<script type="application/ld+json">') + 1


@pytest.mark.parametrize("comments", [20, 200])
def test_the_page_costs_the_same_queries_for_any_number_of_comments(
    client: Client, django_assert_num_queries, comments: int
) -> None:
    post = make_post([make_author(), make_author()], [make_tag(), make_tag()], cover=make_image())
    parent = None
    for _ in range(comments):
        parent = make_comment(post, parent=parent, user=None)
    make_page()
    client.get(post.get_absolute_url())  # makes the publication's row

    # post and cover, authors, tags, sources, corrections, related posts, comments, publication, pages in the footer
    with django_assert_num_queries(9):
        page = client.get(post.get_absolute_url()).text

    assert page.count('class="comment comment-indent') == min(comments, 100)


def test_a_post_is_shown_by_its_stored_text(client: Client) -> None:
    post = make_post()
    Post.objects.update(rendered_html="<p>Rendered long ago.</p>")

    assert "<p>Rendered long ago.</p>" in client.get(post.get_absolute_url()).text


def test_pages_say_their_language(client: Client, settings) -> None:
    settings.LANGUAGE_CODE = "de"

    assert '<html lang="de">' in client.get(make_post().get_absolute_url(), headers={"Accept-Language": "fr"}).text
