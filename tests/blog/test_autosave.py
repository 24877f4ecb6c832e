import datetime
import json
import uuid
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from blog.markup import POST_LIMIT
from blog.models import Post, WorkingCopy
from tests.factories import make_author, make_page, make_post, make_staff

pytestmark = pytest.mark.django_db

URL = "/admin/blog/editor/autosave/"
TAB = str(uuid.UUID(int=1))


def make_writer(*permissions: str, **values: Any) -> User:
    user = make_staff(is_superuser=False, **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def send(client: Client, **values: Any) -> Any:
    sent = {
        "kind": "post",
        "tab": TAB,
        "text": None,
        "base_revision": None,
        "values": {"title": "T", "source": "Words."},
    }
    return client.post(URL, json.dumps({**sent, **values}), content_type="application/json")


def test_what_is_typed_is_kept_and_nothing_public_changes(client: Client) -> None:
    post = make_post(source="Public.")
    client.force_login(make_staff())
    before = Post.objects.values().get()

    with time_machine.travel(datetime.datetime(2026, 12, 3, 14, 3, tzinfo=datetime.UTC), tick=False):
        response = send(
            client, text=post.pk, base_revision=post.last_revision().history_id, values={"source": "Unsaved."}
        )

    assert response.json() == {"told": "Kept at 14:03", "warnings": []}
    assert response["Cache-Control"] == "private, no-store"
    assert Post.objects.values().get() == before
    assert post.history.count() == 1
    assert WorkingCopy.objects.get().values == {"source": "Unsaved."}


def test_one_form_has_one_copy_and_another_form_another(client: Client) -> None:
    client.force_login(make_staff())

    for word in ["a", "ab", "abc"]:
        send(client, values={"source": word})
    send(client, tab=str(uuid.UUID(int=2)), values={"source": "elsewhere"})

    assert sorted(copy.values["source"] for copy in WorkingCopy.objects.all()) == ["abc", "elsewhere"]


def test_keeping_takes_the_same_few_queries_however_much_is_kept(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    for n in range(5):
        WorkingCopy.objects.create(user=make_staff(), tab=str(uuid.UUID(int=n)), kind="post", post=post)
    client.force_login(make_staff())
    send(client, text=post.pk)

    with django_assert_num_queries(9):
        send(client, text=post.pk, values={"source": "x" * 100_000})


@pytest.mark.parametrize(
    ("permissions", "text", "status"),
    [
        (["write_own_post"], "new", 200),
        (["write_own_post"], "own", 200),
        (["write_own_post"], "other", 403),
        (["write_own_post"], "public", 403),
        (["write_own_post"], "page", 403),
        (["write_own_post"], "gone", 403),
        (["change_post"], "other", 200),
        (["change_post"], "new", 403),
        (["change_page"], "page", 200),
        (["change_page"], "other", 403),
        ([], "new", 403),
    ],
)
def test_only_who_may_write_a_text_keeps_a_copy_of_it(
    client: Client, permissions: list[str], text: str, status: int
) -> None:
    writer = make_writer(*permissions)
    texts: dict[str, dict[str, Any]] = {
        "new": {},
        "own": {"text": make_post(authors=[make_author(user=writer)], published_at=None).pk},
        "other": {"text": make_post(published_at=None).pk},
        "public": {"text": make_post().pk},
        "page": {"text": make_page().pk, "kind": "page"},
        "gone": {"text": 4711},
    }
    client.force_login(writer)

    response = send(client, **texts[text])

    assert response.status_code == status
    assert WorkingCopy.objects.count() == (1 if status == 200 else 0)
    assert response.json()["told"].startswith("Kept" if status == 200 else "Not kept: this text is gone, or not yours")


@pytest.mark.parametrize("values", [None, {"is_staff": False}, {"is_active": False}])
def test_who_is_not_signed_in_as_staff_is_told_to_sign_in(values: dict[str, Any] | None) -> None:
    client = Client(enforce_csrf_checks=True)  # whose cookies are gone, Django's token among them
    if values is not None:
        client.force_login(make_staff(**values))

    response = send(client)

    assert response.status_code == 403
    assert "you are signed out" in response.json()["told"]
    assert not WorkingCopy.objects.exists()


def test_another_site_cannot_send_in_a_writers_name() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())

    assert send(client).status_code == 403
    assert not WorkingCopy.objects.exists()


def test_it_is_posted_to_only(client: Client) -> None:
    client.force_login(make_staff())

    assert client.get(URL).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"kind": "post"}',
        json.dumps({"kind": "comment", "tab": TAB, "values": {}}).encode(),
        json.dumps({"kind": ["post"], "tab": TAB, "values": {}}).encode(),
        json.dumps({"kind": "post", "tab": "../../etc", "values": {}}).encode(),
        json.dumps({"kind": "post", "tab": {"a": 1}, "values": {}}).encode(),
        json.dumps({"kind": "post", "tab": TAB, "values": []}).encode(),
        json.dumps({"kind": "post", "tab": TAB, "values": {str(n): "" for n in range(1000)}}).encode(),
        json.dumps({"kind": "post", "tab": TAB, "values": {"source": "x" * (POST_LIMIT + 1)}}).encode(),
    ],
)
def test_what_cannot_be_kept_is_answered_with_a_sentence(client: Client, body: bytes) -> None:
    client.force_login(make_staff())

    response = client.post(URL, body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["told"].endswith(".")
    assert not WorkingCopy.objects.exists()


def test_a_body_beyond_all_measure_is_not_even_read(client: Client, settings: Any) -> None:
    client.force_login(make_staff())

    response = send(client, values={"source": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})

    assert response.status_code == 413
    assert response.json()["told"] == "Not kept: the text is too long."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"source": "nul\0", "title": "half \ud83d"}, {"source": "nul", "title": "half ?"}),
        ({"source": 7, "title": ["x"], "subtitle": None}, {}),
        ({"slug": "elsewhere", "published_at": "", "visibility": "withdrawn", "withdrawn_note": "x"}, {}),
        (
            {"corrections-0-text": "Put right.", "__class__": "x", "corrections-0-id": "1"},
            {"corrections-0-text": "Put right."},
        ),
    ],
)
def test_words_are_kept_and_nothing_else(client: Client, sent: dict[str, Any], kept: dict[str, str]) -> None:
    client.force_login(make_staff())

    assert send(client, values=sent).status_code == 200
    assert WorkingCopy.objects.get().values == kept


@pytest.mark.parametrize("number", [-1, 0, True, 1.5, "1", 2**70, [1], {}])
def test_an_odd_number_is_no_number(client: Client, number: object) -> None:
    client.force_login(make_staff())

    assert send(client, base_revision=number).status_code == 200
    assert WorkingCopy.objects.get().base_revision is None


@pytest.mark.parametrize(("seconds", "ago"), [(120, "2 minutes"), (5, "less than a minute"), (3 * 24 * 3600, "3 days")])
def test_a_writer_hears_early_who_saved_meanwhile(client: Client, seconds: int, ago: str) -> None:
    kim = make_staff(first_name="Kim")
    post = make_post()
    base = post.last_revision().history_id
    post.title = "By Kim"
    post.save()
    post.history.filter(title="By Kim").update(
        history_user=kim, history_date=timezone.now() - datetime.timedelta(seconds=seconds)
    )
    client.force_login(make_staff())

    warnings = send(client, text=post.pk, base_revision=base).json()["warnings"]

    assert [warning.replace("\xa0", " ") for warning in warnings] == [
        f"Kim saved this {ago} ago. When you save, you will see both texts."
    ]


def test_a_writer_hears_who_is_writing_too(client: Client) -> None:
    kim, me = make_staff(first_name="Kim"), make_staff()
    post = make_post()
    client.force_login(kim)
    send(client, text=post.pk, base_revision=post.last_revision().history_id)
    client.force_login(me)
    send(client, tab=str(uuid.UUID(int=2)), text=post.pk)

    told = send(client, tab=str(uuid.UUID(int=3)), text=post.pk, base_revision=post.last_revision().history_id).json()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=3), tick=False):
        later = send(client, tab=str(uuid.UUID(int=3)), text=post.pk, base_revision=post.last_revision().history_id)

    assert told["warnings"] == ["Being written on right now, too: Kim, you, in another tab."]
    assert later.json()["warnings"] == []


def test_only_ones_own_copies_can_be_discarded(client: Client) -> None:
    post, me = make_post(), make_staff()
    mine = WorkingCopy.objects.create(user=me, tab=TAB, kind="post", post=post)
    others = WorkingCopy.objects.create(user=make_staff(), tab=TAB, kind="post", post=post)
    path = "/admin/blog/editor/working-copies/{}/discard/"

    assert client.post(path.format(mine.pk)).status_code == 302  # to sign in
    client.force_login(me)
    assert client.get(path.format(mine.pk)).status_code == 405
    assert client.post(path.format(others.pk)).status_code == 404
    assert WorkingCopy.objects.count() == 2

    response = client.post(path.format(mine.pk))

    assert response["Location"] == f"/admin/blog/post/{post.pk}/change/"
    assert WorkingCopy.objects.get() == others
