import datetime
import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from blog.models import Publication
from subscribers import links, messages
from subscribers.letters import Letter, Reader
from subscribers.models import Delivery, Notice, Subscriber
from tests.factories import make_author, make_image, make_issue, make_post, make_subscriber

pytestmark = pytest.mark.django_db

ADDRESS = "Byline\n1 Main Street"
TITLES = ["One\r\nBcc: victim@example.org", "One\nTwo", "One\rTwo", "One\0Two", "One\u2028Two", "One\x85Two"]


def parse(message: EmailMultiAlternatives) -> EmailMessage:
    """Read a mail as a mail program does."""
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def text_of(message: EmailMultiAlternatives) -> str:
    return parse(message).get_body(("plain",)).get_content()  # type: ignore[union-attr]


def html_of(message: EmailMultiAlternatives) -> str:
    return parse(message).get_body(("html",)).get_content()  # type: ignore[union-attr]


def publish(**values: Any) -> Publication:
    Publication.objects.update_or_create(pk=1, defaults={"name": "Second Skin", "postal_address": ADDRESS, **values})
    return Publication.load()


def notice_of(kind: Notice.Kind, **values: Any) -> Notice:
    return Notice.objects.create(subscriber=make_subscriber(**values), kind=kind)


def post_mail(**values: Any) -> EmailMultiAlternatives:
    """The mail about a post to one reader."""
    post = make_post(authors=[make_author("Kim Lee")], **values)
    issue = make_issue(post)
    reader = make_subscriber("reader@example.org")
    delivery = Delivery.objects.create(issue=issue, subscriber=reader, address=reader.email)
    return Letter(issue).message(reader_of(delivery))


def reader_of(delivery: Delivery) -> Reader:
    return Reader(delivery.pk, delivery.subscriber_id or 0, delivery.address)


def make_each() -> list[EmailMultiAlternatives]:
    return [
        messages.confirmation(notice_of(Notice.Kind.CONFIRM, status=Subscriber.Status.PENDING)),
        messages.already_subscribed(notice_of(Notice.Kind.ALREADY)),
        post_mail(),
    ]


def test_a_post_mail_has_each_header_once() -> None:
    publish()

    names = [name.lower() for name in parse(post_mail())]

    assert sorted(names) == [
        "auto-submitted",
        "content-type",
        "date",
        "feedback-id",
        "from",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "message-id",
        "mime-version",
        "precedence",
        "subject",
        "to",
    ]


def test_the_headers_of_a_post_mail(settings: Any) -> None:
    publish()
    settings.MAIL_DOMAIN = "example.org"
    settings.DEFAULT_FROM_EMAIL = "posts@example.org"

    message = parse(post_mail(title="Five facts"))

    delivery = Delivery.objects.get()
    assert message["From"] == "Second Skin <posts@example.org>"
    assert message["To"] == "reader@example.org"
    assert message["Subject"] == "Five facts"
    assert message["List-Id"] == '"Second Skin" <posts.example.org>'
    assert message["Message-ID"] == f"<issue-{delivery.issue_id}.{delivery.pk}@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_header_and_the_foot_lead_to_where_the_reader_leaves() -> None:
    publish()

    message = post_mail()

    leave = links.unsubscribe(links.unsubscribe_signer(), Subscriber.objects.get().pk)
    leave = leave.partition("~")[0]  # what follows holds the time of signing
    header = parse(message)["List-Unsubscribe"].strip()  # a long one begins on a line of its own
    assert header.startswith(f"<{leave}")
    assert header.endswith("/>")
    assert header.strip("<>") in text_of(message)
    assert f'href="{header.strip("<>")}"' in html_of(message)


def test_a_notice_has_no_list_headers_and_is_no_occasion_for_a_holiday_reply() -> None:
    publish()

    for message in map(parse, make_each()[:2]):
        assert message["Auto-Submitted"] == "auto-generated"
        assert not [name for name in message if name.startswith("List-")]


@pytest.mark.parametrize(
    ("name", "list_id"),
    [
        ("Byline", b'List-Id: "Byline" <posts.localhost>'),
        ('The "best" \\ of it', b'List-Id: "The best of it" <posts.localhost>'),
        ("Blög", b"List-Id: =?utf-8?b?QmzDtmc=?= <posts.localhost>"),
        ("Byline <posts.evil.example>", b'List-Id: "Byline <posts.evil.example>" <posts.localhost>'),
        ("By\r\nBcc: victim@example.org", b'List-Id: "By Bcc: victim@example.org" <posts.localhost>'),
    ],
    ids=["plain", "quotes", "non-ASCII", "brackets", "line break"],
)
def test_the_list_keeps_its_identifier_whatever_its_name(name: str, list_id: bytes) -> None:
    publish(name=name)

    assert list_id in post_mail().message().as_bytes().splitlines()


def test_the_longest_name_of_foreign_letters_keeps_the_identifier_too() -> None:
    publish(name="ö" * 100)

    header = " ".join(parse(post_mail())["List-Id"].split())

    assert header.endswith(" <posts.localhost>")


def test_a_row_gives_the_same_message_id_at_every_try() -> None:
    publish()
    notice = notice_of(Notice.Kind.CONFIRM, status=Subscriber.Status.PENDING)

    first, second = messages.confirmation(notice).message(), messages.confirmation(notice).message()

    assert first["Message-ID"] == second["Message-ID"] == f"<notice.{notice.pk}@localhost>"


def test_every_row_has_a_message_id_of_its_own() -> None:
    publish()

    assert len({message.message()["Message-ID"] for message in make_each()}) == 3


def test_every_mail_has_the_postal_address_in_both_parts() -> None:
    publish()

    for message in make_each():
        assert ADDRESS in text_of(message)
        assert "Byline<br>1 Main Street" in html_of(message)


def test_every_link_begins_with_the_sites_address(settings: Any) -> None:
    settings.SITE_URL = "https://example.org"
    publish()

    for message in make_each():
        text, html = text_of(message), html_of(message)
        assert "https://example.org/" in text
        assert "localhost" not in text + html
        assert 'href="/' not in html
        assert 'src="/' not in html


def test_a_post_mail_carries_links_and_pictures_in_full(settings: Any) -> None:
    settings.SITE_URL = "https://example.org"
    publish()

    message = post_mail(source="See [the other](/posts/other/).\n\n![A face](/media/face.webp)", cover=make_image())

    assert 'href="https://example.org/posts/other/"' in html_of(message)
    assert 'src="https://example.org/media/face.webp"' in html_of(message)
    assert html_of(message).count('src="https://example.org/media/') == 2
    assert "the other <https://example.org/posts/other/>" in text_of(message)


def test_a_post_mail_holds_the_post() -> None:
    publish()

    message = post_mail(
        title="Five & a half facts",
        subtitle="In short",
        source="Some *words* & more.",
        published_at=datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC),
    )

    text, html = text_of(message), html_of(message)
    for words in ("Five & a half facts", "In short", "Kim Lee · 1 March 2026", "Some *words* & more."):
        assert words in text
    for words in ("Five &amp; a half facts", "In short", "Kim Lee · 1 March 2026", "words</em> &amp; more."):
        assert words in html


@pytest.mark.parametrize("open_to_comments", [True, False])
def test_a_post_mail_asks_for_thoughts_where_they_are_welcome(open_to_comments: bool) -> None:
    publish()

    message = post_mail(allow_comments=open_to_comments)

    assert ("Share your thoughts" in text_of(message)) is open_to_comments
    assert ("Share your thoughts" in html_of(message)) is open_to_comments


@pytest.mark.parametrize("name", [title for title in TITLES if "\0" not in title])
def test_a_publications_name_begins_no_header(name: str) -> None:
    publish(name=name)

    for message in map(parse, make_each()):
        assert "Bcc" not in message
        assert message["From"].addresses[0].addr_spec == "byline@localhost"


@pytest.mark.parametrize("title", TITLES)
def test_a_subject_is_one_line(title: str) -> None:
    publish()
    post = make_post()
    issue = make_issue(post)
    issue.subject = title
    delivery = Delivery(issue=issue, pk=1, subscriber=make_subscriber(), address="reader@example.org")

    message = Letter(issue).message(reader_of(delivery))

    assert message.subject in {"One Two", "One Bcc: victim@example.org"}
    assert "Bcc" not in parse(message)


def test_a_script_in_a_post_reaches_nobody() -> None:
    publish(name="<script>alert(0)</script>")

    html = html_of(
        post_mail(
            title="<script>alert(1)</script>",
            subtitle="<script>alert(2)</script>",
            source="<script>alert(3)</script>\n\n<img src=x onerror=alert(4)> [x](javascript:alert(5))",
        )
    )

    assert "<script" not in html
    assert "onerror" not in html
    assert 'href="javascript:' not in html


def test_the_confirmation_asks_with_a_link_and_holds_nothing_that_the_asker_wrote() -> None:
    publish()
    notice = notice_of(Notice.Kind.CONFIRM, email="buy.pills@example.org", status=Subscriber.Status.PENDING)

    message = messages.confirmation(notice)

    assert message.to == ["buy.pills@example.org"]
    assert "/subscriptions/confirm/" in text_of(message)
    assert "/subscriptions/confirm/" in html_of(message)
    assert "pills" not in message.subject + text_of(message) + html_of(message)


def test_who_is_on_the_list_is_told_how_to_leave() -> None:
    publish()

    message = messages.already_subscribed(notice_of(Notice.Kind.ALREADY))

    assert "/subscriptions/unsubscribe/" in text_of(message)
    assert "/subscriptions/unsubscribe/" in html_of(message)
    assert "/subscriptions/confirm/" not in text_of(message) + html_of(message)


def test_a_second_mail_of_an_issue_costs_no_query(django_assert_num_queries: Any) -> None:
    publish()
    post = make_post(authors=[make_author()], cover=make_image())
    issue = make_issue(post)
    letter = Letter(issue)
    first, second = [Delivery(issue=issue, pk=n, subscriber=make_subscriber(), address="a@b.org") for n in (1, 2)]
    letter.message(reader_of(first))

    with django_assert_num_queries(0):
        letter.message(reader_of(second))
