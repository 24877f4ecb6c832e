"""Old addresses: where a post was while it was public, and what answers there now."""

import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from blog.importing.posts import Result, import_file
from blog.models import FormerSlug, Post
from blog.slugs import free_slug
from tests.factories import make_author, make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + datetime.timedelta(days=1)


def move(post: Post, *slugs: str) -> Post:
    for slug in slugs:
        post.slug = slug
        post.save()
    return post


def test_every_old_address_leads_to_the_post_in_one_hop(client: Client) -> None:
    move(make_post(slug="first"), "second", "third", "vierter-hügel")

    for old in ["first", "second", "third"]:
        response = client.get(f"/posts/{old}/")

        assert response.status_code == 301
        assert response["Location"] == "/posts/vierter-h%C3%BCgel/"
        assert client.get(response["Location"]).status_code == 200


def test_a_post_that_moves_back_answers_again_where_it_was(client: Client) -> None:
    move(make_post(slug="first"), "second", "first")

    assert client.get("/posts/first/").status_code == 200
    assert client.get("/posts/second/")["Location"] == "/posts/first/"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["second"]


def test_no_browser_keeps_a_redirect_that_may_turn_round(client: Client) -> None:
    move(make_post(slug="first"), "second")

    assert "no-cache" in client.get("/posts/first/")["Cache-Control"]


@pytest.mark.parametrize("published_at", [None, TOMORROW], ids=["draft", "scheduled"])
def test_a_post_that_was_never_public_leaves_no_address(client: Client, published_at: datetime.datetime | None) -> None:
    move(make_post(slug="first", published_at=published_at), "second").publish()

    assert client.get("/posts/first/").status_code == 404
    assert not FormerSlug.objects.exists()


def test_an_old_address_of_what_is_a_draft_again_says_nothing(client: Client) -> None:
    post = move(make_post(slug="first"), "second")
    Post.objects.filter(pk=post.pk).update(published_at=None)

    assert client.get("/posts/first/").status_code == 404


def test_a_withdrawn_post_says_so_at_all_its_addresses(client: Client) -> None:
    post = move(make_post(slug="first", title="Retold", source="A secret."), "second")
    make_comment(post, source="A remark.")
    post.withdraw("It told <b>somebody else’s</b> story.")

    for slug in ["first", "second"]:
        response = client.get(f"/posts/{slug}/")

        assert response.status_code == 410
        assert "It told &lt;b&gt;somebody else’s&lt;/b&gt; story." in response.text
        assert 'name="robots" content="noindex"' in response.text
        assert not [word for word in ("A secret", "A remark", "Retold") if word in response.text]


def test_a_withdrawn_post_without_a_note_is_still_explained(client: Client) -> None:
    post = make_post()
    post.withdraw()

    assert "taken it away" in client.get(post.get_absolute_url()).text


def test_a_post_withdrawn_before_its_day_has_nothing_to_explain(client: Client) -> None:
    post = make_post(published_at=TOMORROW, visibility="withdrawn")

    assert client.get(post.get_absolute_url()).status_code == 404


def test_the_markdown_of_a_moved_post_moved_with_it(client: Client) -> None:
    move(make_post(slug="first"), "second")

    response = client.get("/posts/first.md")

    assert (response.status_code, response["Location"]) == (301, "/posts/second.md")
    assert client.get("/posts/never.md").status_code == 404


def test_a_comment_whose_form_was_opened_before_the_post_moved_is_taken(client: Client) -> None:
    post = move(make_post(slug="first"), "second")

    response = client.post("/posts/first/comments/", {"name": "Ann", "email": "ann@example.org", "body": "Well said."})

    assert response.status_code == 303
    assert post.comments.get().name == "Ann"


def test_a_post_keeps_its_address_when_it_changes_hands(client: Client) -> None:
    ann, bob = make_author("Ann"), make_author("Bob")
    post = make_post(slug="ours", authors=[ann])

    post.sign([bob])

    assert "Bob" in client.get("/posts/ours/").text
    assert post.title in client.get(bob.get_absolute_url()).text
    assert post.title not in client.get(ann.get_absolute_url()).text


def test_nobody_takes_the_old_address_of_another_post() -> None:
    post = move(make_post(slug="first", title="The elder"), "second")

    with pytest.raises(ValidationError, match="“The elder” was at this address before"):
        Post(title="First", slug="first", source="x").full_clean()
    assert free_slug("First") == "first-2"
    Post(pk=post.pk, title="The elder", slug="first", source="x").clean()


def test_an_import_does_not_take_the_old_address_of_a_post(tmp_path: Path) -> None:
    move(make_post(slug="first"), "second")
    file = tmp_path / "first.md"
    file.write_text("# First\n\nText.")

    assert import_file(file) == (Result.KEPT, "first")


def test_the_admin_refuses_the_old_address_of_another_post_in_words(client: Client) -> None:
    move(make_post(slug="first", title="The elder"), "second")
    client.force_login(make_staff())
    inlines = {
        f"{name}-{count}": "0"
        for name in ("bylines", "sources", "corrections")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    response = client.post(
        "/admin/blog/post/add/", {"title": "First", "slug": "first", "source": "x", "visibility": "listed", **inlines}
    )

    assert "“The elder” was at this address before" in response.text
    assert Post.objects.count() == 1


def test_staff_who_may_not_see_a_draft_get_the_readers_answer(client: Client) -> None:
    draft = make_post(published_at=None)
    client.force_login(make_staff(is_superuser=False))

    assert client.get(draft.get_absolute_url()).status_code == 404
