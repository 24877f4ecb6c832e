import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.importing.document import Signature, UnreadableDocumentError
from blog.importing.plain import read_plain
from blog.markup import render_post

ARTICLE = Path(__file__).parent / "fixtures" / "sourdough.txt"


def body(text: str) -> str:
    """Return the Markdown made of a text below its title."""
    return read_plain(f"Title\n\n{text}").text


def shown(markdown: str) -> BeautifulSoup:
    return BeautifulSoup(render_post(markdown).html, "html.parser")


@pytest.fixture(scope="module")
def article() -> str:
    return ARTICLE.read_text(encoding="utf-8")


def test_an_article_keeps_its_title_and_its_author_with_the_tagline(article: str) -> None:
    document = read_plain(article)

    assert document.title == "Four Things Nobody Tells You About Sourdough"
    assert document.authors == [Signature("Marta Lindqvist", "Flour, water, patience.")]
    assert "Marta Lindqvist" not in document.text


def test_an_article_keeps_its_headings(article: str) -> None:
    headings = shown(read_plain(article).text).find_all(re.compile("^h[1-6]$"))

    assert [(heading.name, heading.text) for heading in headings] == [
        ("h2", "Fact #1: Your Starter Is a Pet"),
        ("h2", "Fact #2: What the Dough Tells You"),
        ("h2", "Fact #3: Steam or No Steam?"),
        ("h2", "Fact #4: Patience Has a Timetable"),
    ]


def test_every_item_of_an_articles_lists_opens_with_its_label(article: str) -> None:
    lists = shown(read_plain(article).text).find_all("ul")

    labels = [[item.contents[0].text for item in found.find_all("li")] for found in lists]
    assert labels == [
        ["Poke It:", "Watch the Edge:", "Smell It:"],
        ["With a Lid:", "Without One:"],
        ["Six in the Evening:", "Late Evening:", "Before Breakfast:", "At the Table:"],
    ]
    assert all(item.contents[0].name == "strong" for found in lists for item in found.find_all("li"))


def test_not_one_sentence_of_an_article_is_lost(article: str) -> None:
    page = shown(read_plain(article).text).text

    lines = [line.strip().removeprefix("•").strip() for line in article.splitlines()[5:]]
    sentences = [sentence for line in lines for sentence in re.split(r"(?<=[.!?…]) ", line) if sentence]
    assert len(sentences) > 30
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_typographic_characters_survive(article: str) -> None:
    page = shown(read_plain(article).text).text

    for phrase in ["Everybody’s", "a brick — mine", "“failing better”", "24 °C", "late…", "without – at", "½ of the"]:
        assert phrase in page


@pytest.mark.parametrize(
    ("text", "author", "rest"),
    [
        ("Kim Doe\nKim Doe\nA tagline.\n\nText.", Signature("Kim Doe", "A tagline."), "Text.\n"),
        ("Kim Doe\nKim Doe\n\nText.", Signature("Kim Doe"), "Text.\n"),
        ("By Kim Doe\n\nText.", Signature("Kim Doe"), "Text.\n"),
        ("by Kim Doe\nA tagline.\n\nText.", Signature("Kim Doe", "A tagline."), "Text.\n"),
        (
            "Kim Doe\nKim Doe\nOne line.\nAnother line.\n\nText.",
            Signature("Kim Doe"),
            "One line.\nAnother line.\n\nText.\n",
        ),
        (f"Kim Doe\nKim Doe\n{'long ' * 30}\n\nText.", Signature("Kim Doe"), f"{('long ' * 30).strip()}\n\nText.\n"),
        ("Kim Doe\n\nText.", None, "Kim Doe\n\nText.\n"),
        ("By morning the bread had risen\nby itself.", None, "By morning the bread had risen\nby itself.\n"),
        ("By Sunday it was gone.\n\nText.", None, "By Sunday it was gone.\n\nText.\n"),
    ],
)
def test_who_signed_a_text(text: str, author: Signature | None, rest: str) -> None:
    document = read_plain(f"Title\n\n{text}")

    assert document.authors == ([author] if author else [])
    assert document.text == rest


@pytest.mark.parametrize(
    "line",
    ["Fact #2: Benefits", "Step 3: Rinse well", "Part II – The end", "Chapter 12: Who is it for?", "Tip No. 4: Wait"],
)
def test_a_numbered_title_is_a_heading(line: str) -> None:
    assert body(f"Text.\n{line}\nText.") == f"Text.\n\n## {line}\n\nText.\n"


@pytest.mark.parametrize("line", ["Step 3: rinse it well, then wait.", "Room 12 was empty", f"Part 2: {'long ' * 30}"])
def test_a_sentence_is_no_heading(line: str) -> None:
    assert "#" not in body(line)


@pytest.mark.parametrize("bullet", ["•", "●", "▪", "‣", "◦", "·", "–", "*", "-", "  •"])
def test_a_drawn_bullet_is_an_item(bullet: str) -> None:
    assert body(f"Text:\n{bullet} One\n{bullet} Two\nText.") == "Text:\n\n- One\n- Two\n\nText.\n"


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("Sun: wear a hat", "**Sun:** wear a hat"),
        ("18:00: Mix", "18:00: Mix"),
        ("https://example.org/ is one", "https://example.org/ is one"),
        ("It is late. Sun: wear a hat", "It is late. Sun: wear a hat"),
        (f"{'long ' * 13}: no label", f"{'long ' * 13}: no label"),
    ],
)
def test_a_short_label_before_a_colon_is_strong(item: str, written: str) -> None:
    assert body(f"• {item}") == f"- {written}\n"


def test_an_item_may_go_on_in_an_indented_line() -> None:
    items = shown(body("• One that is\n  wrapped\n• Two")).find_all("li")

    assert [item.text for item in items] == ["One that is\nwrapped", "Two"]


def test_wrapped_lines_are_one_paragraph_and_unwrapped_ones_a_paragraph_each() -> None:
    wrapped = "A short line\nand its end."
    unwrapped = f"{'A long line ' * 10}\nAnother."

    assert len(shown(body(wrapped)).find_all("p")) == 1
    assert len(shown(body(unwrapped)).find_all("p")) == 2


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("1. One\n2) Two\n\n3. Three", [(1, 3)]),
        ("1. One\n\nText.\n\n2. Two", [(1, 1), (2, 1)]),
        ("1. One\n2. Two\n\nText.\n\n1. One", [(1, 2), (1, 1)]),
        ("3. Bronze\n2. Silver\n1. Gold", [(1, 1)]),
        ("1986. A good year", []),
    ],
)
def test_numbers_count_as_the_writer_counted(text: str, lists: list[tuple[int, int]]) -> None:
    html = shown(body(text))

    assert [(int(found.get("start", 1)), len(found.find_all("li"))) for found in html.find_all("ol")] == lists
    assert words_of(html) == run_together(text)


@pytest.mark.parametrize(
    "line",
    [
        "*no* emphasis, _none_, **nothing** strong, ~~not struck~~",
        "# no heading",
        "> no quotation",
        "+ no list",
        "2. no list",
        "a `code` that is none",
        "[no](link) and ![no](picture) and [^1]",
        "a < b > c, and <b>bold</b> is how HTML says it",
        "&amp; is how HTML says it, AT&T is a name",
        "a \\ b",
        "| no | table |\n|-|-|\n| a | b | lost |",
        "a line\n===\nbelow",
        "a line\n-\nbelow",
        "https://example.org/<user>/posts",
    ],
)
def test_what_markdown_reads_as_marks_stays_what_it_was(line: str) -> None:
    html = shown(body(line))

    assert html.text.strip() == line
    assert {tag.name for tag in html.find_all(True)} <= {"p", "a"}


def test_web_addresses_stay_whole() -> None:
    address = "https://example.org/a_b_*c*/(d)?x=1&copy=2"

    link = shown(body(f"See {address}, please.")).a

    assert link is not None
    assert link["href"] == address


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match="empty"):
        read_plain(" \n\n\t\n")


WORDS = st.text(st.characters(categories=["L", "M", "Nd"]), min_size=1, max_size=6)
MARKS = [
    "*",
    "**",
    "_",
    "`",
    "~~",
    "\\",
    "|",
    "<b>",
    "</p>",
    "<!--",
    "-->",
    "&amp;",
    "[",
    "](",
    "![",
    "https://a.org/b_c",
]
STARTS = [
    "",
    "  ",
    "\t",
    "# ",
    "> ",
    "- ",
    "+ ",
    "• ",
    "1. ",
    "2) ",
    "1986. ",
    "---",
    "===",
    "-",
    "```",
    "|-|",
    "[^1]: ",
    "Fact 1: ",
]
LINES = st.tuples(st.sampled_from(STARTS), st.lists(WORDS | st.sampled_from(MARKS), max_size=5))
TEXTS = st.lists(LINES.map(lambda line: line[0] + " ".join(line[1])) | st.just(""), max_size=8).map("\n".join)


def words_of(html: BeautifulSoup) -> str:
    """Return the words that a page shows, run together, with the numbers that a browser draws before items."""
    for numbered in html.find_all("ol"):
        for number, item in enumerate(numbered.find_all("li"), int(numbered.get("start", 1))):
            item.insert(0, f"{number}. ")
    return run_together(html.text)


def run_together(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_every_word_of_any_text_is_on_the_page(text: str) -> None:
    document = read_plain(f"Title\n\nOpening.\n\n{text}")

    assert words_of(shown(document.text)) == run_together(f"Opening.{text}")
