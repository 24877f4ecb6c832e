"""From Markdown to HTML that is safe to show: one function for posts, one for comments.

Markdown is rendered by markdown-it-py and sanitised by nh3, in this order, and nothing edits the HTML afterwards
(mails inline their style sheet: the one exception, see blog/mail.py). Both functions are pure: same source, same
HTML. Raise RENDERER_VERSION whenever a change here makes different HTML from the same source; `manage.py render`
then renews what is stored.
"""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from blog import pictures
from blog.markup_pictures import make_figures, show_description, show_picture

RENDERER_VERSION = 6
POST_LIMIT = 200_000  # characters
COMMENT_LIMIT = 5_000  # characters
OPENING_LENGTH = 300  # characters

# Identifiers come from what people write; the prefix keeps them apart from the page's own ("comments", "subscribe").
HEADING_PREFIX = "s-"

INLINE_TAGS = {"a", "br", "code", "del", "em", "strong"}
BLOCK_TAGS = {"blockquote", "li", "ol", "p", "pre", "ul"}

COMMENT_TAGS = INLINE_TAGS | BLOCK_TAGS
COMMENT_ATTRIBUTES = {"*": set[str](), "a": {"href", "title"}, "ol": {"start"}}  # without "*", nh3 adds its own

PICTURE_TAGS = {"picture", "source"}

POST_TAGS = (
    COMMENT_TAGS
    | {f"h{level}" for level in range(1, 7)}
    | {
        "abbr",
        "cite",
        "dd",
        "dfn",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "hr",
        "img",
        "input",
        "ins",
        "kbd",
        "mark",
        *PICTURE_TAGS,
    }
    | {"q", "s", "samp", "section", "small", "span", "sub", "sup", "time", "var"}
    | {
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "caption",
        "details",
        "summary",
        "div",
        "i",
        "b",
        "u",
    }
)
POST_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "aria-label", "role"},
    "div": {"aria-label", "role", "tabindex"},
    "pre": {"aria-label", "role", "tabindex"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "source": {"type", "srcset", "sizes"},
    "input": {"type", "checked", "disabled", "aria-label"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "details": {"open"},
}
# Attributes whose every other value is dropped.
ONLY_VALUES = {
    ("div", "role"): "group",
    ("div", "tabindex"): "0",
    ("pre", "role"): "group",
    ("pre", "tabindex"): "0",
    ("input", "type"): "checkbox",
}
# What an author's raw HTML may not pretend to be: only classes that this module's own rules produce are kept.
POST_CLASS = re.compile(
    r"hl(-\w+)?|language-[\w+#.-]+|align-(left|right|center)|footnotes?(-\w+)?|task-list-item(-checkbox)?|contains-task-list|"
    r"table-box|markdown-alert(-\w+)?"
)
POST_ID = re.compile(rf"{HEADING_PREFIX}[\w-]+|fn(ref)?\d+(:\d+)?")
SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True)
class Rendered:
    """A post's HTML, and what else can be said of its text: how it opens, its outline, its words."""

    html: str
    opening: str
    headings: list[list[int | str]]  # [level, id, words] of each second- and third-level heading
    plain_text: str
    word_count: int


def render_post(source: str) -> Rendered:
    """Render what an author wrote.

    The HTML is root-relative: an address such as `/media/x.webp` stays as it is. Raises nothing, whatever the source.
    """
    tokens = post_parser().parse(clean_source(source))
    html = post_parser().renderer.render(tokens, post_parser().options, {})
    texts = [plain_text(token) for token in tokens if token.type == "inline"]
    return Rendered(
        html=sanitise_post(html),
        opening=shorten(first_paragraph(tokens), OPENING_LENGTH),
        headings=outline(tokens),
        plain_text="\n".join(texts),
        word_count=sum(len(text.split()) for text in texts),
    )


def render_comment(source: str) -> str:
    """Render what a reader wrote: emphasis, links, quotes, lists and code; no HTML, headings or pictures."""
    return sanitise_comment(comment_parser().render(clean_source(source)))


def absolute_html(html: str, base: str) -> str:
    """Return a post's stored HTML with its root-relative addresses under `base`, an origin, for feeds and mails.

    This is the sanitiser once more, not an edit after it; thirty times cheaper than rendering the source again.
    """
    return sanitise_post(html, base)


def absolute_comment_html(html: str, base: str) -> str:
    """`absolute_html()` for a comment's stored HTML: its few tags, with root-relative links under `base`."""
    return sanitise_comment(html, base)


def absolute_links(source: str, base: str) -> str:
    """Return Markdown with the root-relative targets of its links and pictures under `base`, for a mail's text part."""
    return re.sub(r"(\]\(|\]: )/(?!/)", rf"\g<1>{base}/", source)


def clean_source(source: str) -> str:
    """Drop what no text needs and XML 1.0 forbids: control characters other than tab and line breaks."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", source)


# --- Sanitising: the last step ------------------------------------------------------------------------------------


def sanitise_post(html: str, base: str = "") -> str:
    def keep(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return " ".join(word for word in value.split() if POST_CLASS.fullmatch(word)) or None
        if name == "id":
            return value if POST_ID.fullmatch(value) else None
        if (tag, name) in ONLY_VALUES:
            return value if value == ONLY_VALUES[tag, name] else None
        if name in {"href", "src"} and based(value, base) != value:
            return based(value, base)
        if base and name in {"loading", "decoding"}:
            return None
        return value if pictures.is_ours(tag, name, value) else None

    return nh3.clean(
        html,
        tags=POST_TAGS - PICTURE_TAGS if base else POST_TAGS,  # feed readers and mail programs know plain pictures
        attributes=POST_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=SCHEMES,
        link_rel="noopener",
        set_tag_attribute_values={"input": {"disabled": ""}},
    )


def sanitise_comment(html: str, base: str = "") -> str:
    """Keep the few tags of a comment; links say that nobody here vouches for them."""

    def keep(tag: str, name: str, value: str) -> str:
        return based(value, base) if name == "href" else value

    return nh3.clean(
        html,
        tags=COMMENT_TAGS,
        attributes=COMMENT_ATTRIBUTES,
        attribute_filter=keep if base else None,
        url_schemes=SCHEMES,
        link_rel="nofollow ugc noopener",
    )


def based(address: str, base: str) -> str:
    """Return a root-relative address under `base`; every other, and without a base each, stays as it is."""
    return base + address if address.startswith("/") and not address.startswith("//") else address


def web_address(url: str) -> str:
    """Return `url` if it is a plain http(s) address, else an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""


# --- Parsing ------------------------------------------------------------------------------------------------------


def commonmark() -> MarkdownIt:
    """Return the core that posts and comments build on: CommonMark 0.31, to the letter."""
    return MarkdownIt("commonmark")


@cache
def post_parser() -> MarkdownIt:
    parser = commonmark()
    parser.options.update(linkify=True, typographer=True, alerts=True, highlight=highlight_code)
    parser.enable(["table", "strikethrough", "linkify", "replacements", "smartquotes"])
    parser.use(footnote_plugin).use(tasklists_plugin)
    parser.use(anchors_plugin, max_level=4, slug_func=heading_id)
    parser.core.ruler.push("figures", make_figures)
    parser.add_render_rule("image", show_picture)
    parser.core.ruler.push("callout_titles", translate_callout_titles)
    parser.core.ruler.push("table_alignment", align_by_class)
    parser.core.ruler.push("task_names", name_tasks)
    parser.add_render_rule("fence", show_code)
    parser.add_render_rule("code_block", show_code)
    parser.add_render_rule("table_open", open_table)
    parser.add_render_rule("table_close", close_table)
    set_schemes(parser)
    return parser


@cache
def comment_parser() -> MarkdownIt:
    parser = commonmark()
    parser.options.update(html=False, linkify=True, breaks=True)
    parser.enable(["linkify", "strikethrough"])
    parser.disable(["heading", "lheading", "html_block", "html_inline", "hr", "reference"])
    parser.add_render_rule("image", show_description)
    set_schemes(parser)
    # A link to a refused scheme is parsed as a link, so that the sanitiser leaves its words and drops its address.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # the library's own way
    return parser


def set_schemes(parser: MarkdownIt) -> None:
    # Only what starts with http:// or https:// becomes a link by itself: "e.g.it" is no address.
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
        parser.linkify.add("//", None)  # "//" begins a remark as often as an address


def heading_id(title: str) -> str:
    return HEADING_PREFIX + (slugify(title, allow_unicode=True) or "section")


def highlight_code(code: str, language: str, _attributes: str) -> str:
    """Colour a fenced block by class names; an unknown language stays plain."""
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return ""
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="hl-")))


def align_by_class(state: StateCore) -> None:
    """Say a column's alignment by class: the page's Content-Security-Policy allows no style attributes."""
    for token in state.tokens:
        if token.type in {"th_open", "td_open"}:
            style = str(token.attrs.pop("style", ""))
            if style.startswith("text-align:"):
                token.attrJoin("class", f"align-{style.removeprefix('text-align:')}")


def open_table(_renderer: RendererHTML, _tokens: list[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
    """Put a table into a box of its own, which scrolls sideways, by keyboard too (WCAG 2.2, 2.1.1)."""
    return f'<div class="table-box" role="group" tabindex="0" aria-label="{gettext("Table")}">\n<table>\n'


def close_table(
    _renderer: RendererHTML, _tokens: list[Token], _index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</table>\n</div>\n"


def show_code(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Let a block of code, too, be scrolled sideways by keyboard (WCAG 2.2, 2.1.1)."""
    show = RendererHTML.fence if tokens[index].type == "fence" else RendererHTML.code_block
    return show(renderer, tokens, index, options, env).replace(
        "<pre>", f'<pre role="group" tabindex="0" aria-label="{gettext("Code")}">', 1
    )


def name_tasks(state: StateCore) -> None:
    """Name the boxes of a list of tasks (WCAG 2.2, 4.1.2). What is to be done stands beside them."""
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "html_inline" and "task-list-item-checkbox" in child.content:
                child.content = child.content.replace("<input ", f'<input aria-label="{gettext("Task")}" ', 1)


CALLOUT_TITLES = {
    "Note": gettext_noop("Note"),
    "Tip": gettext_noop("Tip"),
    "Important": gettext_noop("Important"),
    "Warning": gettext_noop("Warning"),
    "Caution": gettext_noop("Caution"),
}


def translate_callout_titles(state: StateCore) -> None:
    """Say "Note", "Tip", "Warning" … in the site's language."""
    for opening, inline in pairwise(state.tokens):
        if opening.type == "alert_title_open":
            for child in inline.children or []:
                child.content = gettext(CALLOUT_TITLES.get(child.content, child.content))


# --- Plain text ---------------------------------------------------------------------------------------------------


def plain_text(token: Token) -> str:
    """The words of an inline token, without marks."""
    kept = {"text": None, "code_inline": None, "softbreak": " ", "hardbreak": " "}
    return "".join(kept[child.type] or child.content for child in token.children or [] if child.type in kept)


def shorten(text: str, length: int) -> str:
    """Return the text if it has at most `length` characters, else as many words as fit and, mid-sentence, “…”."""
    if len(text) <= length:
        return text
    words = textwrap.shorten(text, length - 1, placeholder="") or text[: length - 1]
    return words if words[-1] in ".!?" else words.rstrip(",;:–—-… ") + "…"


def outline(tokens: list[Token]) -> list[list[int | str]]:
    """Return level, id and words of the headings that a table of contents lists."""
    return [
        [int(opening.tag[1]), str(opening.attrs.get("id", "")), plain_text(inline)]
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag in {"h2", "h3"}
    ]


def first_paragraph(tokens: list[Token]) -> str:
    for index, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.level == 0:
            text = plain_text(tokens[index + 1]).strip()
            if text:
                return text
    return ""
