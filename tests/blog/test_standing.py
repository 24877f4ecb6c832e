"""The top of a post's form: where it stands, and the buttons that change it."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from blog.admin import standing
from blog.models import Post, PreviewLink
from tests.factories import make_author, make_post, make_staff
from tests.forms import opened

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 12, 3, 7, 0, tzinfo=datetime.UTC)
LONG_AGO = NOON.replace(year=2020)
FAR_OFF = NOON.replace(year=2126)


def path(post: Post, rest: str = "change") -> str:
    return f"/admin/blog/post/{post.pk}/{rest}/"


@pytest.mark.parametrize(
    ("values", "words", "verbs"),
    [
        ({"published_at": None}, "Draft. Nobody but staff can read it.", []),
        ({"published_at": FAR_OFF}, "Scheduled for 3 December 2126, 08:00 (Europe/Zurich).", ["unschedule"]),
        ({"published_at": LONG_AGO}, "Published on 3 December 2020, 08:00 (Europe/Zurich).", []),
        (
            {"published_at": LONG_AGO, "visibility": "unlisted"},
            "Published on 3 December 2020, 08:00 (Europe/Zurich), unlisted: for whoever has the address.",
            [],
        ),
        (
            {"published_at": LONG_AGO, "visibility": "withdrawn"},
            "Withdrawn. It was published on 3 December 2020, 08:00 (Europe/Zurich); "
            "its address now says that it is gone.",
            ["relist"],
        ),
    ],
)
def test_where_a_post_stands_is_said_in_words(
    client: Client, values: dict[str, Any], words: str, verbs: list[str]
) -> None:
    post = make_post(**values)
    client.force_login(make_staff())

    with timezone.override("Europe/Zurich"):
        assert standing.in_words(post) == words
        assert words in client.get(path(post)).text
    assert [name for name, _label in standing.verbs_for(post)] == verbs


def test_times_are_typed_in_the_zone_that_the_form_names(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(published_at=None)

    with timezone.override("Europe/Zurich"):
        assert "Time zone: Europe/Zurich." in client.get(path(post)).text
        fields = {**opened(client, path(post)), "published_at_0": "2126-12-03", "published_at_1": "08:00"}
        client.post(path(post), fields)

    assert Post.objects.get().published_at == FAR_OFF


def test_what_readers_have_seen_is_not_made_a_draft_in_silence(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()
    fields = opened(client, path(post))

    for day in ["", "2126-12-03"]:
        response = client.post(path(post), {**fields, "published_at_0": day, "published_at_1": day and "08:00"})

        assert "Readers have seen this post. To take it away, withdraw it." in response.text
    assert Post.objects.get().is_published


def test_save_and_publish_now_is_one_revision(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(published_at=FAR_OFF)

    response = client.post(path(post), {**opened(client, path(post)), "title": "Out", "_publish": "1"}, follow=True)

    assert "“Out” is published." in response.text
    assert "Published on" in response.text
    assert Post.objects.get().is_published
    assert post.history.count() == 2


def test_withdrawing_asks_for_a_reason_and_can_be_undone(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()

    asked = client.get(path(post, "withdraw"))
    assert "Its address will say that it is gone" in asked.text
    assert Post.objects.get().is_published

    page = client.post(path(post, "withdraw"), {"note": "Wrong <i>numbers</i>."}, follow=True).text
    assert "is withdrawn" in page
    assert "Readers are told: Wrong &lt;i&gt;numbers&lt;/i&gt;." in page
    assert "Save and publish now" not in page
    assert Client().get(post.get_absolute_url()).status_code == 410

    client.post(path(post, "standing"), {"verb": "relist"})
    assert Client().get(post.get_absolute_url()).status_code == 200


def test_a_reason_that_is_too_long_is_kept_and_refused(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post()

    response = client.post(path(post, "withdraw"), {"note": "because " * 80})

    assert response.status_code == 422
    assert "because because" in response.text
    assert Post.objects.get().is_published


def test_a_scheduled_post_is_made_a_draft_again(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(published_at=FAR_OFF)

    client.post(path(post, "standing"), {"verb": "unschedule"})

    assert Post.objects.get().published_at is None


@pytest.mark.parametrize("verb", ["", "publish", "delete", "__class__"])
def test_an_unknown_verb_is_answered_with_a_sentence(client: Client, verb: str) -> None:
    client.force_login(make_staff())

    response = client.post(path(make_post(), "standing"), {"verb": verb})

    assert response.status_code == 400
    assert response.text.startswith("Say what to do")


def test_what_was_done_already_is_said(client: Client) -> None:
    client.force_login(make_staff())
    post = make_post(published_at=None)

    assert "already done" in client.post(path(post, "standing"), {"verb": "relist"}, follow=True).text
    assert "nothing to withdraw" in client.post(path(post, "withdraw"), {"note": ""}, follow=True).text
    assert post.history.count() == 1


def test_a_link_to_a_draft_is_made_listed_and_taken_back(client: Client) -> None:
    staff = make_staff()
    client.force_login(staff)
    post = make_post(published_at=None, source="Draft words.")

    page = client.post(path(post, "preview-links"), follow=True).text
    link = PreviewLink.objects.get()
    address = page.split('class="desk-address" value="http://localhost:8000')[1].split('"')[0]

    assert link.created_by == staff
    assert "Draft words." in Client().get(address).text

    page = client.post(path(post, f"preview-links/{link.pk}/revoke"), follow=True).text
    assert "desk-address" not in page
    assert Client().get(address).status_code == 404
    assert "already" in client.post(path(post, f"preview-links/{link.pk}/revoke"), follow=True).text


def test_the_link_of_another_post_is_not_taken_back_through_ones_own(client: Client) -> None:
    client.force_login(make_staff())
    link = PreviewLink.objects.create(post=make_post(published_at=None))

    assert client.post(path(make_post(), f"preview-links/{link.pk}/revoke")).status_code == 404


def test_a_published_post_has_no_links_to_make(client: Client) -> None:
    client.force_login(make_staff())

    assert "Make a link" not in client.get(path(make_post())).text


@pytest.mark.parametrize("rest", ["standing", "withdraw", "preview-links", "preview-links/{link}/revoke"])
def test_only_who_may_change_the_post_does_any_of_it(client: Client, rest: str) -> None:
    writer, other = make_staff(is_superuser=False), make_staff(is_superuser=False)
    for user in [writer, other]:
        user.user_permissions.add(Permission.objects.get(codename="write_own_post"))
    post = make_post(authors=[make_author(user=writer)])
    rest = rest.format(link=PreviewLink.objects.create(post=post).pk)
    data = {"verb": "relist", "note": ""}

    response = client.post(path(post, rest), data)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
    client.force_login(other)
    assert client.post(path(post, rest), data).status_code == 403
    Post.objects.update(published_at=None)
    assert client.post(path(post, rest), data).status_code == 404
    Post.objects.update(published_at=LONG_AGO)
    assert (PreviewLink.objects.count(), post.history.count()) == (1, 1)
    client.force_login(writer)
    assert client.post(path(post, rest), data)["Location"] == path(post)


@pytest.mark.parametrize("rest", ["standing", "preview-links", "preview-links/1/revoke"])
def test_looking_changes_nothing(client: Client, rest: str) -> None:
    client.force_login(make_staff())

    assert client.get(path(make_post(), rest)).status_code == 405
