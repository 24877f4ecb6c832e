"""The picture that social media show for a post: title, authors and the publication's name, on paper.

Pure drawing: the same words and cover give the same bytes. Raise DRAWING_VERSION when that stops being true, and the
worker draws every post's picture anew.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL.ImageFont import FreeTypeFont

from blog.markup import clean_source

DRAWING_VERSION = 1
WIDTH, HEIGHT = 1200, 630  # pixels: the shape that cards are cut to
LARGEST_FILE = 100_000  # bytes
QUALITIES = (90, 82, 72, 60, 45, 30)

# docs/decisions/0012-social-images-are-drawn-with-a-shipped-font.md
FONT = Path(__file__).parent / "fonts" / "SourceSerif4Display-Semibold.ttf.woff"
NO_CHARACTER = "\U0010fffe"  # a code point that no font has a glyph for

PAPER, INK, INK_SOFT, ACCENT, LINE = "#fdf9f3", "#2a2120", "#6d5d59", "#8f2740", "#e2d5c6"
MARGIN = 72
COVER_WIDTH = 420
TITLE_SIZES = range(112, 39, -4)
SMALL_SIZE = 34
LEADING = 1.12  # line height, in font sizes
TITLE_BOX = (150, 470)  # from where to where, in pixels below the top edge


@dataclass(frozen=True)
class Card:
    """What is drawn. `focus` is where in the cover the eye should rest, as fractions of its width and height."""

    title: str
    authors: str
    site: str
    focus: tuple[float, float] = (0.5, 0.5)

    def words(self) -> "Card":
        return Card(one_line(self.title), one_line(self.authors), one_line(self.site), self.focus)


def draw(card: Card, cover: Image.Image | None = None) -> bytes | None:
    """Return the card as a JPEG file of at most 100 kB; None if the font lacks a character of its words."""
    card = card.words()
    if not can_write(card.title + card.authors + card.site):
        return None
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    room = WIDTH - 2 * MARGIN
    if cover is not None:
        crop = ImageOps.fit(cover.convert("RGB"), (COVER_WIDTH, HEIGHT), centering=card.focus)
        canvas.paste(crop, (WIDTH - COVER_WIDTH, 0))
        room -= COVER_WIDTH
    write(canvas, card, room)
    return encode(canvas)


def write(canvas: Image.Image, card: Card, room: int) -> None:
    pen = ImageDraw.Draw(canvas)
    small = font(SMALL_SIZE)
    pen.rectangle([0, 0, 12, HEIGHT], fill=ACCENT)
    pen.text((MARGIN, 96), shortened(card.site, small, room), font=small, fill=ACCENT, anchor="ls")
    size, lines = set_title(card.title, room)
    top, bottom = TITLE_BOX
    y = (top + bottom - len(lines) * size * LEADING) / 2
    for number, line in enumerate(lines):
        pen.text((MARGIN, y + size * (0.9 + number * LEADING)), line, font=font(size), fill=INK, anchor="ls")
    if card.authors:
        pen.line([(MARGIN, 506), (MARGIN + room, 506)], fill=LINE, width=2)
        pen.text((MARGIN, 562), shortened(card.authors, small, room), font=small, fill=INK_SOFT, anchor="ls")


def encode(canvas: Image.Image) -> bytes:
    """Return a JPEG file that is as good as its size allows; letters keep their full colour resolution."""
    written = b""
    for quality in QUALITIES:
        file = BytesIO()
        canvas.save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
        written = file.getvalue()
        if len(written) <= LARGEST_FILE:
            break
    return written


# --- Setting type -------------------------------------------------------------------------------------------------


@cache
def font(size: int) -> FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_source(text)).split())


def can_write(text: str) -> bool:
    """Say whether the font has every character: a box in place of a letter is worse than no picture."""
    missing = bytes(font(SMALL_SIZE).getmask(NO_CHARACTER))
    return all(bytes(font(SMALL_SIZE).getmask(character)) != missing for character in set(text))


def set_title(title: str, room: int) -> tuple[int, list[str]]:
    """Return the largest size at which the title fits its box, and its lines, about equally long."""
    height = TITLE_BOX[1] - TITLE_BOX[0]
    for size in TITLE_SIZES:
        lines = broken(title, size, room)
        fits = all(font(size).getlength(line) <= room for line in lines)
        if fits and len(lines) * size * LEADING <= height:
            return size, balanced(title, size, room)
    size = TITLE_SIZES[-1]
    most = int(height / (size * LEADING))
    lines = [shortened(line, font(size), room) for line in broken(title, size, room)]
    return size, lines if len(lines) <= most else [
        *lines[: most - 1],
        shortened(f"{lines[most - 1]} …", font(size), room),
    ]


def broken(text: str, size: int, room: float) -> list[str]:
    """Break a text between words, each line as full as it gets; a word that is too long has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(size).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, size: int, room: int) -> list[str]:
    """Break a text into no more lines than it needs, in the narrowest room that holds them."""
    needed = broken(text, size, room)
    narrow, wide = 0, room
    while narrow < wide:
        middle = (narrow + wide) // 2
        lines = broken(text, size, middle)
        if len(lines) <= len(needed) and all(font(size).getlength(line) <= middle for line in lines):
            wide = middle
        else:
            narrow = middle + 1
    return broken(text, size, wide)


def shortened(text: str, face: FreeTypeFont, room: float) -> str:
    """Return as much of a line as there is room for."""
    if face.getlength(text) <= room:
        return text
    while text and face.getlength(f"{text}…") > room:
        text = text[:-1]
    return text.rstrip(" ,;:.–—-") + "…"
