"""Mails filled in as bytes say what Django's message says, and keep to what wires allow."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.letter_form import MARKS, Slot, folded, letter_form, quoted

LEAVE = "https://a.example/leave/" + "x=y&z~" * 20
MANAGE = ".https://a.example/<me>?a='b'"
VALUES = {Slot.TO: "kim@example.org", Slot.LEAVE: LEAVE, Slot.MANAGE: MANAGE}
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), st.sampled_from(".=\t \nF\u2028é")),
    max_size=300,
)


def filled(text: str, html: str | None = None) -> bytes:
    return letter_form([("To", [Slot.TO]), ("Subject", ["Hello"])], text, html).filled(VALUES)


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")  # type: ignore[no-any-return]


def lines_of(content: bytes) -> list[bytes]:
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    return content.split(b"\r\n")


@settings(deadline=None)  # a busy machine is no failure
@given(before=TEXTS, between=TEXTS, after=TEXTS)
def test_what_is_read_is_what_was_written(before: str, between: str, after: str) -> None:
    text = f"{before}{MARKS[Slot.LEAVE]}{between}{MARKS[Slot.MANAGE]}{after}"

    content = filled(text, f"<p>{text}</p>")

    message = read(content)
    assert body(message, "plain") == f"{before}{LEAVE}{between}{MANAGE}{after}".removesuffix("\n") + "\n"
    shown = LEAVE.replace("&", "&amp;"), ".https://a.example/&lt;me&gt;?a=&#x27;b&#x27;"
    assert body(message, "html") == f"<p>{before}{shown[0]}{between}{shown[1]}{after}</p>\n"
    assert content.isascii()
    assert all(len(line) <= 76 and not line.startswith((b".", b"From ")) for line in lines_of(content))


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", b""),
        (".", b"=2E"),
        ("a\n.\nb", b"a\r\n=2E\r\nb"),
        ("a\r\nb\rc", b"a\r\nb\r\nc"),
        ("From here", b"=46rom here"),
        ("a ", b"a=20"),
        ("a=b", b"a=3Db"),
        ("é\x00", b"=C3=A9=00"),
        ("x" * 74 + ".y", b"x" * 74 + b".y"[:1] + b"=\r\ny"),
        ("x" * 75 + ".y", b"x" * 75 + b"=\r\n=2Ey"),
        ("x" * 74 + "é", b"x" * 74 + b"=\r\n=C3=A9"),
        ("x" * 73 + "é", b"x" * 73 + b"=\r\n=C3=A9"),
        ("x" * 72 + "é", b"x" * 72 + b"=C3=\r\n=A9"),
    ],
)
def test_how_text_is_quoted(text: str, encoded: bytes) -> None:
    assert quoted(text) == encoded


def test_a_mail_without_html_is_plain_text_alone() -> None:
    message = read(filled("Hello"))

    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Hello\r\n"


@pytest.mark.parametrize("evil", ["a@b.org\r\nBcc: c@d.org", "a@b.org\n", "ä@b.org", "a\0@b.org", "a\x7f@b.org"])
def test_a_value_that_is_more_than_a_piece_of_a_header_is_refused(evil: str) -> None:
    form = letter_form([("To", [Slot.TO])], "Hello", None)

    with pytest.raises(ValueError, match="No header can hold this"):
        form.filled({Slot.TO: evil})


@pytest.mark.parametrize(
    "subject", ["Short", "word " * 60 + "end", "Wörter " * 40 + "Ende", "東" * 100, "x" * 900, '"a" <b@c.org>, d; e']
)
def test_a_long_header_is_folded_and_reads_as_before(subject: str) -> None:
    value = folded("Subject", subject)

    assert read(f"Subject: {value}\r\n\r\n".encode())["Subject"] == subject
    assert value.split("\r\n")[0].strip()
    assert all(len(line) <= 78 for line in f"Subject: {value}".split("\r\n") if "x" * 900 not in line)


def test_a_word_that_no_line_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 998 octets"):
        folded("Subject", "x" * 1000)
