"""The verbs that change where a post stands."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from blog.models import Post
from tests.factories import make_author, make_post, make_staff

pytestmark = pytest.mark.django_db

NOW = timezone.now()
STATES = {
    "draft": {"published_at": None},
    "scheduled": {"published_at": NOW + datetime.timedelta(days=1)},
    "published": {"published_at": NOW - datetime.timedelta(days=1)},
    "unlisted": {"published_at": NOW - datetime.timedelta(days=1), "visibility": "unlisted"},
    "withdrawn": {"published_at": NOW - datetime.timedelta(days=1), "visibility": "withdrawn"},
}


@pytest.mark.parametrize(
    ("verb", "works_on"),
    [
        (Post.publish, {"draft", "scheduled"}),
        (Post.unschedule, {"scheduled"}),
        (Post.withdraw, {"published", "unlisted"}),
        (Post.relist, {"withdrawn"}),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_a_verb_acts_where_it_makes_sense_and_says_whether_it_did(
    verb: Callable[[Post], bool], works_on: set[str], state: str
) -> None:
    post = make_post(**STATES[state])
    before = post.history.count()

    assert verb(post) == (state in works_on)
    assert verb(post) is False
    assert post.history.count() == before + (state in works_on)


def test_the_second_of_two_people_hears_that_it_was_done() -> None:
    post = make_post()
    same = Post.objects.get(pk=post.pk)

    assert post.withdraw("Mine.")
    assert not same.withdraw("Also mine.")
    assert same.withdrawn_note == "Mine."


def test_a_withdrawn_post_leaves_lists_and_feed_and_comes_back(client: Client) -> None:
    post = make_post(title="Here and gone")
    before = post.updated_at

    post.withdraw("Wrong.")

    assert "Here and gone" not in client.get("/").text
    assert "Here and gone" not in client.get("/feeds/posts.atom").text
    assert post.updated_at > before

    post.relist()

    assert "Here and gone" in client.get("/").text
    assert "Here and gone" in client.get("/feeds/posts.atom").text
    assert post.withdrawn_note == ""


def test_a_verb_leaves_alone_what_somebody_is_writing() -> None:
    post = make_post(source="Saved.")
    post.source = "In memory only."

    post.withdraw()

    assert post.source == "In memory only."
    assert post.history.first().source == "Saved."


def test_who_may_change_a_post() -> None:
    own, other = make_staff("own", is_superuser=False), make_staff("other", is_superuser=False)
    post = make_post(authors=[make_author(user=own)])

    assert not post.may_be_changed_by(own)
    for user in [own, other]:
        user.user_permissions.add(Permission.objects.get(codename="write_own_post"))

    fresh = type(own).objects.get
    assert post.may_be_changed_by(fresh(pk=own.pk))
    assert not post.may_be_changed_by(fresh(pk=other.pk))

    other.user_permissions.add(Permission.objects.get(codename="change_post"))
    assert post.may_be_changed_by(fresh(pk=other.pk))
