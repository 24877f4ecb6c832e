"""Erasing everything under an address: no trace of name, address or text in any table, and the thread still reads."""

import datetime
import smtplib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.models import Post
from comments import erasing, links
from comments.judging import Verdict
from comments.models import (
    Action,
    Block,
    Comment,
    Commenter,
    ConversationMail,
    Decision,
    Follow,
    Report,
    Thumb,
    WordCount,
)
from comments.models.commenter import FollowQuerySet
from tests.at_once import at_once, real_database
from tests.comments.conversing import make_commenter, make_follow, make_settled, send_mails
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

ADDRESS = "Zora.Quill@unusual.example"
TRACES = ["zora", "quillfeather", "unusual.example", "marmalade", "xylophone"]


def every_table() -> str:
    """Everything that stands in the database, as one text; the filter's word counts aside."""
    tables = [table for table in connection.introspection.table_names() if table != WordCount._meta.db_table]
    rows = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                rows += [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row]
    assert len(tables) > 40
    return "\n".join(rows).lower()


def refuse_naming_the_address(self: Any, messages: Any) -> int:
    address = messages[0].to[0]
    raise smtplib.SMTPRecipientsRefused({address: (550, f"<{address}> is unknown here".encode())})


def live_a_whole_life(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comment, edit, be approved, be answered by mails that arrive and fail, be reported, liked, corrected, blocked."""
    reader, moderator = Client(), make_staff("moderator")
    staff = Client()
    staff.force_login(moderator)
    words = {"name": "Zora Quillfeather", "email": ADDRESS, "website": "https://unusual.example/", "notify": "thread"}
    reader.post(f"/posts/{post.slug}/comments/", {**words, "body": "Marmalade, she said."})
    reader.post(f"/posts/{post.slug}/comments/", {**words, "body": "More marmalade."})
    first, second = Comment.objects.order_by("pk")
    first.edit("A xylophone of marmalade.", Verdict(Comment.Status.WAITING, [("words", {"found": "xylophone"})], 0.4))
    first.approve(moderator, via=Action.Via.MAIL)
    staff.post(f"/admin/moderation/{second.pk}/", {"verb": "spam"})
    staff.post(f"/admin/comments/comment/{first.pk}/change/", {"name": "Zora Quill", "source": "Marmalade."})
    Block.objects.create(
        kind="address", digest="d" * 64, shown=ADDRESS, reason=f"{ADDRESS} again", created_by=moderator
    )
    Report.objects.create(comment=first, reader="r" * 64, reason="unkind")
    Thumb.objects.create(comment=first, reader="r" * 64)
    make_commenter(ADDRESS)
    Follow.objects.update(confirmed_at=timezone.now() - datetime.timedelta(days=1))
    make_follow(post, "bob@example.org")
    Comment.objects.update(published_at=timezone.now() - datetime.timedelta(hours=1), decided_at=None)
    make_settled(post, parent=first, name="Cleo", source="I disagree.")
    send_mails()
    monkeypatch.setattr(EmailBackend, "send_messages", refuse_naming_the_address)
    make_settled(post, parent=first, name="Dan", source="Me too.")
    send_mails()
    monkeypatch.undo()


def erase(client: Client) -> None:
    path = links.yours(Commenter.objects.get(email__iexact=ADDRESS)).removeprefix("http://localhost:8000")
    response = client.post(f"{path}erase/")
    assert "Everything is erased" in response.text
    assert client.get(path).status_code == 404
    assert client.post(f"{path}erase/").status_code == 404


def test_nothing_is_left_in_any_table(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    post = make_post()
    with django_capture_on_commit_callbacks(execute=True):
        live_a_whole_life(post, monkeypatch)
    before = every_table()
    assert [trace for trace in TRACES if trace not in before] == []
    assert ConversationMail.objects.filter(error__icontains="unusual.example", state="failed").exists()

    erase(client)

    after = every_table()
    assert [trace for trace in TRACES if trace in after] == []


def test_the_audit_log_keeps_what_was_done_by_numbers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    live_a_whole_life(make_post(), monkeypatch)
    numbers = set(Comment.objects.filter(commenter__email__iexact=ADDRESS).values_list("pk", flat=True))

    erase(client)

    action = Action.objects.get(verb=Action.Verb.ERASE)
    assert (action.via, action.user) == (Action.Via.READER, None)
    decisions = Decision.objects.filter(action=action)
    assert set(decisions.values_list("comment_number", flat=True)) == numbers
    assert set(decisions.values_list("after", flat=True)) == {"removed"}
    assert Decision.objects.filter(action__verb=Action.Verb.APPROVE).exists()


def test_the_thread_still_reads(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make_post()
    live_a_whole_life(post, monkeypatch)
    places = dict(Comment.objects.values_list("pk", "path"))

    erase(client)

    page = client.get(post.get_absolute_url()).text
    assert "I disagree." in page
    assert "Quill" not in page
    assert dict(Comment.objects.values_list("pk", "path")) == places


def test_what_others_wrote_and_follow_stays(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    live_a_whole_life(make_post(), monkeypatch)

    erase(client)

    assert sorted(Comment.objects.exclude(name="").values_list("name", flat=True)) == ["Cleo", "Dan"]
    assert Follow.objects.get().commenter.email == "bob@example.org"


def test_rows_of_mails_say_what_became_of_them_and_of_whom_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_a_whole_life(make_post(), monkeypatch)
    states = dict(ConversationMail.objects.values_list("pk", "state"))

    erase(client)

    assert dict(ConversationMail.objects.values_list("pk", "state")) == states
    assert not ConversationMail.objects.filter(commenter=None).exclude(error="").exists()


def test_what_a_worker_holds_is_out_of_its_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    commenter = make_commenter()
    rows = [ConversationMail.objects.create(kind="answer", commenter=commenter) for _number in range(3)]
    claimed, on_its_way, pending = rows
    assert claimed.claim()
    assert on_its_way.claim()
    assert on_its_way.begin()

    erasing.erase(commenter)

    assert not claimed.retry("<ann@example.org> is busy")
    assert not on_its_way.fail("<ann@example.org> is unknown")
    assert not pending.claim()
    found = ConversationMail.objects.order_by("pk").values_list("state", "error", "commenter")
    assert list(found) == [("skipped", "", None), ("unknown", "", None), ("skipped", "", None)]


def test_a_block_goes_on_without_saying_whom(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    live_a_whole_life(make_post(), monkeypatch)

    erase(client)

    block = Block.objects.active().get()
    assert (block.digest, block.shown, block.reason) == ("d" * 64, "", "")


def test_all_links_of_the_person_stop_working(client: Client) -> None:
    post = make_post()
    follow = make_follow(post)
    comment = make_comment(post, email="ann@example.org")
    old = [links.confirmation(follow.commenter), links.yours(follow.commenter), links.unfollow(follow)]

    erasing.erase(follow.commenter)

    for link in old:
        assert client.get(link.removeprefix("http://localhost:8000")).status_code == 404
    assert "Comment" not in client.get(comment.own_url()).text.partition("<main")[2].partition("comment-quoted")[2]


@pytest.mark.parametrize(
    ("where", "do"),
    [
        *[("confirm", do) for do in ("confirm", "never")],
        *[("yours", do) for do in ("confirm", "accept", "end", "mute", "unmute")],
        *[("unfollow", do) for do in ("", "all")],
    ],
)
def test_a_button_that_is_pressed_while_the_person_is_erased_does_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, where: str, do: str
) -> None:
    make_comment(make_post(), email=ADDRESS, status="waiting")
    commenter = Commenter.objects.get()
    follow = make_follow(make_post(), ADDRESS, confirmed_at=None)
    Commenter.objects.update(confirmed_at=None)
    pages = {
        "confirm": links.confirmation(commenter),
        "yours": links.yours(commenter),
        "unfollow": links.unfollow(follow),
    }

    def be_erased_first(who: Commenter, *conditions: Any, **values: Any) -> bool:
        Commenter.objects.filter(pk=who.pk).delete()
        return usual(who, *conditions, **values)

    usual = Commenter._change
    monkeypatch.setattr(Commenter, "_change", be_erased_first)
    usual_end = FollowQuerySet.end
    monkeypatch.setattr(FollowQuerySet, "end", lambda rows: Commenter.objects.all().delete() and usual_end(rows))

    answer = client.post(pages[where].removeprefix("http://localhost:8000"), {"do": do, "follow": follow.pk})

    assert answer.status_code in {200, 303, 404}
    assert not Commenter.objects.exists()


def test_the_page_asks_first_and_says_what_will_happen(client: Client) -> None:
    post = make_post()
    for _number in range(2):
        make_comment(post, email="ann@example.org")

    page = client.get(links.yours(make_commenter()).removeprefix("http://localhost:8000") + "erase/").text

    assert "Your 2 comments are emptied" in page
    assert "nobody can undo it" in page
    assert Comment.objects.exclude(name="").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_erase_at_once_one_does(tmp_path: Path) -> None:
    post = make_post()
    make_comment(post, email="ann@example.org")

    with real_database(tmp_path):
        erased = at_once(*[partial(erasing.erase, Commenter.objects.get()) for _number in range(10)])
        actions = Action.objects.filter(verb=Action.Verb.ERASE).count()

    assert sorted(erased) == [0] * 9 + [1]
    assert actions == 1
