"""Rich text from the clipboard, as Markdown."""

import re

import nh3
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from markdownify import MarkdownConverter

from blog import pictures
from blog.markup import SCHEMES, web_address

MOST_TAGS = 20_000  # a long article has some thousands; the sanitiser's time grows with their square

TEXT_TAGS = {
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "del",
    "strike",
    "code",
    "kbd",
    "samp",
    "sub",
    "sup",
    "span",
    "br",
    "img",
}
BLOCK_TAGS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"}
TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
STYLED_TAGS = ("span", "b", "strong", "i", "em")  # Google Docs says by style what is bold, and what in a <b> is not

BOLD_ALREADY = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "b", "strong"}


class UnreadablePasteError(ValueError):
    """What was pasted cannot become Markdown."""


def to_markdown(html: str) -> str:
    """Return Markdown for a piece of HTML.

    What is no text is left out first. Pictures of ours stay pictures; those from elsewhere become links, for a reader's
    browser asks no other host for anything. Raises UnreadablePasteError if it is too much, or nested too deep.
    """
    if html.count("<") > 2 * MOST_TAGS:
        raise UnreadablePasteError
    cleaned = nh3.clean(
        html,
        tags=TEXT_TAGS | BLOCK_TAGS | TABLE_TAGS,
        clean_content_tags={"script", "style", "title", "noscript", "template", "svg", "math", "textarea", "select"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}} | {tag: {"style"} for tag in STYLED_TAGS},
        attribute_filter=lambda tag, name, value: plain_address(value) if name in {"href", "src"} else value,
        filter_style_properties={"font-weight", "font-style"},
        url_schemes=SCHEMES,
        link_rel=None,
    )
    soup = BeautifulSoup(cleaned, "html.parser")
    for tag in soup.find_all(["b", "strong"], style=re.compile(r"font-weight:\s*(normal|[1-5]00)")):
        tag.unwrap()
    try:
        text = PasteConverter(heading_style="ATX", bullets="-").convert_soup(soup)
    except RecursionError as error:
        raise UnreadablePasteError from error
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def plain_address(address: str) -> str:
    """Return an address as it can stand in Markdown: one of this site from its root, and nothing that would end it."""
    address = address.strip().removeprefix(settings.SITE_URL)
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


class PasteConverter(MarkdownConverter):
    """markdownify, for what word processors and web pages put on the clipboard."""

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & BOLD_ALREADY else marked("**", text)

    convert_strong = convert_b

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        style = str(el.get("style", ""))
        if re.search(r"font-style:\s*italic", style):
            text = marked("*", text)
        return self.convert_b(el, text, parent_tags) if re.search(r"font-weight:\s*(bold|[6-9]00)", style) else text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address, alt = str(el.get("src", "")), str(el.get("alt", ""))
        if pictures.Picture.at(address):
            return pictures.markdown(address, alt)
        words = str(self.escape(alt, parent_tags))
        if not web_address(address) or el.find_parent("a"):
            return words
        return f"[{words or address}]({address})"

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Keep what looks like a mark a letter, and leave everything else legible."""
        text = re.sub(r"([\\`*\[<]|(?<!\w)_|_(?!\w))", r"\\\1", text)
        return re.sub(r"^(\d*)([#>+-]|(?<=\d)[.)])(?=\s)", r"\1\\\2", text)


def marked(mark: str, text: str) -> str:
    """Put marks around the words, not around the space at their ends, where they would not count as marks."""
    words = text.strip()
    return text.replace(words, f"{mark}{words}{mark}", 1) if words else text
