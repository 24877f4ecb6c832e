"""A mail as bytes with gaps: written once for all readers of an issue, filled in for each (docs/decisions/0024).

What all readers share is encoded once. A gap holds what is one reader's own; its value is encoded by itself and joined
with soft line breaks (RFC 2045 section 6.7), so that no encoding reaches across its edges. Pure functions: nothing here
knows of a database, a template or a setting.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from email.header import Header
from enum import StrEnum
from html import escape

LINE = 76  # octets of an encoded line, its soft break with it (RFC 2045 section 6.7, rule 5)
HEADER_LINE = 78  # octets that a header line should keep to (RFC 5322 section 2.1.1)
LONGEST_LINE = 998  # octets that it has to
SOFT_BREAK = b"=\r\n"

LINE_END = re.compile(r"\r\n|\r|\n")
NOT_SAFE = re.compile(rb"[^\t\x20-\x3c\x3e-\x7e]")
SAFE_LINE = re.compile(rb"[!-\-/-<>-~][!-<>-~]{0,74}")  # needs no encoding, begins with no dot, fits in one line


class Slot(StrEnum):
    """What differs from reader to reader."""

    TO = "to"
    MESSAGE_ID = "message_id"
    DATE = "date"
    LEAVE = "leave_url"
    LEAVE_BY_MAIL = "leave_by_mail"
    MANAGE = "manage_url"


# What stands in a template's place for a slot until it is filled in: letters and digits, so that no escaping and no
# style sheet touches it; new in every process, so that nobody's text can hold one.
MARKS = {slot: f"slot{secrets.token_hex(16)}" for slot in (Slot.LEAVE, Slot.MANAGE)}
SLOT_AT = {mark: slot for slot, mark in MARKS.items()}
ANY_MARK = re.compile("|".join(MARKS.values()))

# How a reader's value is written in the headers, in the text and in the HTML of a mail.
Place = tuple[str, Slot]
Piece = bytes | Place


class Form:
    """The mail, in pieces: bytes that all readers share, and places for their own."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = [piece if isinstance(piece, bytes) else b"" for piece in pieces]
        self._places = [(index, *piece) for index, piece in enumerate(pieces) if not isinstance(piece, bytes)]

    def filled(self, values: Mapping[Slot, str]) -> bytes:
        """Return the mail to one reader, every line ended by CR and LF and none longer than 998 octets.

        Raises ValueError for a value that would end a header: it has a control character, or is not ASCII.
        """
        pieces = self._pieces.copy()
        for index, kind, slot in self._places:
            pieces[index] = WRITERS[kind](values[slot])
        return b"".join(pieces)


def letter_form(headers: Sequence[tuple[str, Sequence[str | Slot]]], text: str, html: str | None) -> Form:
    """Make the form of a mail: its headers, as names and parts of their values, and its rendered parts with MARKS.

    Without HTML the mail is plain text alone, else `multipart/alternative` with the text first.
    """
    pieces: list[Piece] = []
    for name, parts in headers:
        pieces += [f"{name}: ".encode(), *map(header_piece, parts), b"\r\n"]
    pieces.append(b"MIME-Version: 1.0\r\n")
    if html is None:
        return Form(joined([*pieces, part_header("plain"), *body_pieces(text, "text")]))
    boundary = f"=_{secrets.token_hex(16)}".encode()  # "=_" cannot come up in what is quoted-printable
    pieces.append(b'Content-Type: multipart/alternative;\r\n boundary="' + boundary + b'"\r\n\r\n')
    for kind, body in (("plain", body_pieces(text, "text")), ("html", body_pieces(html, "html"))):
        pieces += [b"--" + boundary + b"\r\n", part_header(kind), *body, b"\r\n"]
    return Form(joined([*pieces, b"--" + boundary + b"--\r\n"]))


def part_header(kind: str) -> bytes:
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    ).encode()


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with neighbouring bytes as one."""
    together: list[Piece] = []
    for piece in pieces:
        if together and isinstance(piece, bytes) and isinstance(last := together[-1], bytes):
            together[-1] = last + piece
        else:
            together.append(piece)
    return together


# --- Headers ------------------------------------------------------------------------------------------------------


def header_piece(part: str | Slot) -> Piece:
    return ("header", part) if isinstance(part, Slot) else part.encode("ascii")


def header_value(value: str) -> bytes:
    """Return a reader's value as a header has it. Raises ValueError where it would be more than a piece of one."""
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"No header can hold this: {value!r}")
    return value.encode()


def folded(name: str, value: str) -> str:
    """Return the value of a header in lines of at most 78 octets where it has spaces to break them at (RFC 5322).

    What is not ASCII is encoded (RFC 2047); what is, stays as it is, encoded words in it too. Raises ValueError where
    a line would be longer than 998 octets.
    """
    charset = None if value.isascii() else "utf-8"
    lines = Header(value, charset, maxlinelen=HEADER_LINE - 1, header_name=name).encode(linesep="\n").split("\n")
    if len(lines) > 1 and not lines[0].strip():  # nothing is folded right after its name: some programs lose it
        lines = [lines[1].lstrip(), *lines[2:]]
    if any(len(line) + len(name) + 2 > LONGEST_LINE for line in lines):
        raise ValueError(f"{name} has a word of more than {LONGEST_LINE} octets.")
    return "\r\n".join(lines)


# --- Bodies -------------------------------------------------------------------------------------------------------


def body_pieces(body: str, kind: str) -> list[Piece]:
    """Return a rendered part, quoted-printable between its slots."""
    pieces: list[Piece] = []
    at = 0
    for found in ANY_MARK.finditer(body):
        pieces += [quoted(body[at : found.start()], more=True), (kind, SLOT_AT[found[0]]), SOFT_BREAK]
        at = found.end()
    return [*pieces, quoted(body[at:].removesuffix("\n") + "\n")]


def text_value(value: str) -> bytes:
    """Return a reader's value in a line, or lines, of its own."""
    line = value.encode()
    return line if SAFE_LINE.fullmatch(line) else b"\r\n".join(quoted_lines(line))


def html_value(value: str) -> bytes:
    return text_value(escape(value))


WRITERS = {"header": header_value, "text": text_value, "html": html_value}


def quoted(text: str, *, more: bool = False) -> bytes:
    """Return the text quoted-printable (RFC 2045 section 6.7), no line beginning with a dot.

    With `more` it ends in a soft break, and whatever is put behind it goes on in the same line of the text.
    """
    lines = [b"\r\n".join(quoted_lines(line.encode())) for line in LINE_END.split(text)]
    whole = b"\r\n".join(lines)
    if not more:
        return whole
    return whole + SOFT_BREAK if lines[-1] else whole


def quoted_lines(line: bytes) -> list[bytes]:
    """Return the encoded lines for one line of text, each but the last with its soft break."""
    rest = NOT_SAFE.sub(lambda found: b"=%02X" % found[0][0], line)
    if rest.endswith((b" ", b"\t")):  # a server may strip it (rule 3)
        rest = rest[:-1] + b"=%02X" % rest[-1]
    lines = []
    while len(rest := without_pitfall(rest)) > LINE - 1:  # one octet is kept for a soft break, here or by the caller
        cut = LINE - 1
        if b"=" in rest[cut - 2 : cut]:  # nothing is cut inside an escape
            cut = rest.index(b"=", cut - 2)
        lines.append(rest[:cut] + b"=")
        rest = rest[cut:]
    return [*lines, rest]


def without_pitfall(line: bytes) -> bytes:
    """Encode what a mail server would take for its own at the beginning of a line: a dot (RFC 5321 section 4.5.2), and
    the word by which mailbox files tell one mail from the next."""
    if line.startswith(b"."):
        return b"=2E" + line[1:]
    return b"=46" + line[1:] if line.startswith(b"From ") else line
