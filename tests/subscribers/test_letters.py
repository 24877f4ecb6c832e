"""What one reader of an issue is sent, as bytes for a mail server and as Django's message for everything else."""

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.conf import settings

from blog.keys import Purpose
from blog.models import Publication
from blog.routes import as_bytes
from subscribers import return_addresses
from subscribers.letters import Letter, Reader, size_of
from tests.factories import make_author, make_image, make_issue, make_post

pytestmark = pytest.mark.django_db

KIM = Reader(delivery=8, subscriber=5, address="kim@example.org")
SOURCE = (
    "# Überschrift\n\n.\n\nFrom *here* to [there](/posts/there/).\n\n![A face](/media/face.webp)\n\n" + "long " * 400
)


def make_letter(name: str = "Blög & Söhne", **values: Any) -> Letter:
    Publication.objects.update_or_create(pk=1, defaults={"name": name, "postal_address": "1 Main Street\nHere"})
    values = {"title": "Fünf Fakten: <b> & mehr " + "ö" * 90, "source": SOURCE, "cover": make_image(), **values}
    return Letter(make_issue(make_post(authors=[make_author("Kim Lee")], **values)))


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def content_of(letter: Letter, reader: Reader = KIM) -> bytes:
    content = letter.ready(reader, takes_bytes=True).content
    assert isinstance(content, bytes)
    return content


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""


@pytest.mark.parametrize("plain_text", [False, True], ids=["both parts", "plain text"])
@pytest.mark.parametrize("inbound", ["", "list@example.org"], ids=["no way back", "a way back"])
@pytest.mark.parametrize("name", ["Byline", "Blög, “Söhne” & <b>" + "ö" * 80], ids=["plain", "foreign"])
def test_the_bytes_say_what_the_message_says(settings: Any, plain_text: bool, inbound: str, name: str) -> None:
    settings.INBOUND_ADDRESS, settings.REPLY_TO = inbound, "The Desk <desk@example.org>"
    letter, reader = make_letter(name), KIM._replace(plain_text=plain_text)

    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        filled, built = read(content_of(letter, reader)), read(as_bytes(letter.message(reader)))

    assert sorted(filled.keys()) == sorted(built.keys())
    same = [header for header in built.keys() if header != "Content-Type"]  # noqa: SIM118  a message is no mapping
    assert [(header, filled[header]) for header in same] == [(header, built[header]) for header in same]
    assert filled.get_content_type() == built.get_content_type() != "text/html"
    assert [body(filled, kind) for kind in ("plain", "html")] == [body(built, kind) for kind in ("plain", "html")]


def test_the_bytes_are_lines_that_every_server_takes() -> None:
    lines = content_of(make_letter(name="ö" * 100, title="x" * 300)).split(b"\r\n")

    assert all(line.isascii() and len(line) <= 998 and not line.startswith(b".") for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert any(line.startswith(b"List-Unsubscribe: <http") for line in lines)


def test_readers_get_their_own_and_nobody_elses() -> None:
    letter = make_letter()

    kim, lee = (content_of(letter, reader) for reader in (KIM, Reader(9, 6, "lee@example.org")))

    assert b"kim@example.org" in kim
    assert b"kim@" not in lee
    assert read(kim)["Message-ID"] != read(lee)["Message-ID"]
    assert read(kim)["List-Unsubscribe"] != read(lee)["List-Unsubscribe"]
    assert read(kim)["List-Unsubscribe"].strip("<>") in body(read(kim), "plain")
    assert f'href="{read(lee)["List-Unsubscribe"].strip("<>")}"' in body(read(lee), "html")


def test_servers_report_to_an_address_of_the_delivery(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "The Desk <desk@example.org>"
    assert make_letter().ready(KIM, takes_bytes=True).sender == "desk@example.org"

    settings.INBOUND_ADDRESS = "list@example.org"
    letter = make_letter()

    for takes_bytes in (True, False):
        ready = letter.ready(KIM, takes_bytes=takes_bytes)
        assert return_addresses.read(ready.sender) == (Purpose.BOUNCE, KIM.delivery)
    assert letter.message(KIM).from_email == ready.sender
    assert letter.message(KIM).message()["From"].endswith("<desk@example.org>")


def test_mail_programs_ask_to_leave_by_link_and_else_by_mail(settings: Any) -> None:
    settings.INBOUND_ADDRESS = "list@example.org"

    link, by_mail = read(content_of(make_letter()))["List-Unsubscribe"].split(", ")

    assert link.startswith("<http")
    address = by_mail.removeprefix("<mailto:").removesuffix(">")
    assert return_addresses.read(address) == (Purpose.LEAVE_BY_MAIL, KIM.subscriber)


def test_a_domain_of_foreign_letters_goes_out_in_ascii() -> None:
    ready = make_letter().ready(KIM._replace(address="kim@bücher.example"), takes_bytes=True)

    assert ready.recipient == "kim@xn--bcher-kva.example"
    assert isinstance(ready.content, bytes)
    assert read(ready.content)["To"] == "kim@xn--bcher-kva.example"


def test_a_second_reader_costs_no_query_and_no_rendering(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = make_letter()
    content_of(letter)
    monkeypatch.delattr("blog.mail.text_part")

    with django_assert_num_queries(0):
        content_of(letter, Reader(9, 6, "lee@example.org"))


def test_a_post_that_is_too_long_for_mail_programs_ends_between_two_blocks_with_a_link() -> None:
    letter = make_letter(source="\n\n".join(f"Paragraph {n}, {'long ' * 60}" for n in range(700)), slug="long")

    html = body(read(content_of(letter)), "html")

    assert size_of(letter.issue) < 102_000
    assert 90_000 < len(html.encode()) < 102_000
    assert "Read the rest on the site" in html
    assert f'href="{settings_url()}/posts/long/?from=mail"' in html
    last = max(int(number) for number in re.findall(r"Paragraph (\d+), ", html))
    assert f"Paragraph {last}, {'long ' * 60}".rstrip() + "</p>" in html
    assert "Paragraph 699" in body(read(content_of(letter)), "plain")


def test_a_first_block_that_is_too_long_is_left_to_the_site() -> None:
    html = body(read(content_of(make_letter(source="word " * 30_000))), "html")

    assert len(html.encode()) < 20_000
    assert "Read the rest on the site" in html


def test_most_posts_are_whole() -> None:
    html = body(read(content_of(make_letter(source="A paragraph\n\n" * 300))), "html")

    assert html.count(">A paragraph</p>") == 300
    assert "Read the rest on the site" not in html


def test_links_to_the_post_say_that_they_are_from_a_mail_and_no_more() -> None:
    content = read(content_of(make_letter(slug="facts")))

    for kind in ("plain", "html"):
        links = set(re.findall(rf"{settings_url()}/posts/facts/[^\s\"]*", body(content, kind)))
        assert links == {f"{settings_url()}/posts/facts/{end}" for end in ("?from=mail", "?from=mail#comments")}


def test_a_cover_says_its_size_and_what_is_on_it() -> None:
    html = body(read(content_of(make_letter(cover=make_image(alt='A "face"')))), "html")

    (image,) = re.findall('<img [^>]*class="mail-cover"[^>]*>', html)
    assert all(said in image for said in (' src="http', ' width="8"', ' height="5"', ' alt="A &quot;face&quot;"'))


def test_programs_that_know_darkness_get_its_rules_and_the_others_get_styles_in_the_tags() -> None:
    html = body(read(content_of(make_letter())), "html")

    head, _, rest = html.partition("</head>")
    assert "@media (prefers-color-scheme: dark)" in head
    assert '<meta name="color-scheme" content="light dark">' in head
    assert "@media" not in rest
    assert 'class="mail-foot" style="' in rest


def settings_url() -> str:
    return str(settings.SITE_URL)
