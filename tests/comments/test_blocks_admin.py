import datetime
import ipaddress

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.networks import network_around
from blog.networks import network_digest
from comments.blocks import kinds_blocked
from comments.models import Block, Comment
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db

ADD = "/admin/comments/block/add/"


@pytest.fixture
def moderator(client: Client):
    user = make_person("Moderator")
    client.force_login(user)
    return user


def comment_from(email: str = "ann@example.org", network: str = "", source: str = "Hello.") -> Comment:
    return make_comment(make_post(), email=email, network=network, source=source, status="waiting")


def test_a_blocked_address_is_found_whatever_its_letters(client: Client, moderator) -> None:
    client.post(ADD, {"kind": "address", "shown": "Ann@Example.org", "reason": "Advertises."})

    block = Block.objects.get()
    assert (block.created_by, block.reason, block.expires_at) == (moderator, "Advertises.", None)
    assert kinds_blocked(comment_from("ann@example.org")) == ["address"]
    assert kinds_blocked(comment_from("ben@example.org")) == []


def test_a_blocked_domain_takes_everything_below_it(client: Client, moderator) -> None:
    client.post(ADD, {"kind": "domain", "shown": "spam.example"})

    assert kinds_blocked(comment_from("ann@mail.spam.example")) == ["domain"]
    assert kinds_blocked(comment_from(source="See https://shop.spam.example/now")) == ["domain"]
    assert kinds_blocked(comment_from("ann@notspam.example")) == []


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1"])
def test_a_network_is_blocked_without_a_word_about_it_and_for_a_month(client: Client, moderator, address: str) -> None:
    client.post(ADD, {"kind": "network", "shown": address, "expires_at_0": "", "expires_at_1": ""})

    block = Block.objects.get()
    assert block.shown == ""
    assert block.expires_at <= timezone.now() + datetime.timedelta(days=30)
    client.post(f"/admin/comments/block/{block.pk}/change/", {"expires_at_0": "2099-01-01", "expires_at_1": "00:00"})
    assert Block.objects.get().expires_at <= timezone.now() + datetime.timedelta(days=30)
    assert "a network" in client.get("/admin/comments/block/").text


def test_the_network_that_is_blocked_is_the_one_that_comments_carry(client: Client, moderator, rf) -> None:
    client.post(ADD, {"kind": "network", "shown": "192.0.2.7"})

    neighbour = network_digest(rf.get("/", REMOTE_ADDR="192.0.2.200"))
    assert kinds_blocked(comment_from(network=neighbour)) == ["network"]
    assert network_around(ipaddress.ip_address("192.0.2.7")) == "192.0.2.0/24"


@pytest.mark.parametrize(
    ("kind", "what", "sentence"),
    [
        ("address", "nobody", "This is no mail address"),
        ("domain", "not a domain", "This is no domain"),
        ("network", "example.org", "This is no IP address"),
        ("network", "192.0.2.0/24; DROP", "This is no IP address"),
    ],
)
def test_what_cannot_be_blocked_is_sent_back_with_a_sentence(
    client: Client, moderator, kind: str, what: str, sentence: str
) -> None:
    page = client.post(ADD, {"kind": kind, "shown": what}).text

    assert sentence in page
    assert not Block.objects.exists()


def test_nothing_is_blocked_twice(client: Client, moderator) -> None:
    client.post(ADD, {"kind": "domain", "shown": "spam.example"})

    assert "This is blocked already" in client.post(ADD, {"kind": "domain", "shown": "SPAM.example."}).text
    assert Block.objects.count() == 1


def test_a_block_is_prolonged_and_lifted_and_stays_what_it_is(client: Client, moderator) -> None:
    client.post(ADD, {"kind": "address", "shown": "ann@example.org"})
    block = Block.objects.get()

    client.post(
        f"/admin/comments/block/{block.pk}/change/",
        {"kind": "domain", "shown": "x", "reason": "Again.", "expires_at_0": "2030-01-01", "expires_at_1": "00:00"},
    )

    changed = Block.objects.get()
    assert (changed.kind, changed.shown, changed.digest) == (block.kind, block.shown, block.digest)
    assert (changed.reason, changed.expires_at.year) == ("Again.", 2030)
    client.post(f"/admin/comments/block/{block.pk}/delete/", {"post": "yes"})
    assert kinds_blocked(comment_from("ann@example.org")) == []


def test_the_admins_log_names_nobody(client: Client, moderator) -> None:
    client.post(ADD, {"kind": "address", "shown": "ann@example.org", "reason": "Ann again."})

    assert "ann" not in str(list(LogEntry.objects.values())).lower()
