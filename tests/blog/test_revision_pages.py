from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from blog.models import Page, Post
from tests.factories import make_author, make_image, make_page, make_post, make_staff

pytestmark = pytest.mark.django_db

Text = Post | Page
MAKERS = [make_post, make_page]


def history(text: Text, *rest: object) -> str:
    return "/".join(["/admin/blog", str(text._meta.model_name), str(text.pk), "history", *map(str, rest), ""])


def rewrite(text: Text, **values: Any) -> Any:
    """Save the text with other values; return the revision that shows it as it was before."""
    before = text.last_revision()
    for name, value in values.items():
        setattr(text, name, value)
    text.save()
    return before


@pytest.mark.parametrize("make", MAKERS)
def test_the_list_says_who_saved_when_and_what_changed(client: Client, make: Any) -> None:
    text = make(title="Old <title>")
    client.force_login(make_staff(first_name="Kim"))
    rewrite(text, title="New title", source="New text.")
    text.history.filter(title="New title").update(history_user=make_staff(first_name="Lee"))

    page = client.get(history(text)).text

    assert "Text, Title" in page
    assert "Lee" in page
    assert "Byline itself" in page
    assert "First saved" in page
    assert "History" in client.get(history(text).replace("history", "change")).text


@pytest.mark.parametrize("make", MAKERS)
def test_a_revision_shows_what_changed_word_by_word_and_nothing_raw(client: Client, make: Any) -> None:
    text = make(source="The <em>red</em> fox.\n" + "Same.\n" * 20)
    rewrite(text, source="The <em>brown</em> fox.\n" + "Same.\n" * 20)
    client.force_login(make_staff())

    page = client.get(history(text, text.last_revision().history_id)).text

    assert "&lt;em&gt;<del>red</del><ins>brown</ins>&lt;/em&gt;" in page
    assert "lines unchanged" in page
    assert "rendered" not in page.lower()
    assert "style=" not in page.split("<main")[1]


def test_other_fields_are_said_in_words(client: Client) -> None:
    post = make_post(cover=make_image(alt="A wall"), published_at=None)
    rewrite(post, cover=make_image(alt="A door"), allow_comments=False, visibility="unlisted")
    client.force_login(make_staff())

    page = client.get(history(post, post.last_revision().history_id)).text

    assert "<del>yes</del><ins>no</ins>" in page
    assert "<ins>Unlisted: for whoever has the address</ins>" in page
    for words in ["A wall", "A door"]:
        assert words in page


def test_a_cover_that_was_deleted_since_is_called_so(client: Client) -> None:
    image = make_image()
    post = make_post(cover=image)
    image.delete()
    post = Post.objects.get()
    post.save()
    client.force_login(make_staff())

    assert "<del>deleted since</del>" in client.get(history(post, post.last_revision().history_id)).text


@pytest.mark.parametrize("make", MAKERS)
def test_restoring_asks_first_and_then_makes_a_new_revision(client: Client, make: Any) -> None:
    text, staff = make(source="Old words."), make_staff()
    old = rewrite(text, source="New words.")
    client.force_login(staff)

    asked = client.get(history(text, old.history_id, "restore"))

    assert "<del>New</del><ins>Old</ins>" in asked.text
    assert type(text).objects.get().source == "New words."

    response = client.post(history(text, old.history_id, "restore"))

    assert response["Location"] == history(text).replace("history", "change")
    assert type(text).objects.get().rendered_html == "<p>Old words.</p>\n"
    last = text.last_revision()
    assert (last.history_user, text.history.count()) == (staff, 3)
    assert last.history_change_reason.startswith("Restored what was saved on ")
    client.post(history(text, old.history_id, "restore"))
    assert text.history.count() == 3


def test_the_page_of_a_long_history_asks_no_more_of_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    post = make_post()
    for n in range(60):
        rewrite(post, title=f"Title {n}")
    client.force_login(make_staff())
    client.get(history(post))

    with django_assert_num_queries(8):
        page = client.get(history(post)).text

    assert page.count("<time") == 25
    assert "Older" in page
    assert "First saved" in client.get(f"{history(post)}?page=3").text
    assert client.get(f"{history(post)}?page=x").status_code == 200


@pytest.mark.parametrize("make", MAKERS)
def test_a_revision_of_another_text_is_not_found(client: Client, make: Any) -> None:
    text, other = make(), make()
    client.force_login(make_staff())

    for rest in [[other.last_revision().history_id], [other.last_revision().history_id, "restore"], [4711], [0]]:
        assert client.get(history(text, *rest)).status_code == 404
    assert client.post(history(text, other.last_revision().history_id, "restore")).status_code == 404
    assert client.get("/admin/blog/post/x/history/").status_code == 404


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("user", ["nobody", "viewer", "other author"])
def test_who_may_not_change_a_text_does_not_see_what_it_said(client: Client, make: Any, user: str) -> None:
    text = make(source="Unspeakable.")
    old = rewrite(text, source="Fine.")
    permissions = {"nobody": [], "viewer": ["view_post", "view_page"], "other author": ["view_post", "write_own_post"]}
    staff = make_staff(is_superuser=False)
    make_author(user=staff)
    staff.user_permissions.set(Permission.objects.filter(codename__in=permissions[user]))
    pages = [history(text), history(text, old.history_id), history(text, old.history_id, "restore")]

    for page in pages:
        assert client.get(page).status_code == 302
        assert "/admin/login/" in client.get(page)["Location"]
    client.force_login(staff)
    for page in pages:
        assert client.get(page).status_code in {403, 404}
    assert client.post(pages[2]).status_code in {403, 404}
    assert type(text).objects.get().source == "Fine."
