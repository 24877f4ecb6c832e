"""What the mails to moderators say."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from blog.models import Publication
from comments import moderator_mails as mails
from comments.models import Comment, ConversationMail
from comments.moderator_messages import MOST_LISTED
from tests.comments.moderating import make_moderator, make_waiting, parse, parts
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 4, 12, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def mail_about(**values: Any) -> EmailMultiAlternatives:
    """The mail about one comment."""
    make_moderator(name="kim")
    make_comment(values.pop("post", None) or make_post(), **{"status": "waiting", **values})
    mails.run_once()
    return mail.outbox[-1]  # type: ignore[return-value]


def test_a_mail_says_all_that_is_needed_to_decide() -> None:
    Publication.objects.update_or_create(pk=1, defaults={"name": "Second Skin", "postal_address": "1 Main Street"})
    post = make_post(title="On sunscreen")
    parent = make_comment(post, name="Bob", source="First\nof all.")

    message = mail_about(
        post=post,
        parent=parent,
        name="Ann",
        email="ann@example.org",
        source="Well *said*.\n\nSee [this](/posts/other/).",
        held_for=[["first", {}], ["links", {"count": 3}]],
    )

    for part in parts(message):
        for words in ["Ann", "ann@example.org", "On sunscreen", "Bob", "First of all.", "3 links", "1 Main Street"]:
            assert words in part
        assert part.count("http://localhost:8000/moderation/") == 3
        assert "http://localhost:8000/admin/moderation/" in part
        assert "http://localhost:8000/admin/moderation/notices/" in part
    text, html = parts(message)
    assert "> Well *said*.\n>\n> See [this]" in text
    assert "Well <em>said</em>." in html
    assert 'href="http://localhost:8000/posts/other/"' in html


def test_the_headers_are_those_of_an_automatic_mail_and_stay_the_same() -> None:
    message = parse(mail_about())
    comment = Comment.objects.get()
    person = User.objects.get()

    assert sorted(name.lower() for name in message) == [
        "auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to",
    ]  # fmt: skip
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<held-{person.pk}.{comment.pk}@localhost>"


def test_mails_about_comments_that_answer_one_another_are_one_conversation() -> None:
    make_moderator()
    post = make_post()
    parent = make_comment(post, status="waiting")
    make_comment(post, status="waiting", parent=parent)

    mails.run_once()

    first, answer = map(parse, mail.outbox)  # type: ignore[arg-type]
    assert answer["In-Reply-To"] == first["Message-ID"]


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85", "\r\n\t"])
def test_no_name_or_title_begins_a_header_of_its_own(break_: str) -> None:
    evil = f"One{break_}Bcc: victim@example.org"
    name = evil.replace("\0", "\x01")  # PostgreSQL stores no NUL, and the form lets none in

    message = parse(mail_about(name=name, post=make_post(title=name)))

    assert message["Bcc"] is None
    assert message["Subject"].count("One Bcc: victim@example.org") == 2
    assert "\nBcc" not in message["Subject"]


@pytest.mark.parametrize("field", ["name", "source", "title", "word", "parent"])
def test_no_html_of_a_reader_is_html_in_a_mail(field: str) -> None:
    evil = '<a href="//evil.example">x</a><script>alert(1)</script><img src=x onerror=alert(1)>'
    post = make_post(title=evil if field == "title" else "A post")
    parent = make_comment(post, name=evil[:80], source=evil) if field == "parent" else None
    values: dict[str, Any] = {field: evil} if field in {"name", "source"} else {}
    held = [["words", {"word": evil}]] if field == "word" else []

    _text, html = parts(
        mail_about(post=post, parent=parent, held_for=held, **{**values, "name": values.get("name", "Ann")[:80]})
    )

    assert "<script" not in html
    assert "<img" not in html
    assert '<a href="//evil.example">x</a>' not in html
    assert "&lt;a href=" in html


def test_no_line_of_a_comment_passes_for_one_of_the_mails_own() -> None:
    fake = "Approve: http://evil.example/"

    text, _html = parts(mail_about(source=f"Hello\u2028{fake}\r\n{fake}\x0b{fake}", name=f"Ann\n{fake}"))

    assert [line for line in text.splitlines() if line.startswith(fake)] == []
    assert text.count("\nApprove: ") == 1


def test_a_digest_lists_the_newest_with_their_links() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator("hourly")
        make_comment(make_post(), reports=2)
        (oldest,) = make_waiting(name="Oldest", source="From **before**.", created_at=NOON - HOUR)
        make_waiting(MOST_LISTED, held_for=[["policy", {}]])
        mails.run_once()
        clock.shift(HOUR)
        mails.run_once()

    (message,) = mail.outbox
    assert message.subject == f"{MOST_LISTED + 1} comments wait at Byline"
    for part in parts(message):  # type: ignore[arg-type]
        assert part.count("http://localhost:8000/moderation/") == 3 * MOST_LISTED
        assert oldest.name not in part
        assert f"the newest {MOST_LISTED}" in part
        assert "every comment here is read first" in part
        assert "reported one comment that is on the page" in part


def test_a_digest_escapes_what_readers_wrote() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator("hourly")
        make_waiting(name="<b>Ann</b>", source="<script>alert(1)</script>\nApprove: http://evil.example/")
        mails.run_once()
        clock.shift(HOUR)
        mails.run_once()

    text, html = parts(mail.outbox[0])  # type: ignore[arg-type]
    assert "<script" not in html
    assert "<b>Ann" not in html
    assert "\nApprove: http://evil" not in text


def test_a_digest_costs_the_same_queries_for_any_number_of_comments(django_assert_num_queries) -> None:
    person = make_moderator("hourly")
    row = ConversationMail.objects.create(kind="digest", user=person, period=NOON)
    make_waiting()
    mails.messages.about_all(row, person)  # makes the kept key and the publication's row

    for number in (1, 30):
        make_waiting(number)
        with django_assert_num_queries(5):  # publication, the kept key, how many, the newest with posts, reported ones
            mails.messages.about_all(row, person)


def test_a_row_holds_no_word_of_the_comment() -> None:
    mail_about(name="Ann", source="Hello there", email="ann@example.org")

    kept = " ".join(map(str, ConversationMail.objects.values_list().get()))
    assert not any(word in kept for word in ["Ann", "Hello", "ann@"])
