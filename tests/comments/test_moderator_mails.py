"""Who is told by mail that a comment waits, when, and what the mail says."""

import datetime
import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone

from accounts.models import User
from blog.models import Publication
from comments import moderator_mails as mails
from comments.models import Comment, ConversationMail, NoticePreference
from comments.moderator_messages import MOST_LISTED
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 4, 12, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def make_moderator(pace: str = "now", **values: Any) -> User:
    person = make_person("Moderator", **values)
    NoticePreference.objects.create(user=person, pace=pace)
    return person


def make_waiting(number: int = 1, **values: Any) -> list[Comment]:
    post = make_post()
    return [make_comment(post, **{"status": "waiting", **values}) for _ in range(number)]


def told() -> list[tuple[str, str]]:
    """What was sent: to whom, and about what."""
    return [(message.to[0].partition("@")[0], message.subject) for message in mail.outbox]


def kinds(person: User) -> list[str]:
    return list(person.conversation_mails.values_list("kind", flat=True))


def states() -> set[str]:
    return set(ConversationMail.objects.values_list("state", flat=True))


def parse(message: EmailMultiAlternatives) -> EmailMessage:
    """Read a mail as a mail program does."""
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def parts(message: EmailMultiAlternatives) -> tuple[str, str]:
    parsed = parse(message)
    return tuple(parsed.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr,return-value]


# --- Who, and when ------------------------------------------------------------------------------------------------


def test_who_wants_it_at_once_gets_one_mail_a_comment() -> None:
    make_moderator(name="Kim")
    post = make_post(title="On sunscreen")
    make_comment(post, name="Ann", status="waiting")
    make_comment(post, name="Ben", status="waiting")

    assert mails.run_once() == 2
    assert mails.run_once() == 0

    assert told() == [("Kim", "Ann on “On sunscreen” waits for you"), ("Kim", "Ben on “On sunscreen” waits for you")]


@pytest.mark.parametrize("status", ["approved", "spam", "removed"])
def test_what_does_not_wait_is_mailed_to_nobody(status: str) -> None:
    make_moderator()
    make_comment(make_post(), status=status)

    assert mails.run_once() == 0
    assert not ConversationMail.objects.exists()


@pytest.mark.parametrize(
    ("pace", "early", "due"),
    [
        ("hourly", datetime.timedelta(minutes=39), datetime.timedelta(minutes=40)),
        ("daily", datetime.timedelta(hours=19, minutes=39), datetime.timedelta(hours=19, minutes=40)),
    ],
)
def test_a_digest_goes_out_when_its_hour_or_day_is_over(
    pace: str, early: datetime.timedelta, due: datetime.timedelta
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator(pace)
        make_waiting(2)
        assert mails.run_once() == 0
        make_waiting(1)
        mails.run_once()

        clock.move_to(NOON + early)
        assert mails.run_once() == 0
        clock.move_to(NOON + due)
        assert mails.run_once() == 1

    assert [subject for _to, subject in told()] == ["3 comments wait at Byline"]


def test_a_mail_of_the_day_comes_at_eight_in_the_sites_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    with timezone.override("America/New_York"):
        row = mails.digest(1, "daily", datetime.datetime(2026, 3, 7, 13, 0, tzinfo=datetime.UTC))  # the clocks change

    assert row.next_try_at == datetime.datetime(2026, 3, 8, 12, 0, tzinfo=datetime.UTC)


def test_nobody_is_told_twice_of_what_has_waited_before() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_moderator("hourly")
        make_waiting()
        mails.run_once()
        clock.shift(HOUR)
        assert mails.run_once() == 1

        clock.shift(5 * HOUR)
        assert mails.run_once() == 0


def test_hourly_is_what_somebody_gets_who_has_chosen_nothing() -> None:
    person = make_person("Moderator")
    make_waiting()

    mails.run_once()

    assert kinds(person) == ["digest"]


def test_after_ten_mails_in_an_hour_the_rest_is_told_together() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        person = make_moderator()
        make_waiting(mails.MOST_AN_HOUR + 3)

        assert mails.run_once() == mails.MOST_AN_HOUR
        make_waiting()
        assert mails.run_once() == 0
        assert kinds(person).count("digest") == 1

        clock.move_to(NOON + datetime.timedelta(minutes=40))
        assert mails.run_once() == 1
        assert told()[-1][1] == f"{mails.MOST_AN_HOUR + 4} comments wait at Byline"
        make_waiting()
        assert mails.run_once() == 1  # the next hour begins anew


@pytest.mark.parametrize(
    ("make", "is_told"),
    [
        (lambda: make_person("Moderator"), True),
        (lambda: make_person("Publisher"), True),
        (lambda: make_staff(), True),
        (lambda: make_person("Editor"), False),
        (lambda: make_person("Author"), False),
        (lambda: make_staff(is_staff=False), False),
        (lambda: make_staff(is_active=False), False),
        (lambda: make_staff(email=""), False),
    ],
)
def test_who_moderates_and_can_be_reached_is_told(make: Any, is_told: bool) -> None:
    person = make()
    make_waiting()

    mails.run_once()

    assert bool(kinds(person)) == is_told


def test_who_wants_no_mail_gets_none() -> None:
    person = make_moderator("never")
    make_waiting()

    mails.run_once()

    assert kinds(person) == []
    assert Comment.objects.get().moderators_told_at  # a later change of mind is about later comments


@pytest.mark.parametrize("kind", ["now", "hourly"])
@pytest.mark.parametrize(
    "change",
    [
        lambda person: Comment.objects.get().approve(make_staff()),
        lambda person: Comment.objects.all().delete(),
        lambda person: User.objects.update(is_active=False),
        lambda person: User.objects.update(email=""),
        lambda person: person.groups.clear(),
        lambda person: NoticePreference.objects.update(pace="never"),
    ],
    ids=["decided", "deleted", "dismissed", "no address", "no role", "wants none"],
)
def test_what_nobody_needs_any_more_is_not_sent(kind: str, change: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        person = make_moderator(kind)
        make_waiting()
        mails.write_rows()
        change(person)
        clock.shift(HOUR)

        assert mails.send_due() == 0

    assert states() == {"skipped"}
    assert mail.outbox == []
    assert ConversationMail.objects.get().error


def test_a_comment_that_came_back_into_the_queue_is_not_mailed_again() -> None:
    make_moderator()
    (comment,) = make_waiting()
    mails.run_once()
    comment.approve(make_staff())
    comment.hold(make_staff())

    assert mails.run_once() == 0


def test_looking_for_what_is_new_costs_one_query_when_nothing_is(django_assert_num_queries) -> None:
    make_moderator()
    make_waiting()
    mails.run_once()

    with django_assert_num_queries(1):
        mails.write_rows()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a few rows without any index")
def test_looking_for_what_is_new_does_not_read_the_queue() -> None:
    untold = Comment.objects.filter(moderators_told_at=None).waiting()

    assert "comment_moderators_to_tell" in untold.explain()


def test_writing_the_rows_costs_the_same_for_any_number_of_people(django_assert_num_queries) -> None:
    for _ in range(5):
        make_moderator("hourly")
    make_waiting(20)

    # is there anything, begin, the comments, the mark, the people, the rows, commit
    with django_assert_num_queries(7):
        mails.write_rows()


def test_rows_are_kept_for_a_month() -> None:
    make_moderator()
    make_waiting()
    mails.run_once()

    assert mails.forget_old() == 0
    with time_machine.travel(timezone.now() + mails.KEPT):
        assert mails.forget_old() == 1


# --- What it says -------------------------------------------------------------------------------------------------


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
