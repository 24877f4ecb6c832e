"""From Markdown to HTML: what is made of it."""

import re

import pytest

from blog.markup import (
    OPENING_LENGTH,
    absolute_html,
    absolute_links,
    clean_source,
    render_comment,
    render_post,
    shorten,
    web_address,
)

BASE = "https://byline.example"


def post_html(source: str) -> str:
    return render_post(source).html


# --- What posts become --------------------------------------------------------------------------------------------

POSTS = {
    "emphasis": ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
    "heading": ("## Über uns", '<h2 id="s-über-uns">Über uns</h2>'),
    "heading of signs": ("## !!!", '<h2 id="s-section">!!!</h2>'),
    "headings twice": ("## A\n\n## A", '<h2 id="s-a">A</h2>\n<h2 id="s-a-1">A</h2>'),
    "a heading's address is no address of the page": ("## comments", '<h2 id="s-comments">comments</h2>'),
    "link": ('[a](/b "c")', '<p><a href="/b" title="c" rel="noopener">a</a></p>'),
    "bare address": ("See https://a.example/b.", "https://a.example/b</a>."),
    "no scheme": ("//example.org/a and // a remark", "<p>//example.org/a and // a remark</p>"),
    "no address": ("e.g.it and x@example.org", "<p>e.g.it and x@example.org</p>"),
    "list that starts late": ("3. a\n4. b", '<ol start="3">'),
    "task": (
        "- [x] a",
        '<li class="task-list-item">'
        '<input aria-label="Task" class="task-list-item-checkbox" checked="checked" disabled=""',
    ),
    "quotes": ("\"a\" 'b' don't", "<p>“a” ‘b’ don’t</p>"),
    "dashes and dots": ("a -- b ... (c)", "<p>a – b … ©</p>"),
    "code keeps its signs": ('`"a" -- b`', '<p><code>"a" -- b</code></p>'),
    "picture in a line": ("a ![b](/c.webp)", '<p>a <img src="/c.webp" alt="b"></p>'),
    "figure": ("![b](/c.webp)", '<figure><img src="/c.webp" alt="b"></figure>'),
    "figure with caption": (
        '![b](/c.webp "d < & *e*")',
        '<figure><img src="/c.webp" alt="b"><figcaption>d &lt; &amp; *e*</figcaption></figure>',
    ),
    "figure in a list": (
        '- ![b](/c.webp "d")',
        '<figure><img src="/c.webp" alt="b"><figcaption>d</figcaption></figure>',
    ),
    "linked picture": ("[![b](/c.webp)](/d)", '<p><a href="/d" rel="noopener"><img src="/c.webp" alt="b"></a></p>'),
    "code in colour": ("```python\nx = 1\n```", '<code class="language-python"><span class="hl-n">x</span>'),
    "code in no language": ("```klingon\nx < 1\n```", '<code class="language-klingon">x &lt; 1\n</code>'),
    "coloured code is text": ("```html\n<script>alert(1)</script>\n```", '<span class="hl-nt">script</span>'),
    "harmless HTML": (
        "<details open><summary>a</summary>b</details>",
        '<details open=""><summary>a</summary>b</details>',
    ),
    "keyboard": ("<kbd>Ctrl</kbd>", "<p><kbd>Ctrl</kbd></p>"),
    "control characters": ("a\x00\x0bb\ufffec\td", "<p>abc\td</p>"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("source", "html"), POSTS.values(), ids=POSTS)
def test_a_post_becomes(source: str, html: str) -> None:
    assert html in post_html(source)


def test_a_footnote_leads_there_and_back() -> None:
    html = post_html("One[^a], two^[inline].\n\n[^a]: The *note*.")

    for number in (1, 2):
        assert f'<a href="#fn{number}" id="fnref{number}"' in html
        assert f'<li id="fn{number}"' in html
        assert f'<a href="#fnref{number}" class="footnote-backref"' in html
    assert "The <em>note</em>." in html


def test_a_table_says_its_alignment_by_class() -> None:
    html = post_html("| a | b | c | d |\n|:--|--:|:-:|---|\n| 1 | 2 | 3 | 4 |")

    assert re.findall(r"<td[^>]*>", html) == [
        '<td class="align-left">',
        '<td class="align-right">',
        '<td class="align-center">',
        "<td>",
    ]
    assert "style" not in html


@pytest.mark.parametrize(
    ("source", "opening", "words"),
    [
        ("# Title\n\nIt *opens* `so`,\nthen goes on.\n\nMore.", "It opens so, then goes on.", 8),
        ("![only a picture](/a.webp)\n\nWords.", "Words.", 1),
        ("> quoted\n\n- listed\n\nPlain.", "Plain.", 3),
        ("<div>raw</div>", "", 0),
        ("", "", 0),
        ("word " * 200, "word " * 59 + "word…", 200),
    ],
)
def test_a_post_has_an_opening_and_a_number_of_words(source: str, opening: str, words: int) -> None:
    rendered = render_post(source)

    assert (rendered.opening, rendered.word_count) == (opening, words)
    assert len(rendered.opening) <= OPENING_LENGTH


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("Fits.", 5, "Fits."),
        ("One two three", 9, "One two…"),
        ("It ends. Then more", 10, "It ends."),
        ("One, two", 6, "One…"),
        ("A – b", 4, "A…"),
        ("x" * 20, 10, "x" * 9 + "…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, length: int, short: str) -> None:
    assert shorten(text, length) == short


# --- What comments become -----------------------------------------------------------------------------------------

COMMENTS = {
    "no scheme": ("//evil.example", "<p>//evil.example</p>"),
    "emphasis": ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
    "line break": ("a\nb", "<p>a<br>\nb</p>\n"),
    "quote": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
    "list": ("- a", "<ul>\n<li>a</li>\n</ul>\n"),
    "link": ("[a](https://b.example)", '<p><a href="https://b.example" rel="nofollow ugc noopener">a</a></p>\n'),
    "titled link": ('[a](/b "c")', '<p><a href="/b" title="c" rel="nofollow ugc noopener">a</a></p>\n'),
    "bare address": (
        "https://b.example",
        '<p><a href="https://b.example" rel="nofollow ugc noopener">https://b.example</a></p>\n',
    ),
    "no heading": ("# a", "<p># a</p>\n"),
    "no underlined heading": ("a\n===", "<p>a<br>\n===</p>\n"),
    "no rule": ("***", "<p>***</p>\n"),
    "no picture": ("![a < b](https://b.example/c.png)", "<p>a &lt; b</p>\n"),
    "no table": ("|a|\n|-|\n|b|", "<p>|a|<br>\n|-|<br>\n|b|</p>\n"),
    "no HTML": ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
    "no reference": ("[a]\n\n[a]: https://b.example/", '<p>[a]</p>\n<p>[a]: <a href="https://b.example/"'),
    "no footnote": ("a^[b]", "<p>a^[b]</p>\n"),
    "quotes stay": ("\"a\" -- 'b'", "<p>\"a\" -- 'b'</p>\n"),
    "refused scheme": ("[a](javascript:alert(1))", '<p><a rel="nofollow ugc noopener">a</a></p>\n'),
    "control characters": ("a\x00\x1bb", "<p>ab</p>\n"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("source", "html"), COMMENTS.values(), ids=COMMENTS)
def test_a_comment_becomes(source: str, html: str) -> None:
    assert render_comment(source).startswith(html)


# --- Addresses and small helpers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "absolute"),
    [
        ('<a href="/a" rel="noopener">x</a>', f'<a href="{BASE}/a" rel="noopener">x</a>'),
        ('<img src="/a.webp">', f'<img src="{BASE}/a.webp">'),
        ('<a href="//b.example/" rel="noopener">x</a>', '<a href="//b.example/" rel="noopener">x</a>'),
        ('<a href="https://b.example/" rel="noopener">x</a>', '<a href="https://b.example/" rel="noopener">x</a>'),
        ('<a href="#s-a" rel="noopener">x</a>', '<a href="#s-a" rel="noopener">x</a>'),
        ("<p>/a</p>", "<p>/a</p>"),
    ],
)
def test_root_relative_addresses_become_absolute(html: str, absolute: str) -> None:
    assert absolute_html(html, BASE) == absolute


@pytest.mark.parametrize(
    ("source", "absolute"),
    [
        ("[a](/b)", f"[a]({BASE}/b)"),
        ("![a](/b.webp 'c')", f"![a]({BASE}/b.webp 'c')"),
        ("[a]: /b", f"[a]: {BASE}/b"),
        ("[a](//b.example)", "[a](//b.example)"),
        ("[a](https://b.example/c)", "[a](https://b.example/c)"),
        ("one / two (/three)", "one / two (/three)"),
    ],
)
def test_root_relative_links_of_markdown_become_absolute(source: str, absolute: str) -> None:
    assert absolute_links(source, BASE) == absolute


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/b?c#d", True),
        ("http://a.example", True),
        ("HTTPS://a.example", True),
        ("", False),
        ("a.example", False),
        ("//a.example", False),
        ("https://", False),
        ("javascript:alert(1)", False),
        ("javascript://a.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("mailto:a@a.example", False),
        ("https://[broken", False),
    ],
)
def test_a_web_address_is_http_with_a_host(url: str, kept: bool) -> None:
    assert web_address(url) == (url if kept else "")


def test_a_source_loses_control_characters_and_nothing_else() -> None:
    assert clean_source("a\x00\x08\x0b\x0c\x1f\x7f\ud800\ufffe\uffffb") == "ab"
    assert clean_source("a\t\n\r “é” \u200d👩\u2028b") == "a\t\n\r “é” \u200d👩\u2028b"
