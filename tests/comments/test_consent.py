import datetime
from functools import partial
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import mailboxes
from blog.models import Post
from comments import consent, limits
from comments.models import Comment, Commenter, ConversationMail, Follow
from tests.at_once import at_once, real_database
from tests.comments.conversing import last_mail, make_commenter, make_follow, part, send_mails
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
WORDS = {"name": "Ann buy-pills.example", "email": "ann@example.org", "website": "", "body": "Hidden words."}


def write(post: Post, **values: str) -> None:
    client = Client()
    response = client.post(f"/posts/{post.slug}/comments/", {**WORDS, **values})
    assert response.status_code == 303


def kinds() -> list[str]:
    return list(ConversationMail.objects.values_list("kind", flat=True))


# --- Asking whose address it is -----------------------------------------------------------------------------------


def test_the_first_comment_from_an_address_asks_whose_it_is() -> None:
    write(make_post(title="Five facts"))

    assert send_mails() == ["ann@example.org"]
    assert kinds() == ["confirm"]
    assert "Five facts" in part(last_mail(), "plain")
    assert "/comments/confirm/" in part(last_mail(), "plain")
    assert "/comments/confirm/" in part(last_mail(), "html")


def test_the_mail_holds_nothing_that_was_typed() -> None:
    write(make_post(), website="https://evil.example/", notify="thread")
    send_mails()

    raw = last_mail().as_string() + part(last_mail(), "plain") + part(last_mail(), "html")
    for typed in (*WORDS["name"].split(), "Hidden words", "evil.example"):
        assert typed == "Ann" or typed not in raw
    assert "Ann " not in raw


def test_a_confirmed_address_is_not_asked_again() -> None:
    make_commenter()

    write(make_post())

    assert kinds() == []


def test_staff_who_are_signed_in_are_not_asked(client: Client) -> None:
    post, staff = make_post(), make_staff()
    client.force_login(staff)

    client.post(f"/posts/{post.slug}/comments/", {"body": "Thanks.", "notify": "thread"})

    assert (kinds(), Commenter.objects.count(), Follow.objects.count()) == ([], 0, 0)


def test_spam_gets_no_mail_and_leaves_no_wish() -> None:
    consent.welcome(make_comment(make_post(), status="spam"), "thread")

    assert (kinds(), Follow.objects.count()) == ([], 0)


def test_what_is_found_to_be_spam_before_the_mail_is_out_gets_none() -> None:
    write(make_post())
    Comment.objects.get().mark_spam(make_staff())

    assert send_mails() == []
    assert ConversationMail.objects.get().state == "skipped"


def test_who_confirmed_before_the_mail_is_out_gets_none() -> None:
    write(make_post())
    Commenter.objects.get().confirm()

    assert send_mails() == []


def test_who_wants_no_mail_gets_none_of_any_kind() -> None:
    write(make_post())
    Commenter.objects.get().mute()
    assert send_mails() == []

    with time_machine.travel(timezone.now() + 31 * DAY):
        write(make_post(), notify="thread")
        consent.ask_for_link("ann@example.org")
        assert send_mails() == []
    assert ConversationMail.objects.count() == 1


# --- How often ----------------------------------------------------------------------------------------------------


def test_an_address_is_left_alone_longer_after_every_mail() -> None:
    now, asked = timezone.now(), []
    for after in (0 * MINUTE, 14 * MINUTE, 16 * MINUTE, 17 * MINUTE, 2 * DAY, 3 * DAY, 33 * DAY, 34 * DAY):
        with time_machine.travel(now + after, tick=False):
            before = ConversationMail.objects.count()
            write(make_post())
            asked.append(ConversationMail.objects.count() > before)

    assert asked == [True, False, True, False, True, False, True, False]


def test_all_ways_to_write_to_a_mailbox_count_together() -> None:
    post = make_post()
    with time_machine.travel(datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC), tick=False):
        for address in ("kim.lee@example.org", "kimlee+1@example.org", "k.imlee+2@EXAMPLE.org", "KimLee@example.org"):
            write(post, email=address)

    assert Commenter.objects.count() == 4  # one mailbox, and yet not taken for one person
    assert ConversationMail.objects.count() == 1


def test_a_mailbox_gets_three_such_mails_a_day() -> None:
    noon = datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC)
    for quarter in range(8):
        with time_machine.travel(noon + quarter * 15 * MINUTE, tick=False):
            write(make_post(), email=f"kim+{quarter}@example.org")

    assert ConversationMail.objects.count() == 3


def test_the_site_sends_no_more_than_so_many_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "MOST_AN_HOUR", 2)
    post = make_post()
    with time_machine.travel(datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC), tick=False) as clock:
        for number in range(4):
            write(post, email=f"reader{number}@example.org")
        assert ConversationMail.objects.count() == 2

        clock.shift(60 * MINUTE)
        write(post, email="reader3@example.org", body="Again.")

    assert post.comments.count() == 5
    assert ConversationMail.objects.count() == 3  # being refused has not made the pause longer


@pytest.mark.django_db(transaction=True)
def test_fifty_comments_at_once_are_one_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", [])
    post = make_post()

    with real_database(tmp_path):
        at_once(*[partial(write, post, body=f"Comment {number}") for number in range(50)])
        counts = [model.objects.count() for model in (Comment, Commenter, ConversationMail)]

    assert counts == [50, 1, 1]


def test_asking_wakes_the_worker_up_with_no_word_about_whom() -> None:
    write(make_post())

    task = DBTaskResult.objects.get()
    assert task.task_path == "comments.tasks.send_conversation_mails"
    assert task.args_kwargs == {"args": [], "kwargs": {}}


# --- What shall be mailed -----------------------------------------------------------------------------------------


def test_nothing_is_chosen_beforehand(client: Client) -> None:
    page = client.get(f"/posts/{make_post().slug}/comments/").text

    assert 'name="notify"' in page
    assert '<option value="" selected>' in page


def test_staff_is_not_asked_what_to_mail(client: Client) -> None:
    client.force_login(make_staff())

    assert 'name="notify"' not in client.get(f"/posts/{make_post().slug}/comments/").text


@pytest.mark.parametrize("scope", ["replies", "thread"])
def test_a_wish_counts_only_once_its_owner_said_yes(scope: str) -> None:
    write(make_post(), notify=scope)

    follow = Follow.objects.get()
    assert (follow.scope, follow.confirmed_at) == (scope, None)
    assert not Follow.objects.active().exists()
    assert kinds() == ["confirm"]  # the page it leads to lists the wish


def test_without_a_wish_nothing_is_followed() -> None:
    write(make_post(), notify="")
    write(make_post())

    assert not Follow.objects.exists()


@pytest.mark.parametrize("wish", ["all", "on", "<script>", "thread\0"])
def test_a_wish_that_does_not_exist_is_refused_and_nothing_is_lost(client: Client, wish: str) -> None:
    response = client.post(f"/posts/{make_post().slug}/comments/", {**WORDS, "notify": wish})

    assert response.status_code == 422
    assert "Choose what you want to be told about, or nothing." in response.text
    assert WORDS["body"] in response.text
    assert "<script>" not in response.text


def test_who_merely_knows_a_confirmed_address_brings_its_owner_a_link_and_no_more() -> None:
    make_commenter()

    write(make_post(), notify="thread")

    assert send_mails() == ["ann@example.org"]
    assert kinds() == ["link"]
    assert "/comments/you/" in part(last_mail(), "plain")
    assert not Follow.objects.active().exists()


def test_what_its_owner_said_yes_to_stays_as_it_is() -> None:
    post = make_post()
    follow = make_follow(post, scope="replies")
    before = Follow.objects.values().get()

    write(post, notify="thread")

    assert Follow.objects.values().get() == before
    assert Follow.objects.active().get() == follow
    assert kinds() == []


def test_what_was_ended_waits_for_its_owner_again() -> None:
    post = make_post()
    make_follow(post, scope="replies", ended_at=timezone.now())

    write(post, notify="thread")

    follow = Follow.objects.get()
    assert (follow.scope, follow.confirmed_at, follow.ended_at) == ("thread", None, None)
    assert kinds() == ["link"]


def test_a_second_sending_asks_for_nothing_again() -> None:
    post = make_post()
    write(post)
    write(post, notify="thread")

    assert Comment.objects.count() == 1
    assert not Follow.objects.exists()
