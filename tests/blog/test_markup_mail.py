"""A post in a mail: modest pictures, its beginning, and plain text."""

import re

import pytest

from blog.markup import render_post
from blog.markup_mail import beginning, count_blocks, mail_html, mail_text

BASE = "https://a.example"
STEM = "/media/images/" + "0" * 24


@pytest.mark.parametrize(
    ("name", "file", "width", "height"),
    [
        ("-1600x800", "-1600x800-960", 600, 300),
        ("-700x350", "-700x350", 600, 300),
        ("-480x100", "-480x100", 480, 100),
        ("-4000x1", "-4000x1-960", 600, 1),
    ],
)
def test_a_picture_of_ours_says_its_size_and_is_no_wider_than_the_mail(
    name: str, file: str, width: int, height: int
) -> None:
    html = mail_html(render_post(f'![A "b" > c]({STEM}{name}.webp)').html, BASE)

    (image,) = re.findall("<img .*>", html)
    for attribute in (f'src="{BASE}{STEM}{file}.webp"', f'width="{width}"', f'height="{height}"', 'alt="A &quot;b'):
        assert image.count(attribute) == 1
    assert "<picture" not in html
    assert "loading" not in html


def test_pictures_from_elsewhere_stay_as_they_are() -> None:
    html = mail_html(render_post('<img src="https://b.example/x.png" width="900" alt="x">').html, BASE)

    assert html == '<img src="https://b.example/x.png" width="900" alt="x">'


TEXTS = {
    "emphasis stays marked": ("Some *words* and **more** & `code`", "Some *words* and **more** & `code`"),
    "a link": ("[the other](/posts/other/)", f"the other <{BASE}/posts/other/>"),
    "a link elsewhere": ("[there](https://b.example/)", "there <https://b.example/>"),
    "an address alone": ("<https://b.example/?a=1&b=2>", "https://b.example/?a=1&b=2"),
    "a mail address": ("<kim@b.example>", "kim@b.example"),
    "a link within the post": ("[up](#s-top)", "up"),
    "a picture": ("![A face](/media/a.webp)", f"[Picture: A face] <{BASE}/media/a.webp>"),
    "a picture without words": ("![](/media/a.webp)", f"[Picture] <{BASE}/media/a.webp>"),
    "a caption": ('![A](/a.webp "By Kim")', f"[Picture: A] <{BASE}/a.webp>\nBy Kim"),
    "headings": ("# One\n\n### Three\n\nText", "One\n===\n\nThree\n-----\n\nText"),
    "lists": ("- a\n- b\n\n1. c\n2. d", "- a\n- b\n\n1. c\n2. d"),
    "a list that begins at 3": ("3. a\n4. b", "3. a\n4. b"),
    "a list in a list": ("- a\n  - b", "- a\n\n  - b"),
    "a quote": ("> a\n>\n> b", "> a\n>\n> b"),
    "code": ("```py\na = 1\n\n  b\n```", "    a = 1\n\n      b"),
    "a table": ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    "a footnote": ("Text[^1]\n\n[^1]: Note", "Text[1]\n\n--------\n\n[1] Note"),
    "a callout": ("> [!NOTE]\n> Text", "> Note\n>\n> Text"),
    "tasks": ("- [x] a\n- [ ] b", "- [x] a\n- [ ] b"),
    "a rule": ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
    "lines": ("a\nb\\\nc", "a b\nc"),
    "HTML in a line": ('a <span class="x">b</span><br>c', "a b\nc"),
    "HTML": ("<div>\n<b>a</b> &amp; b\n</div>", "a & b"),
    "a script": ("<script>alert(1)</script>", ""),
    "what is struck out": ("~~a~~ b", "a b"),
}


@pytest.mark.parametrize(("source", "text"), TEXTS.values(), ids=TEXTS)
def test_a_post_as_plain_text(source: str, text: str) -> None:
    assert mail_text(source, BASE) == text


SOURCE = "# One\n\nTwo *words*\n\n- three\n- items\n\n> four\n\nFive[^1]\n\n[^1]: Six"


def test_a_beginning_ends_between_two_blocks() -> None:
    assert count_blocks(SOURCE) == 6
    assert beginning(SOURCE, 0) == ""
    assert beginning(SOURCE, 6) == render_post(SOURCE).html
    for blocks in range(6):
        assert render_post(SOURCE).html.startswith(beginning(SOURCE, blocks))
    assert beginning(SOURCE, 3).endswith("<li>items</li>\n</ul>\n")


def test_a_text_of_nothing_has_no_blocks() -> None:
    assert count_blocks("") == 0
    assert mail_text("", BASE) == ""
