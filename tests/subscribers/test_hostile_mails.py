"""Words of others in mails to the list: no header begins with them, no server and no mail program is led astray.

Threats T11, T12, T13 and T31. tests/blog/test_mail.py does the same for single mails.
"""

import email
import email.policy
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from blog.models import Publication
from blog.routes import as_bytes, stuffed
from subscribers.letters import Letter, Reader
from tests.factories import make_author, make_issue, make_post, make_subscriber, make_tag

pytestmark = pytest.mark.django_db

KIM = Reader(delivery=8, subscriber=5, address="kim@example.org")
HEADERS = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "Feedback-ID",
    "From",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "Precedence",
    "Subject",
    "To",
]

EVIL = {
    "crlf": "a\r\nBcc: evil@evil.example",
    "lf": "a\nBcc: evil@evil.example",
    "cr": "a\rBcc: evil@evil.example",
    "two line breaks": "a\r\n\r\n<script>alert(1)</script>",
    "folded": "a\r\n\tBcc: evil@evil.example",
    "line separator": "a\u2028Bcc: evil@evil.example",
    "next line": "a\x85Bcc: evil@evil.example",
    "vertical tab and form feed": "a\x0bBcc: x\x0cBcc: y",
    "encoded": "=?utf-8?q?a=0D=0ABcc:_evil@evil.example?=",
    "not ASCII": "ä\r\nBcc: evil@evil.example",
    "address": '"a" <evil@evil.example>, "b',
    "list identifier": "a <posts.evil.example>",
    "markup": "<a href=//evil.example>a</a><img src=x onerror=alert(1)>",
    "long": "ö" * 40 + " " + "x" * 40,
    "right to left": "a\u202egro.live",
}


def letter_with(field: str, evil: str) -> Letter:
    values = {field: evil}
    Publication.objects.update_or_create(pk=1, defaults={"name": values.get("name", "Byline")[:100]})
    post = make_post(
        authors=[make_author(values.get("author", "Kim Lee")[:100])],
        tags=[make_tag(values.get("tag", "skin")[:50])],
        title=values.get("title", "Five facts")[:300],
        subtitle=values.get("subtitle", ""),
    )
    return Letter(make_issue(post, subject=values.get("title", "Five facts")[:300]))


def both_ways(letter: Letter) -> list[EmailMessage]:
    """Read the mail that a mail server gets, and the one that every other backend gets."""
    filled = letter.ready(KIM, takes_bytes=True).content
    assert isinstance(filled, bytes)
    contents = [filled, as_bytes(letter.message(KIM))]
    assert not [content for content in contents if re.search(rb"(?<!\r)\n|\r(?!\n)", content)]
    return [email.message_from_bytes(content, policy=email.policy.compat32) for content in contents]  # type: ignore[misc]


@pytest.mark.parametrize("field", ["name", "title", "author", "tag", "subtitle"])
@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_no_field_begins_a_header_or_changes_who_it_is_from(field: str, evil: str) -> None:
    for message in both_ways(letter_with(field, evil)):
        assert sorted(message.keys()) == HEADERS
        assert message["To"] == "kim@example.org"
        assert [address for _name, address in getaddresses([message["From"]])] == ["byline@localhost"]
        assert message["List-Id"].endswith(" <posts.localhost>")
        assert message.is_multipart()


@pytest.mark.parametrize("field", ["name", "title", "author", "subtitle"])
def test_no_field_brings_tags_into_a_mail(field: str) -> None:
    for message in both_ways(letter_with(field, EVIL["markup"])):
        html = message.get_payload(1).get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert "//evil.example" not in re.sub("&lt;.*?&gt;", "", html)
        assert "<img" not in html


@pytest.mark.parametrize(
    "address",
    ["kim@example.org\r\nBcc: evil@evil.example", "kim\n@example.org", "kïm@example.org", '"\x07"@example.org'],
)
@pytest.mark.parametrize("takes_bytes", [True, False])
def test_an_address_that_is_none_stops_its_own_mail_and_no_other(address: str, takes_bytes: bool) -> None:
    letter = letter_with("title", "Five facts")

    with pytest.raises(ValueError, match="few mail servers"):
        letter.ready(KIM._replace(address=address), takes_bytes=takes_bytes)
    letter.ready(KIM, takes_bytes=takes_bytes)


SMUGGLED = [".", ".\n.", "a\n.\nMAIL FROM:<evil@evil.example>", "..", "a\r\n.\r\nQUIT", "From evil\n", "x" * 5000]


@pytest.mark.parametrize("words", SMUGGLED, ids=range(len(SMUGGLED)))
def test_no_text_ends_the_mail_before_its_end(words: str) -> None:
    """Lone dots and whole lines that look like a server's commands (RFC 5321 section 4.1.1.4)."""
    Publication.objects.update_or_create(pk=1, defaults={"name": "Bïlin"})
    letter = Letter(make_issue(make_post(source=f"```\n{words}\n```\n\n{words}", subtitle=words[:300])))

    content = letter.ready(KIM, takes_bytes=True).content
    assert isinstance(content, bytes)

    assert all(len(line) <= 998 and not line.startswith(b".") for line in content.split(b"\r\n"))
    assert stuffed(content) == content + b".\r\n"
    text = email.message_from_bytes(content).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert words.replace("\r\n", "\n").strip() in re.sub("^ {4}", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["Blög", "東京の話", "Ж" * 100, "a" * 100, "👩‍🔬 & Co."])
def test_a_name_of_any_letters_keeps_its_shape(name: str) -> None:
    for message in both_ways(letter_with("name", name)):
        written, _space, _address = message["From"].rpartition(" ")
        assert str(make_header(decode_header(written))).strip().strip('"') == name
        assert message["List-Id"].endswith(" <posts.localhost>")


def test_a_host_that_lies_about_its_name_reaches_no_mail(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    settings.ALLOWED_HOSTS = ["byline.example"]
    hosts = {"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_HOST": "byline.example"}

    for host in hosts:
        client.post("/subscribe/", {"email": "kim@example.org"}, **host)  # type: ignore[arg-type]
    make_subscriber("lee@example.org")

    for message in both_ways(letter_with("title", "Five facts")):
        for part in message.walk():
            assert b"evil.example" not in (part.get_payload(decode=True) or b"")
        assert message["List-Unsubscribe"].startswith("<https://byline.example/")


def test_no_module_that_mails_knows_of_requests() -> None:
    """T13: what makes a mail cannot ask a request for the site's name."""
    root = Path(settings.BASE_DIR)
    modules = ["blog/mail.py", "blog/routes.py", "subscribers/letters.py", "subscribers/letter_form.py"]
    modules += ["subscribers/messages.py", "comments/messages.py"]

    assert [path for path in modules if re.search(r"request\b", (root / path).read_text())] == []
