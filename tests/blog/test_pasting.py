"""Rich text as word processors and browsers put it on the clipboard."""

from typing import Any

import pytest

from blog.markup import render_post
from blog.pasting import UnreadablePasteError, to_markdown

PICTURE = "/media/images/" + "0a" * 12 + "-1600x900.webp"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<h2>Head</h2><p>Text</p>", "## Head\n\nText"),
        ("a <b>bold </b>word", "a **bold** word"),
        ("<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>", "**a** *b* ~~c~~ `d`"),
        ('<a href="https://a.example/x (1)">a</a>', "[a](https://a.example/x%20%281%29)"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>a</p></blockquote>", "> a"),
        ("<pre>a  b\nc</pre>", "```\na  b\nc\n```"),
        (
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
    ],
)
def test_marks_become_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><p>a '
            '<span style="font-size:11pt;font-weight:700">b</span> <span style="font-style:italic">c</span></p></b>',
            "a **b** *c*",
        ),
        ('<h1><span style="font-weight:700">a</span></h1>', "# a"),
        (
            "<html xmlns:o='urn:x'><head><title>t</title><style>p {}</style></head><body><!--StartFragment-->"
            "<p class=MsoNormal style='mso-x:y'>a<o:p></o:p></p><!--EndFragment--></body></html>",
            "a",
        ),
        ("<div><div><span>a</span></div><div>b</div></div>", "a\n\nb"),
    ],
    ids=["Google Docs", "a heading there", "Word", "mail"],
)
def test_what_word_processors_add_is_understood_or_left_out(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (f'<img src="{PICTURE}" alt="A [hand]">', f"![A \\[hand\\]]({PICTURE})"),
        (f'<img src="http://localhost:8000{PICTURE}" alt="A hand">', f"![A hand]({PICTURE})"),
        ('<a href="http://localhost:8000/posts/a/">a</a>', "[a](/posts/a/)"),
        ('<img src="https://a.example/b.png" alt="A hand">', "[A hand](https://a.example/b.png)"),
        ('<img src="https://a.example/b.png">', "[https://a.example/b.png](https://a.example/b.png)"),
        ('<a href="https://b.example"><img src="https://a.example/b.png" alt="A"></a>', "[A](https://b.example)"),
        ('<img src="data:image/png;base64,AAAA" alt="A hand">', "A hand"),
        ('<img src="file:///C:/a.png">', ""),
    ],
)
def test_pictures_of_ours_stay_and_others_become_links(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "words",
    [
        "a * b * c",
        "**a**",
        "[a](b)",
        "`a`",
        "<b>a</b>",
        "# a",
        "1. a",
        "- a",
        "> a",
        "_a_",
        "snake_case_word",
        "a \\ b",
    ],
)
def test_what_looks_like_a_mark_stays_a_letter(words: str) -> None:
    escaped = words.replace("<", "&lt;")

    html = render_post(to_markdown(f"<p>{escaped}</p>")).html

    assert html == f"<p>{escaped.replace('>', '&gt;')}</p>\n"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">a</a>',
        "<svg><script>alert(1)</script></svg>",
        "<style>alert(1)</style><noscript>alert(1)</noscript><template>alert(1)</template>",
        "<iframe src='javascript:alert(1)'></iframe>",
    ],
)
def test_what_acts_is_left_out(html: str) -> None:
    assert "alert" not in to_markdown(html)


def test_what_is_too_deep_or_too_much_is_refused() -> None:
    for html in ("<div>" * 10_000 + "a", "<b>a</b>" * 30_000):
        with pytest.raises(UnreadablePasteError):
            to_markdown(html)


def test_nothing_becomes_nothing(settings: Any) -> None:
    assert to_markdown("") == to_markdown("<p> </p>") == to_markdown("<!-- a -->") == ""
