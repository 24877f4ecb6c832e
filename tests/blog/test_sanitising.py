"""From Markdown to HTML: what never gets through."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blog.markup import (
    COMMENT_ATTRIBUTES,
    COMMENT_LIMIT,
    COMMENT_TAGS,
    POST_ATTRIBUTES,
    POST_TAGS,
    absolute_html,
    render_comment,
    render_post,
    sanitise_comment,
    sanitise_post,
)
from tests.blog.test_markup import POSTS

BASE = "https://byline.example"


def post_html(source: str) -> str:
    return render_post(source).html


HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg:rect onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<iframe src='javascript:alert(1)'></iframe><object data=x></object><embed src=x>",
    "<form action=https://evil.example><input name=a><button>b</button></form>",
    "<form name=attributes><input name=nodeName></form>",
    "<a href='javascript:alert(1)' style='position:fixed' onclick='alert(1)' target=_blank>a</a>",
    "<a href=' &#14; javascript:alert(1)'>a</a>",
    "<a href='java\nscript:alert(1)'>a</a>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=x>",
    "<style>@import '//evil.example'</style><p style='background:url(//evil.example)'>a</p>",
    "<p id=comments class='masthead comment-form'>a</p>",
    "<input type=password name=p autofocus onfocus=alert(1)>",
    "<input type=image src=//evil.example formaction=javascript:alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></p><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<blockquote cite='x\n\n'><img src=x onerror=alert(1)>'>a</blockquote>",
    "<math><annotation-xml encoding='text/html'><style><img title='</style><img src onerror=alert(1)>'>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](vbscript:alert(1)) [b](data:text/html,<script>alert(1)</script>) [c](file:///etc/passwd)",
    "![a](javascript:alert(1)) ![b](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<javascript:alert(1)> <svg:rect>",
    "[a]\n\n[a]: javascript:alert(1)",
    '[a](/b "\\"onmouseover=alert(1) x=")',
    '![a](/b "<script>alert(1)</script>")',
    '![" onerror="alert(1)](/b)',
    '```"><script>alert(1)</script>\na\n```',
    "```x onload=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    "## <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "`<script>alert(1)</script>` \u2028<script>alert(1)</script>",
]

FORBIDDEN_IDS = {"comments", "subscribe", "main", "comment-form", "attributes"}


class Found(HTMLParser):
    """Collects what a text holds that is not allowed."""

    def __init__(self, tags: set[str], attributes: dict[str, set[str]]) -> None:
        super().__init__()
        self.tags = tags
        self.attributes = attributes
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = self.attributes.get(tag, set()) | self.attributes.get("*", set()) | {"rel"}
        if tag not in self.tags:
            self.wrong.append(tag)
        for name, value in attrs:
            address = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", value or "")  # as browsers read it
            scheme = re.match(r"[a-zA-Z][\w+.-]*(?=:)", address) if name in {"href", "src"} else None
            if (
                name not in allowed
                or name == "style"
                or name.startswith("on")
                or (scheme and scheme.group().lower() not in {"http", "https", "mailto"})
            ):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "id" and value in FORBIDDEN_IDS:
                self.wrong.append(f"{tag} id={value}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")


def wrong_in_post(html: str) -> list[str]:
    found = Found(POST_TAGS, POST_ATTRIBUTES)
    found.feed(html)
    found.close()
    return found.wrong


def wrong_in_comment(html: str) -> list[str]:
    found = Found(COMMENT_TAGS, COMMENT_ATTRIBUTES)
    found.feed(html)
    found.close()
    return found.wrong


def test_the_tests_own_eye_sees_what_is_wrong() -> None:
    seen = [bool(wrong_in_post(source)) for source in HOSTILE if source.startswith("<") and "CDATA" not in source]

    assert sum(seen) > 15
    assert wrong_in_comment('<a href=" java\tscript:1">') == ["a href= java\tscript:1"]
    assert wrong_in_comment('<p class="x">') == ["p class=x"]
    assert wrong_in_comment('<a href="javascript:1" rel="x">') == ["a href=javascript:1"]


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_gets_through_a_post(source: str) -> None:
    for html in (post_html(source), sanitise_post(source)):
        assert wrong_in_post(html) == []
        assert sanitise_post(html) == html


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_gets_through_a_comment(source: str) -> None:
    for html in (render_comment(source), sanitise_comment(source)):
        assert wrong_in_comment(html) == []
        assert sanitise_comment(html) == html


PIECES = st.sampled_from(
    [
        *HOSTILE,
        *(source for source, _html in POSTS.values()),
        "\n",
        "\n\n",
        "> ",
        "- ",
        "    ",
        "<p",
        "'",
        '"',
        "&lt;",
        "](",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=6).map("".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
@example("<p><table><tr><td><a href=x><a href=y>")
def test_whatever_a_post_holds_is_clean_and_stays_as_it_is(source: str) -> None:
    html = post_html(source)

    assert wrong_in_post(html) == []
    assert sanitise_post(html) == html
    assert absolute_html(absolute_html(html, BASE), BASE) == absolute_html(html, BASE)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_whatever_a_comment_holds_is_clean_and_stays_as_it_is(source: str) -> None:
    html = render_comment(source)

    assert wrong_in_comment(html) == []
    assert sanitise_comment(html) == html


def test_an_author_cannot_dress_up_as_the_page() -> None:
    html = post_html('<div class="masthead hl-k footnote-ref" id="comments" title="a" lang="de">x</div>')

    assert html.strip() == '<div class="hl-k footnote-ref" lang="de" title="a">x</div>'


PATHOLOGICAL = {
    "brackets": "[" * 10_000,
    "nested brackets": "[" * 5_000 + "]" * 5_000,
    "empty links": "[]()" * 5_000,
    "quotes in quotes": ">" * 50_000,
    "lists in lists": "- " * 20_000,
    "emphasis": "*a_ " * 10_000,
    "backticks": "".join("e" + "`" * n for n in range(300)),
    "tags that never end": "<a " * 15_000,
    "a wide table with short rows": "|".join("a" * 300) + "\n" + "|".join("-" * 300) + "\n" + "a\n" * 1_000,
    "footnotes within footnotes": "^[" * 2_000 + "]" * 2_000,
    "one footnote, often": "[^a]" * 2_000 + "\n\n[^a]: b",
    "the same heading": "# a\n" * 500,
    "divisions": "<div>" * 5_000,
}


@pytest.mark.parametrize("source", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_a_post_that_means_harm_stays_small(source: str) -> None:
    assert len(post_html(source)) < 50 * len(source) + 1_000_000


@pytest.mark.parametrize("source", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_a_comment_that_means_harm_stays_small(source: str) -> None:
    source = source[:COMMENT_LIMIT]

    assert len(render_comment(source)) < 12 * len(source)


def test_a_comment_does_not_grow_by_repeating_one_long_address() -> None:
    source = "[a]" * 1_000 + "\n\n[a]: https://example.org/" + "x" * 1_900

    assert len(render_comment(source)) < 3 * len(source)


def test_comments_and_posts_have_no_dangerous_tag() -> None:
    run, load, send = {"script", "svg", "math"}, {"iframe", "object", "embed", "link", "style"}, {"form", "button"}
    redirect = {"base", "meta"}

    assert not (POST_TAGS | COMMENT_TAGS) & (run | load | send | redirect)
