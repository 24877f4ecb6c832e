"""A post as mails carry it: HTML with modest pictures, its beginning, and plain text as a person would type it."""

import re
from collections.abc import Callable
from html import unescape
from itertools import accumulate
from typing import Any

import nh3
from django.utils.translation import gettext
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from blog.address import absolute
from blog.markup import based, clean_source, post_parser, sanitise_post
from blog.models import Image
from blog.pictures import Picture

MAIL_WIDTH = 600  # pixels, of a mail's column
ANY_IMAGE = re.compile(r'<img (?:[^>"]|"[^"]*")*>')
RULE_WIDTH = 72  # characters


# --- HTML ---------------------------------------------------------------------------------------------------------


def mail_html(html: str, base: str) -> str:
    """Return a post's stored HTML for a mail: addresses under `base`, pictures no wider than a mail's column.

    Some programs take a picture's width at its word, and most fetch what they are told to: so pictures of ours say
    their size in the mail, and come in the next smaller file. The sanitiser is the last step, as ever.
    """
    return sanitise_post(ANY_IMAGE.sub(lambda found: modest(found[0]), html), base)


def modest(image: str) -> str:
    """Return the tag of a picture of ours in its smaller size; every other stays as it is."""
    found = re.search(r' src="([^"]*)"', image)
    picture = Picture.at(found[1]) if found else None
    if picture is None:
        return image
    address, width, height = in_mail(picture)
    kept = re.sub(r' (?:src|width|height)="[^"]*"', "", image).removesuffix(">")
    return f'{kept} src="{address}" width="{width}" height="{height}">'


def in_mail(picture: Picture) -> tuple[str, int, int]:
    """Return the address of a picture's file for a mail, and the width and height at which it is shown there."""
    width, height = scaled(picture.width, picture.height)
    enough = [address for address, pixels in picture.files("webp").items() if pixels >= width]
    return enough[0], width, height


def scaled(width: int, height: int) -> tuple[int, int]:
    """Return the size at which a picture of that size stands in a mail."""
    return (width, height) if width <= MAIL_WIDTH else (MAIL_WIDTH, max(1, round(height * MAIL_WIDTH / width)))


def picture_in_mail(image: Image | None) -> dict[str, Any] | None:
    """Return the full address, width, height and words of a picture of the library as a mail shows it."""
    if image is None:
        return None
    address = image.file.url
    picture = Picture.at(address)
    shown = in_mail(picture) if picture else (address, *scaled(image.width, image.height))
    return {"url": absolute(shown[0]), "width": shown[1], "height": shown[2], "alt": image.alt}


def count_blocks(source: str) -> int:
    """Return of how many blocks (paragraphs, headings, lists …) a text consists at its outermost level."""
    return len(block_ends(post_parser().parse(clean_source(source))))


def beginning(source: str, blocks: int) -> str:
    """Render only the first blocks of a text: root-relative HTML, like that of `render_post()`."""
    tokens = post_parser().parse(clean_source(source))
    end = block_ends(tokens)[blocks - 1] if blocks else 0
    return sanitise_post(post_parser().renderer.render(tokens[:end], post_parser().options, {}))


def block_ends(tokens: list[Token]) -> list[int]:
    """Return after how many tokens each block of the outermost level ends."""
    depths = accumulate(token.nesting for token in tokens)
    return [index for index, depth in enumerate(depths, start=1) if depth == 0]


# --- Plain text ---------------------------------------------------------------------------------------------------


def mail_text(source: str, base: str) -> str:
    """Return a post as plain text that reads well: no HTML, links and pictures with their addresses in < and >."""
    return Typist(base).blocks(SyntaxTreeNode(post_parser().parse(clean_source(source))).children)


class Typist:
    """Types what the parser found, with root-relative addresses under `base`."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._blocks: dict[str, Callable[[SyntaxTreeNode], str]] = {
            "heading": self.heading,
            "blockquote": lambda node: indented(self.blocks(node.children), "> "),
            "alert": lambda node: indented(self.blocks(node.children), "> "),
            "bullet_list": self.items,
            "ordered_list": self.items,
            "fence": lambda node: indented(node.content.rstrip("\n"), "    "),
            "code_block": lambda node: indented(node.content.rstrip("\n"), "    "),
            "html_block": lambda node: without_tags(node.content),
            "hr": lambda node: "* * *",
            "table": self.table,
            "inline": lambda node: self.words(node.children).strip(),
            "footnote_block": lambda node: "-" * 8 + "\n\n" + self.blocks(node.children),
            "footnote": lambda node: hanging(f"[{node.meta['id'] + 1}] ", self.blocks(node.children)),
        }
        self._words: dict[str, Callable[[SyntaxTreeNode], str]] = {
            "softbreak": lambda node: " ",
            "hardbreak": lambda node: "\n",
            "code_inline": lambda node: f"`{node.content}`",
            "em": lambda node: f"*{self.words(node.children)}*",
            "strong": lambda node: f"**{self.words(node.children)}**",
            "link": self.link,
            "image": self.image,
            "caption": lambda node: f"\n{self.words(node.children)}",
            "footnote_ref": lambda node: f"[{node.meta['id'] + 1}]",
            "footnote_anchor": lambda node: "",
            "html_inline": lambda node: typed_tag(node.content),
        }

    def blocks(self, nodes: list[SyntaxTreeNode]) -> str:
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def block(self, node: SyntaxTreeNode) -> str:
        known = self._blocks.get(node.type)
        return known(node) if known else self.blocks(node.children)

    def words(self, nodes: list[SyntaxTreeNode]) -> str:
        return "".join(self._words[node.type](node) if node.type in self._words else self.rest(node) for node in nodes)

    def rest(self, node: SyntaxTreeNode) -> str:
        return self.words(node.children) if node.children else node.content

    def heading(self, node: SyntaxTreeNode) -> str:
        title = self.blocks(node.children)
        return f"{title}\n{('=' if node.tag in {'h1', 'h2'} else '-') * min(len(title), RULE_WIDTH)}"

    def items(self, node: SyntaxTreeNode) -> str:
        first = int(node.attrs.get("start", 1))
        typed = [
            hanging(f"{number}. " if node.type == "ordered_list" else "- ", self.blocks(item.children))
            for number, item in enumerate(node.children, start=first)
        ]
        return ("\n\n" if any("\n\n" in item for item in typed) else "\n").join(typed)

    def table(self, node: SyntaxTreeNode) -> str:
        rows = [row for part in node.children for row in part.children]
        return "\n".join(" | ".join(self.blocks(cell.children) for cell in row.children) for row in rows)

    def link(self, node: SyntaxTreeNode) -> str:
        words, address = self.words(node.children), based(str(node.attrs.get("href", "")), self._base)
        if address.startswith("#") or address.removeprefix("mailto:") == words:
            return words
        return f"{words} <{address}>".strip()

    def image(self, node: SyntaxTreeNode) -> str:
        shown = ": ".join(filter(None, [gettext("Picture"), self.words(node.children) or node.content]))
        return f"[{shown}] <{based(str(node.attrs['src']), self._base)}>"


def indented(text: str, by: str) -> str:
    return "\n".join((by + line).rstrip() for line in text.split("\n"))


def hanging(mark: str, text: str) -> str:
    """Return the text behind a mark, its other lines under its first."""
    return mark + indented(text, " " * len(mark)).removeprefix(" " * len(mark))


def typed_tag(tag: str) -> str:
    """Return what stands in plain text for a single tag in a line: a box to tick, a line break, or nothing."""
    if "checkbox" in tag:
        return "[x]" if "checked" in tag else "[ ]"
    return "\n" if tag.startswith("<br") else ""


def without_tags(html: str) -> str:
    return unescape(nh3.clean(html, tags=set())).strip()
