"""Two people, or two tabs, on one text."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Page, Post
from tests.factories import make_author, make_page, make_post, make_staff, make_tag
from tests.forms import opened

pytestmark = pytest.mark.django_db

Text = Post | Page
MAKERS = [make_post, make_page]


def path(text: Text) -> str:
    return f"/admin/blog/{text._meta.model_name}/{text.pk}/change/"


def form_of(client: Client, text: Text) -> dict[str, Any]:
    return opened(client, path(text), f"{text._meta.model_name}_form")


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(make_staff(name.lower(), first_name=name))
    return client


def stored(text: Text) -> Any:
    return type(text).objects.get(pk=text.pk)


@pytest.mark.parametrize("make", MAKERS)
def test_the_second_to_save_is_shown_both_texts_and_loses_neither(make: Any) -> None:
    text = make(source="The old words.")
    kim, lee = signed_in("Kim"), signed_in("Lee")
    of_kim, of_lee = form_of(kim, text), form_of(lee, text)
    assert kim.post(path(text), {**of_kim, "source": "The <b>first</b> words."}).status_code == 302

    response = lee.post(path(text), {**of_lee, "source": "The second words."})

    assert response.status_code == 200
    assert re.search(r"Kim saved this text on .+, after you opened it", response.text)
    assert "The second words.</textarea>" in response.text
    assert "<del>&lt;b&gt;first&lt;/b&gt;</del><ins>second</ins>" in response.text
    assert stored(text).source == "The <b>first</b> words."

    latest = text.last_revision().history_id
    assert f'name="save_over" value="{latest}"' in response.text
    response = lee.post(path(text), {**of_lee, "source": "The second words.", "save_over": latest})

    assert response.status_code == 302
    assert stored(text).source == "The second words."
    assert [(row.source, row.history_user and row.history_user.first_name) for row in text.history.all()] == [
        ("The second words.", "Lee"),
        ("The <b>first</b> words.", "Kim"),
        ("The old words.", None),
    ]


def test_a_third_save_in_between_is_shown_too() -> None:
    post = make_post()
    kim, lee = signed_in("Kim"), signed_in("Lee")
    of_lee = form_of(lee, post)
    kim.post(path(post), {**form_of(kim, post), "title": "Once"})
    seen = post.last_revision().history_id
    kim.post(path(post), {**form_of(kim, post), "title": "Twice"})

    response = lee.post(path(post), {**of_lee, "title": "Mine", "save_over": seen})

    assert response.status_code == 200
    assert "<del>Twice</del><ins>Mine</ins>" in response.text
    assert stored(post).title == "Twice"


def test_who_saves_alone_is_asked_nothing(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()

    for title in ["One", "Two"]:
        assert client.post(path(post), {**form_of(client, post), "title": title}).status_code == 302

    assert stored(post).title == "Two"


def test_an_old_form_does_not_unpublish_what_was_published_meanwhile(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(published_at=None)
    fields = form_of(client, post)
    Post.objects.get(pk=post.pk).publish()

    response = client.post(path(post), {**fields, "title": "Late"})

    assert "after you opened it" in response.text
    assert stored(post).is_published


def test_the_row_is_locked_from_the_comparison_to_the_save(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()
    fields = form_of(client, post)

    with CaptureQueriesContext(connection) as asked:
        client.post(path(post), fields)

    # SQLite has no row locks and needs none: its transactions begin with the write lock (config/settings.py).
    assert any("FOR UPDATE" in query["sql"] for query in asked) == connection.features.has_select_for_update


@pytest.mark.parametrize("base", ["", "0", "4711"])
def test_a_form_that_names_no_known_revision_is_not_believed(client: Client, base: str) -> None:
    client.force_login(make_staff())
    post = make_post(title="Kept")

    response = client.post(path(post), {**form_of(client, post), "base_revision": base, "title": "Lost"})

    assert "after you opened it" in response.text
    assert stored(post).title == "Kept"


def test_a_text_from_before_there_were_revisions_is_saved(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()
    post.history.all().delete()

    assert client.post(path(post), {**form_of(client, post), "title": "New"}).status_code == 302
    assert [row.title for row in post.history.all()] == ["New"]


def test_saving_a_form_makes_one_revision_that_names_its_writer(client: Client) -> None:
    staff = make_staff()
    client.force_login(staff)
    post = make_post(authors=[make_author()])

    client.post(path(post), {**form_of(client, post), "title": "New"})

    last, _first = post.history.all()
    assert (last.history_user, last.title, last.history_change_reason) == (staff, "New", "")


def test_saving_a_form_that_nobody_changed_makes_none(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(authors=[make_author()], tags=[make_tag()])
    post.corrections.create(text="Put right.")

    assert client.post(path(post), form_of(client, post)).status_code == 302

    assert post.history.count() == 1


def test_what_changed_beside_the_text_is_a_revision_too_so_that_the_next_is_warned(client: Client) -> None:
    client.force_login(make_staff())
    post, tag = make_post(), make_tag()
    of_late = form_of(client, post)
    row = {
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-text": "Put right.",
        "corrections-0-corrected_on": "2026-12-03",
    }

    client.post(path(post), {**form_of(client, post), **row, "tags": [tag.pk]})

    assert [revision.history_change_reason for revision in post.history.all()] == [
        "Also changed: tags, corrections",
        "",
    ]
    response = client.post(path(post), of_late)
    assert "after you opened it" in response.text
    assert "The two texts are the same" in response.text


def test_a_new_text_has_one_revision(client: Client) -> None:
    client.force_login(make_staff())
    fields = opened(client, "/admin/blog/post/add/")

    client.post(
        "/admin/blog/post/add/", {**fields, "title": "New", "source": "x", "tags": [make_tag().pk], "_publish": "y"}
    )

    post = Post.objects.get()
    assert post.is_published
    assert [(row.history_type, row.published_at) for row in post.history.all()] == [("+", post.published_at)]
