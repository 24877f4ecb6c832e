"""What stands in the mails about answers, and that no comment can write into them what is not its own."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from blog.models import Post, Publication
from comments import following
from comments.models import Comment, ConversationMail
from tests.comments.conversing import last_mail, link_in, make_follow, make_settled, part, send_mails
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

HOSTILE = '"><img src=x onerror=alert(1)><a href="evil.example">Click</a>'
LINE_BREAKS = ["One\r\nBcc: victim@example.org", "One\nTwo", "One\rTwo", "One\u2028Two", "One\x85Two", "One\u202eowT"]


@pytest.fixture
def post() -> Post:
    Publication.objects.update_or_create(pk=1, defaults={"name": "Second Skin", "postal_address": "1 Main Street"})
    return make_post(title="Five facts")


def mail_about(post: Post, **values: Any) -> Any:
    """Send the mail about a comment by Bob to Ann, who follows the post; return it as it arrives."""
    make_follow(post)
    make_settled(post, **{"name": "Bob", "source": "Well *said*.", **values})
    assert send_mails() == ["ann@example.org"]
    return last_mail()


def test_the_mail_says_who_wrote_where_and_all_of_it(post: Post) -> None:
    message = mail_about(post)

    text, html = part(message, "plain"), part(message, "html")
    assert "Bob wrote under “Five facts”." in text
    assert "> Well *said*." in text
    assert "said</em>" in html
    comment = Comment.objects.get()
    for body in (text, html):
        assert f"http://localhost:8000/comments/{comment.pk}/" in body
        assert "1 Main Street" in body


def test_who_is_answered_is_told_so_with_their_own_words(post: Post) -> None:
    asked = make_comment(post, name="Ann", email="ann@example.org", source="Is it\n\n**so**? " + "x" * 400)

    message = mail_about(post, parent=asked)

    assert "Bob answered you under “Five facts”." in part(message, "plain")
    assert "You wrote:\n> > Is it so? " in part(message, "plain")
    assert "x" * 310 not in part(message, "plain").replace("\n", "")
    assert "You wrote:" in part(message, "html")


def test_what_another_is_answered_is_quoted_with_their_name(post: Post) -> None:
    message = mail_about(post, parent=make_comment(post, name="Cleo", source="First."))

    assert "Cleo wrote:\n> > First." in part(message, "plain")


def test_what_has_left_the_page_is_not_quoted(post: Post) -> None:
    asked = make_comment(post, name="Cleo", source="First.", status="removed")

    message = mail_about(post, parent=asked)

    assert "Cleo" not in message.as_string()
    assert "First." not in part(message, "plain") + part(message, "html")


def test_links_within_the_site_are_complete(post: Post, settings: Any) -> None:
    settings.SITE_URL = "https://example.org"

    message = mail_about(post, source="See [this](/posts/other/) and [that](//evil.example/).")

    html = part(message, "html")
    assert 'href="https://example.org/posts/other/"' in html
    assert 'rel="nofollow ugc noopener"' in html
    assert "(https://example.org/posts/other/)" in part(message, "plain")
    assert 'href="/' not in html.replace('href="//', "")
    assert "localhost" not in html


# --- Headers ------------------------------------------------------------------------------------------------------


def test_each_header_is_there_once(post: Post) -> None:
    assert sorted(name.lower() for name in mail_about(post)) == [
        "auto-submitted",
        "content-type",
        "date",
        "from",
        "in-reply-to",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "message-id",
        "mime-version",
        "references",
        "subject",
        "to",
    ]


def test_the_headers(post: Post, settings: Any) -> None:
    settings.REPLY_TO = "editors@example.org"

    message = mail_about(post)

    row = ConversationMail.objects.get()
    stop = link_in(message, "unfollow")
    assert message["From"] == "Second Skin <byline@localhost>"
    assert message["To"] == "ann@example.org"
    assert message["Reply-To"] == "editors@example.org"
    assert message["Subject"] == "Re: Five facts"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<answer.{row.comment_id}-{row.commenter_id}@localhost>"
    assert message["List-Unsubscribe"].strip() == f"<http://localhost:8000{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f'href="http://localhost:8000{stop}"' in part(message, "html")
    assert f'href="http://localhost:8000{stop}#all"' in part(message, "html")


def test_mails_about_one_post_are_one_conversation(post: Post) -> None:
    first = mail_about(post)
    second = Comment.objects.get()
    make_settled(post, parent=second)
    make_settled(post)
    send_mails()

    answer, other = (message.message() for message in mail.outbox[1:])
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert answer["References"] == f"{first['References']} {first['Message-ID']}"
    assert other["In-Reply-To"] == other["References"] == first["In-Reply-To"]
    assert answer["Subject"] == other["Subject"] == first["Subject"]


def test_a_second_try_has_the_same_identifier(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def break_off(self: Any, messages: Any) -> int:
        tried.append(messages[0].message()["Message-ID"])
        raise OSError

    make_follow(post)
    make_settled(post)
    monkeypatch.setattr(EmailBackend, "send_messages", break_off)
    for _try in range(2):
        send_mails()
        ConversationMail.objects.update(state="pending")

    assert len(tried) == 2
    assert len(set(tried)) == 1


@pytest.mark.parametrize("words", LINE_BREAKS)
def test_no_name_or_title_begins_a_header_or_a_line(words: str) -> None:
    post = make_post(title=words)

    message = mail_about(post, name=words, parent=make_comment(post, name=words))

    assert "Bcc" not in message
    assert message["Subject"].startswith("Re: One ")
    lines = part(message, "plain").splitlines()
    assert not [line for line in lines if line.startswith(("Bcc", "Two", "owT"))]
    assert "\u202e" not in part(message, "plain")


def test_no_line_of_a_comment_can_be_taken_for_one_of_the_mails_own(post: Post) -> None:
    message = mail_about(
        post, source="Hello.\n-- \nStop mails: https://evil.example/\u2028Stop mails: https://evil.example/"
    )

    told = [line for line in part(message, "plain").splitlines() if "evil.example" in line]
    assert told
    assert all(line.startswith("> ") for line in told)


def test_nothing_hostile_becomes_markup(post: Post) -> None:
    asked = make_comment(post, name=HOSTILE[:80], source=HOSTILE)

    html = part(mail_about(post, name=HOSTILE[:80], source=HOSTILE, parent=asked), "html")

    assert "<img src=x" not in html
    assert '<a href="evil.example"' not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_stored_script_is_taken_out_once_more(post: Post) -> None:
    make_follow(post)
    comment = make_settled(post)
    Comment.objects.filter(pk=comment.pk).update(
        rendered_html="<p>Hi<script>alert(1)</script><a href='javascript:x'>y</a>"
    )

    send_mails()

    assert "<script" not in part(last_mail(), "html")
    assert "javascript:" not in part(last_mail(), "html")


def test_nobodys_address_is_in_anybody_elses_mail(post: Post) -> None:
    make_follow(post, "cleo@example.org")
    make_follow(post, "ann@example.org")
    make_settled(post, name="Bob", email="bob@example.org")
    send_mails()

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        (reader,) = message.to
        others = {"ann@example.org", "bob@example.org", "cleo@example.org"} - {reader}
        assert not [address for address in others if address in str(message.message())]
        assert message.recipients() == [reader]


def test_the_row_holds_no_words(post: Post) -> None:
    make_follow(post)
    make_settled(post, name="Bob")
    following.tell_followers()

    row = ConversationMail.objects.values().get()
    assert not [value for value in row.values() if isinstance(value, str) and ("Bob" in value or "@" in value)]
