import datetime

import pytest
from django.utils import timezone

from blog.networks import keyed_digest
from comments.blocks import ban, block
from comments.models import Action, Block, Comment
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db


def make_action() -> Action:
    return Action.objects.create(verb=Action.Verb.BAN, user=make_person("Moderator"))


def test_a_block_is_found_by_a_keyed_digest_of_kind_and_value() -> None:
    action = make_action()

    assert block(Block.Kind.ADDRESS, [" Ann@Example.org "], action, "A bore") == 1

    made = Block.objects.get()
    assert made.digest == keyed_digest("address\nann@example.org")
    assert (made.shown, made.reason, made.created_by, made.action) == (
        "Ann@Example.org",
        "A bore",
        action.user,
        action,
    )


def test_what_is_blocked_already_stays_as_it_is() -> None:
    first = make_action()
    block(Block.Kind.ADDRESS, ["ann@example.org"], first, "A bore")

    assert block(Block.Kind.ADDRESS, ["ANN@example.org", "bob@example.org"], make_action(), "Another") == 1

    assert Block.objects.get(shown="ann@example.org").action == first
    assert Block.objects.count() == 2


def test_a_block_that_has_expired_begins_anew() -> None:
    block(Block.Kind.DOMAIN, ["example.org"], make_action())
    Block.objects.update(expires_at=timezone.now() - datetime.timedelta(days=1))

    assert block(Block.Kind.DOMAIN, ["example.org"], make_action(), "Again") == 1

    assert (Block.objects.active().get().reason, Block.objects.count()) == ("Again", 1)


def test_a_reason_that_is_too_long_is_cut() -> None:
    block(Block.Kind.DOMAIN, ["example.org"], make_action(), "x" * 300)

    assert len(Block.objects.get().reason) == 200


def test_staff_and_who_has_erased_their_address_are_not_banned() -> None:
    moderator = make_person("Moderator")
    make_comment(make_post(), user=moderator, email=moderator.email, status="waiting")
    make_comment(make_post(), email="", commenter=None, status="waiting")

    assert ban(Comment.objects.all(), moderator) is None

    assert not Block.objects.exists()
    assert not Action.objects.exists()
    assert set(Comment.objects.values_list("status", flat=True)) == {"waiting"}


def test_spam_can_be_banned_later_and_once() -> None:
    moderator = make_person("Moderator")
    make_comment(make_post(), status="spam")

    assert ban(Comment.objects.all(), moderator)
    assert ban(Comment.objects.all(), moderator) is None

    assert Block.objects.count() == 1
    assert Action.objects.count() == 1
