import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from blog import working_copies
from blog.models import Page, Post, WorkingCopy
from tests.factories import make_page, make_post, make_staff
from tests.forms import opened

pytestmark = pytest.mark.django_db

Text = Post | Page


def make_copy(text: Text | None = None, kind: str = "post", **values: Any) -> WorkingCopy:
    of_text = {text._meta.model_name: text} if text else {}
    defaults = {"tab": str(uuid.uuid4()), "kind": text._meta.model_name if text else kind}
    values.setdefault("user", make_staff())
    values.setdefault("values", {"title": "Typed", "source": "Typed *words*."})
    return WorkingCopy.objects.create(**{**defaults, **of_text, **values})


def change_path(text: Text) -> str:
    return f"/admin/blog/{text._meta.model_name}/{text.pk}/change/"


@pytest.mark.parametrize("make", [make_post, make_page])
def test_who_opens_a_text_finds_what_was_not_saved(client: Client, make: Any) -> None:
    text, me = make(source="Saved words."), make_staff()
    own = make_copy(text, user=me)
    make_copy(text, user=make_staff(first_name="Kim"), values={"source": "Kim’s <b>words</b>."})
    client.force_login(me)

    page = client.get(change_path(text)).text

    assert "You wrote here and did not save it" in page
    assert "Kim wrote here and did not save it" in page
    assert f"?working_copy={own.pk}" in page
    assert "<ins>Typed</ins>" in page
    assert "&lt;b&gt;" in page
    assert page.count("Discard") == 1


def test_a_copy_that_says_what_the_text_says_is_no_news(client: Client) -> None:
    post = make_post(title="Typed", source="Typed\nwords.")
    post.corrections.create(text="Put right.")
    make_copy(post, values={"title": "Typed", "source": "Typed\r\nwords.\n", "corrections-0-text": "Put right."})
    client.force_login(make_staff())

    assert "did not save it" not in client.get(change_path(post)).text


def test_words_under_the_form_count_as_unsaved_too() -> None:
    post = make_post()
    copy = make_copy(post, values={"sources-1-text": "Doe, 2026", "corrections-0-text": "It was three."})

    found = working_copies.unsaved(copy, post)

    assert [(change.label, change.pieces[0].text) for change in found] == [
        ("Source", "Doe, 2026"),
        ("Correction", "It was three."),
    ]


@pytest.mark.parametrize("make", [make_post, make_page])
def test_taking_over_fills_the_form_and_changes_nothing(client: Client, make: Any) -> None:
    text, kim = make(slug="here", source="Saved words."), make_staff()
    copy = make_copy(text, user=kim, values={"source": "Typed\n\n*words*.", "slug": "elsewhere"}, base_revision=1)
    client.force_login(make_staff())

    fields = opened(client, f"{change_path(text)}?working_copy={copy.pk}", f"{text._meta.model_name}_form")

    assert fields["source"] == "Typed\n\n*words*."
    assert (fields["title"], fields["slug"]) == (text.title, "here")
    assert fields["base_revision"] == "1"
    assert fields["tab"] != copy.tab
    assert type(text).objects.get(pk=text.pk).source == "Saved words."
    assert WorkingCopy.objects.count() == 1


@pytest.mark.parametrize("asked", ["", "x", "-1", "0", "²", "9" * 30, "9" * 5000, "1'--"])
def test_a_copy_that_is_not_there_leaves_the_form_as_it_is(client: Client, asked: str) -> None:
    post = make_post(source="Saved words.")
    client.force_login(make_staff())

    assert opened(client, f"{change_path(post)}?working_copy={asked}")["source"] == "Saved words."


def test_the_copy_of_one_text_is_not_taken_over_into_another(client: Client) -> None:
    post, me = make_post(source="Saved words."), make_staff()
    copies = [make_copy(make_post(), user=me), make_copy(make_page(), user=me), make_copy(user=me)]
    client.force_login(me)

    for copy in copies:
        assert opened(client, f"{change_path(post)}?working_copy={copy.pk}")["source"] == "Saved words."


def test_a_new_text_that_was_never_saved_is_found_again(client: Client) -> None:
    me = make_staff()
    copy = make_copy(user=me, values={"title": "A beginning", "source": "Once."})
    make_copy(values={"title": "Somebody else’s"})
    make_copy(user=me, kind="page", values={"title": "A page"})
    client.force_login(me)

    lists, add = client.get("/admin/blog/post/").text, client.get("/admin/blog/post/add/").text

    for page in [lists, add]:
        assert "A beginning" in page
        assert "Somebody else’s" not in page
        assert "A page" not in page
    assert f"/admin/blog/post/add/?working_copy={copy.pk}" in lists
    fields = opened(client, f"/admin/blog/post/add/?working_copy={copy.pk}")
    assert (fields["title"], fields["source"]) == ("A beginning", "Once.")


def test_saving_lets_the_copies_of_that_form_go_and_no_other(client: Client) -> None:
    post, me = make_post(), make_staff()
    base = post.last_revision().history_id
    taken, elsewhere = make_copy(post, user=me, base_revision=base), make_copy(post, user=me)
    client.force_login(me)
    fields = opened(client, f"{change_path(post)}?working_copy={taken.pk}")
    make_copy(post, user=me, tab=fields["tab"])
    kims = make_copy(post, tab=fields["tab"])

    assert client.post(change_path(post), fields).status_code == 302

    assert set(WorkingCopy.objects.all()) == {elsewhere, kims}
    assert Post.objects.get().source == "Typed *words*."


def test_a_copy_that_was_written_on_after_it_was_taken_over_stays(client: Client) -> None:
    post, me = make_post(), make_staff()
    taken = make_copy(post, user=me, base_revision=post.last_revision().history_id)
    client.force_login(me)
    fields = opened(client, f"{change_path(post)}?working_copy={taken.pk}")
    taken.values = {"source": "And more."}
    taken.save()

    client.post(change_path(post), fields)

    assert WorkingCopy.objects.get() == taken


@pytest.mark.parametrize("taken_over", ["x", "1", "1 2026-01-01", "9999999999999999999999 x", "\0"])
def test_nonsense_in_the_hidden_field_drops_nothing(taken_over: str) -> None:
    copy = make_copy()

    working_copies.let_go(copy.user, "", taken_over)

    assert WorkingCopy.objects.exists()


def test_a_refused_form_keeps_its_copy_and_its_words(client: Client) -> None:
    post, me = make_post(), make_staff()
    client.force_login(me)
    fields = opened(client, change_path(post))
    copy = make_copy(post, user=me, tab=fields["tab"])

    response = client.post(change_path(post), {**fields, "title": "", "source": "Long thoughts."})

    assert WorkingCopy.objects.get() == copy
    assert "Long thoughts." in response.text
    assert f'value="{fields["tab"]}"' in response.text
    assert "data-unsaved" in response.text


@pytest.mark.parametrize("path", ["/admin/blog/post/{}/delete/", "/admin/blog/post/"])
def test_deleting_a_post_leaves_the_words_of_who_still_writes_on_it(client: Client, path: str) -> None:
    post = make_post()
    copy = make_copy(post)
    make_copy(post, values={"source": post.source})
    client.force_login(make_staff())
    bulk = {"action": "delete_selected", "_selected_action": post.pk}

    client.post(path.format(post.pk), {"post": "yes", **bulk})

    assert not Post.objects.exists()
    assert WorkingCopy.objects.get() == copy
    assert list(working_copies.never_saved(copy.user, "post")) == [copy]


def test_the_clock_forgets_what_is_old_or_saved_by_now() -> None:
    post = make_post(source="Saved.")
    fresh, idle = make_copy(post), make_copy(post)
    saved = {"values": {"source": "Saved."}}
    said, old, lately = make_copy(post, **saved), make_copy(), make_copy(post, **saved)
    now = timezone.now()
    age = {idle: 2, said: 2, old: 24 * 31, fresh: 0, lately: 0}
    for copy, hours in age.items():
        WorkingCopy.objects.filter(pk=copy.pk).update(updated_at=now - datetime.timedelta(hours=hours))

    with time_machine.travel(now, tick=False):
        assert working_copies.forget_old() == 2

    assert set(WorkingCopy.objects.all()) == {fresh, idle, lately}


def test_who_may_only_look_at_a_post_sees_no_copies(client: Client) -> None:
    post = make_post()
    make_copy(post)
    reader = make_staff(is_superuser=False)
    reader.user_permissions.add(Permission.objects.get(codename="view_post"))
    client.force_login(reader)

    response = client.get(f"{change_path(post)}?working_copy={WorkingCopy.objects.get().pk}")

    assert response.status_code == 200
    assert "did not save it" not in response.text
    assert "Typed *words*" not in response.text
    assert 'id="kept"' not in response.text
