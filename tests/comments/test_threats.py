"""Threats to the links and mails of a conversation that no single page can answer for (T5, T7, T8, T9 and T28).

What one page or one mail promises by itself is tested with it: test_moderation_by_mail.py (T7, T8), test_consent.py
(T9), test_following.py (T28), test_moderator_mails.py and test_conversation_mails.py (T12), test_refusals.py (T18),
test_races.py (T20).
"""

import datetime
import hashlib
import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.keys import Purpose, Signer
from blog.models import Post
from comments import links, mails, moderator_mails
from comments.models import Comment, ConversationMail, Follow, NoticePreference
from comments.moderation_links import Maker
from config import urls
from subscribers import links as subscription_links
from subscribers.models import Subscriber
from subscribers.models.suppression import digest_of
from tests.comments.conversing import make_follow, make_settled, send_mails
from tests.factories import make_comment, make_person, make_post, make_subscriber

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
# Every address that a token opens, and the only purpose for which a token does.
DOORS = {
    "own_comment": Purpose.OWN_COMMENT,
    "edit_comment": Purpose.OWN_COMMENT,
    "withdraw_comment": Purpose.OWN_COMMENT,
    "commenter_confirm": Purpose.COMMENTER_CONFIRM,
    "your_comments": Purpose.COMMENTER,
    "your_comments_export": Purpose.COMMENTER,
    "your_comments_erase": Purpose.COMMENTER,
    "unfollow": Purpose.UNFOLLOW,
    "moderate_from_mail": Purpose.MODERATE,
    "subscription_confirm": Purpose.CONFIRM,
    "subscription_never": Purpose.NEVER,
    "unsubscribe": Purpose.UNSUBSCRIBE,
    "subscription_manage": Purpose.MANAGE,
    "subscription_export": Purpose.OWN_DATA,
    "subscription_move": Purpose.OWN_DATA,
    "subscription_erase": Purpose.OWN_DATA,
    "subscription_address": Purpose.NEW_ADDRESS,
    "preview": Purpose.PREVIEW,
}
# One page has a second key, which opens more of it (docs/decisions/0026-two-links-to-a-subscription.md).
SECOND_KEYS = {"subscription_manage": Purpose.OWN_DATA}
# What is signed for a mail address, and opens no page (subscribers/return_addresses.py).
MARKS = {Purpose.BOUNCE, Purpose.LEAVE_BY_MAIL}
ROUTES = {
    pattern.name: str(pattern.pattern)
    for pattern in urls.urlpatterns
    if "<str:token>" in str(pattern.pattern) and "password" not in str(pattern.pattern)
}


@pytest.fixture
def values() -> dict[Purpose, str]:
    """What a token of each purpose would have to say to open its door."""
    post, moderator = make_post(), make_person("Moderator")
    comment = make_comment(post, email="ann@example.org", status="waiting")
    follow = Follow.objects.create(commenter=comment.commenter, post=post, scope="thread")
    draft = make_post(published_at=None)
    subscriber = make_subscriber("kim@example.org", new_email="kim@example.net")
    digest_of("")  # makes the key that the site has one of
    moderate = Maker(moderator).path("approve", comment).split("/")[2].split("~")[0]
    return {
        Purpose.OWN_COMMENT: str(comment.pk),
        Purpose.COMMENTER_CONFIRM: f"{comment.commenter_id}.0",
        Purpose.COMMENTER: str(comment.commenter_id),
        Purpose.UNFOLLOW: str(follow.pk),
        Purpose.MODERATE: moderate,
        Purpose.CONFIRM: str(make_subscriber(status=Subscriber.Status.PENDING).pk),
        Purpose.UNSUBSCRIBE: str(make_subscriber().pk),
        Purpose.NEVER: subscription_links.bound(subscriber.pk, subscriber.email),
        Purpose.MANAGE: subscription_links.bound(subscriber.pk, subscriber.email),
        Purpose.OWN_DATA: subscription_links.bound(subscriber.pk, subscriber.email),
        Purpose.NEW_ADDRESS: subscription_links.bound(subscriber.pk, "kim@example.net"),
        Purpose.PREVIEW: str(draft.preview_links.create(created_by=moderator).pk),
    }


def door(name: str, value: str, purpose: Purpose) -> str:
    return "/" + ROUTES[name].replace("<str:token>", Signer(purpose).token(value))


# --- Tokens -------------------------------------------------------------------------------------------------------


def test_every_address_with_a_token_is_in_the_table() -> None:
    assert set(ROUTES) == set(DOORS)
    assert set(DOORS.values()) == set(Purpose) - MARKS


@pytest.mark.parametrize("name", DOORS)
def test_a_token_opens_the_doors_of_its_purpose_alone(values: dict[Purpose, str], name: str) -> None:
    value = values[DOORS[name]]
    Client().get("/")  # makes the rows that the site has one of
    before = dump()

    for purpose in Purpose:
        address = door(name, value, purpose)
        if purpose in {DOORS[name], SECOND_KEYS.get(name)}:
            assert Client().get(address).status_code == 200
        else:
            assert Client().get(address).status_code == 404
            assert Client().post(address, {"do": "confirm"}).status_code in {404, 405}
    assert dump() == before


@pytest.mark.parametrize(
    ("name", "lasts"),
    [
        ("commenter_confirm", links.CONFIRMATION_LASTS),
        ("your_comments", links.YOURS_LASTS),
        ("your_comments_export", links.YOURS_LASTS),
        ("your_comments_erase", links.YOURS_LASTS),
        ("moderate_from_mail", 14 * DAY),
        ("subscription_confirm", subscription_links.CONFIRMATION_LASTS),
    ],
)
def test_a_link_that_can_change_much_ends(values: dict[Purpose, str], name: str, lasts: datetime.timedelta) -> None:
    address, now = door(name, values[DOORS[name]], DOORS[name]), timezone.now()

    for after, status in [(lasts - DAY, 200), (lasts + DAY, 404)]:
        with time_machine.travel(now + after, tick=False):
            assert Client().get(address).status_code == status


@pytest.mark.parametrize("name", DOORS)
def test_a_page_behind_a_token_is_nobodys_to_keep_to_list_or_to_pass_on(values: dict[Purpose, str], name: str) -> None:
    response = Client().get(door(name, values[DOORS[name]], DOORS[name]))

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "same-origin"
    if response["Content-Type"].startswith("text/html"):
        assert re.search(r'<meta name="robots" content="noindex[^"]*">', response.text)
        away = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//(?!localhost)', response.text)
        assert away == []
    assert not response.cookies


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the site's own handler writes."""
    console = next(each for each in logging.getLogger("django").handlers if type(each) is logging.StreamHandler)
    written = StringIO()
    usual = console.setStream(written)
    yield written
    console.setStream(usual)


@pytest.mark.parametrize("name", DOORS)
def test_no_log_has_a_token(values: dict[Purpose, str], name: str, log: StringIO) -> None:
    address = door(name, values[DOORS[name]], DOORS[name])

    refused = [
        Client().put(address),
        Client().post(
            address, {"body": ""}, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        ),
        Client().get(f"{address[:-1]}a/"),
    ]

    said = log.getvalue()
    assert {response.status_code for response in refused} & {403, 404, 405}
    assert "(token)" in said
    assert "~" not in said


# --- Looking changes nothing --------------------------------------------------------------------------------------

LOOKERS = [
    {},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)", "Accept": "*/*"},
]


def dump() -> str:
    """A digest of all that is in the database."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            digest.update(f"{table}\n{sorted(map(repr, cursor.fetchall()))}".encode())
    return digest.hexdigest()


def send_one_mail_of_each_kind(post: Post) -> None:
    moderators = [make_person("Moderator"), make_person("Moderator")]
    for moderator, pace in zip(moderators, ["now", "hourly"], strict=True):
        NoticePreference.objects.create(user=moderator, pace=pace)
    words = {"name": "Ann", "email": "ann@example.org", "body": "Hidden.", "notify": "thread"}
    Client().post(f"/posts/{post.slug}/comments/", words)
    Client().post("/comments/you/", {"email": make_comment(post, email="kim@example.org").email})
    make_follow(post, "cleo@example.org")
    make_settled(post)
    send_mails()
    moderator_mails.run_once()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        moderator_mails.run_once()


def test_no_link_of_any_mail_does_anything_when_it_is_opened() -> None:
    send_one_mail_of_each_kind(make_post())
    sent = "\n".join(
        f"{message.body}\n{message.alternatives[0][0]}\n{message.extra_headers}"  # type: ignore[attr-defined]
        for message in mail.outbox
    )
    paths = set(re.findall(r"http://localhost:8000(/[^\s\"'<>#)]*)", sent))
    assert set(ConversationMail.objects.filter(state="sent").values_list("kind", flat=True)) == set(
        ConversationMail.Kind.values
    )
    for part in ("confirm", "you", "unfollow"):
        assert [path for path in paths if path.startswith(f"/comments/{part}/")]
    assert len([path for path in paths if path.startswith("/moderation/")]) >= 6
    before = dump()

    for path in sorted(paths):
        for headers in LOOKERS * 2:
            assert Client().head(path, headers=headers).status_code in {200, 302}
            assert Client().get(path, headers=headers).status_code in {200, 302}
            assert Client().options(path, headers=headers).status_code in {200, 302, 405}

    assert dump() == before


# --- Whom a stranger can have mailed ------------------------------------------------------------------------------


@pytest.mark.parametrize("way_to_ask", ["comment", "link"])
def test_a_mailbox_cannot_be_bombed_from_many_networks(way_to_ask: str) -> None:
    post = make_post()
    make_comment(post, email="kim@example.org")
    noon = datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC)

    with time_machine.travel(noon, tick=False) as clock:
        for number in range(100):
            tag = f"+{number}" if number % 2 else ""
            words = {"name": "Kim", "email": f"k.im{tag}@example.org", "body": f"Comment {number}.", "notify": "thread"}
            path = f"/posts/{post.slug}/comments/" if way_to_ask == "comment" else "/comments/you/"
            network = {"REMOTE_ADDR": f"10.1.{number}.1", "headers": {"X-Forwarded-For": f"203.0.113.{number}"}}
            assert Client().post(path, words, **network).status_code == 303  # type: ignore[arg-type]
            clock.shift(60)
        mails.run_once()

    assert ConversationMail.objects.filter(kind__in=["confirm", "link"]).count() <= 3
    assert len(mail.outbox) <= 3


def test_only_who_said_yes_and_confirmed_the_address_is_told_of_answers() -> None:
    post = make_post()
    asked: list[Any] = [{"confirmed_at": None}, {"ended_at": timezone.now()}]
    for number, change in enumerate(asked):
        Follow.objects.filter(pk=make_follow(post, f"no{number}@example.org").pk).update(**change)
    unconfirmed, muted = (make_follow(post, f"no{name}@example.org").commenter for name in ("address", "mail"))
    type(muted).objects.filter(pk=muted.pk).update(muted_at=timezone.now())
    type(unconfirmed).objects.filter(pk=unconfirmed.pk).update(confirmed_at=None)
    parent = make_comment(post, email="silent@example.org", followers_told_at=timezone.now())
    make_follow(post, "yes@example.org")
    make_follow(make_post(), "elsewhere@example.org")

    make_settled(post, parent=parent)

    assert send_mails() == ["yes@example.org"]
    Comment.objects.latest("pk").hold(make_person("Moderator"))
    Comment.objects.latest("pk").approve(make_person("Moderator"))
    with time_machine.travel(timezone.now() + DAY):
        assert send_mails() == []
