import datetime
from pathlib import Path

import pytest

from blog.importing import formats
from blog.importing.document import Document, Signature, UnreadableDocumentError


def read(folder: Path, text: str, name: str = "file.md") -> Document:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return formats.read(file)


def test_markdown_says_all_it_has_to_in_its_front_matter(tmp_path: Path) -> None:
    front = [
        "title: The Title",
        "subtitle: In one line",
        "slug: an-address",
        "authors: [Kim Doe, Ann Other]",
        "tags: [bread, salt]",
        "date: 2024-02-29T08:30:00+01:00",
        "draft: true",
    ]

    document = read(tmp_path, "\n".join(["---", *front, "---", "", "The *text*."]))

    assert document == Document(
        title="The Title",
        text="The *text*.\n",
        subtitle="In one line",
        slug="an-address",
        authors=[Signature("Kim Doe"), Signature("Ann Other")],
        tags=["bread", "salt"],
        date=datetime.datetime(2024, 2, 29, 7, 30, tzinfo=datetime.UTC),
        draft=True,
    )


def test_other_words_for_the_same_are_understood(tmp_path: Path) -> None:
    front = (
        "title: T\ndescription: In one line\nauthor: Kim Doe, Ann Other\ntags: bread, salt\npublished_at: 2024-02-29"
    )

    document = read(tmp_path, f"---\n{front}\n---\n")

    assert document.subtitle == "In one line"
    assert document.authors == [Signature("Kim Doe"), Signature("Ann Other")]
    assert document.tags == ["bread", "salt"]
    assert document.date == datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    document = read(tmp_path, "# The Title\n\n## A part\n\nText.\n", "file.markdown")

    assert (document.title, document.text) == ("The Title", "## A part\n\nText.\n")


def test_rules_around_a_text_are_no_front_matter(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n\n---\n\nBetween two rules.\n\n---\n"

    assert read(tmp_path, text).text == "---\n\nBetween two rules.\n\n---\n"


def test_a_list_between_two_rules_is_not_lost(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocumentError, match="there is no title"):
        read(tmp_path, "---\n- One\n---\n\n# Title\n")


def test_front_matter_may_have_keys_of_any_kind(tmp_path: Path) -> None:
    assert read(tmp_path, "---\ntitle: T\n1: one\ncontent: two\n---\nText.").text == "Text.\n"


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2024-02-29", "2024-02-29T11:00:00+00:00"),
        ("'2024-02-29'", "2024-02-28T23:00:00+00:00"),
        ("2024-02-29 08:30:00", "2024-02-29T07:30:00+00:00"),
        ("'2024-07-01T08:30'", "2024-07-01T06:30:00+00:00"),
        ("2024-02-29T08:30:00Z", "2024-02-29T08:30:00+00:00"),
        ("2024-02-29T08:30:00-05:00", "2024-02-29T13:30:00+00:00"),
    ],
)
def test_a_date_without_a_zone_is_the_sites_own(tmp_path: Path, settings, date: str, moment: str) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    assert read(tmp_path, f"---\ntitle: T\ndate: {date}\n---\n").date == datetime.datetime.fromisoformat(moment)


PAGE = """<!doctype html>
<html>
  <head>
    <title>The Title | The Site</title>
    <meta name="author" content="Kim Doe">
    <meta name="description" content="In one line">
    <meta property="article:published_time" content="2024-02-29T08:30:00+00:00">
    <style>p { color: red }</style>
  </head>
  <body>
    <nav><a href="/">Home</a></nav>
    <article>
      <h1>The <em>Title</em></h1>
      <nav>Share this</nav>
      <p>The <strong>text</strong> with a <a href="https://example.org/">link</a>.</p>
      <h2>A part</h2>
      <ul><li>One</li><li>Two</li></ul>
      <form><button>Subscribe</button></form>
      <script>alert(1)</script>
      <!-- a note -->
    </article>
    <footer>All rights reserved</footer>
  </body>
</html>
"""


def test_html_is_read_from_its_article(tmp_path: Path) -> None:
    document = read(tmp_path, PAGE, "file.html")

    assert document == Document(
        title="The Title",
        text="The **text** with a [link](https://example.org/).\n\n## A part\n\n- One\n- Two\n",
        subtitle="In one line",
        authors=[Signature("Kim Doe")],
        date=datetime.datetime(2024, 2, 29, 8, 30, tzinfo=datetime.UTC),
    )


@pytest.mark.parametrize(
    "page",
    [
        "<title>The Title</title><p>Text.",
        "<h1>The Title</h1><p>Text.</p>",
        "<html><head><title>The Title</title></head><body><p>Text.</p></body></html>",
        "<body><div>Around</div><main><h1>The Title</h1><p>Text.</p></main></body>",
    ],
)
def test_html_without_an_article_has_a_title_and_a_text_too(tmp_path: Path, page: str) -> None:
    document = read(tmp_path, page, "file.htm")

    assert (document.title, document.text) == ("The Title", "Text.\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n",
            r"end in \.png are not known; \.htm, \.html, \.markdown, \.md, \.txt are",
        ),
        ("README", b"# T", "end in nothing are not known"),
        ("binary.txt", b"\x89PNG\r\n\x1a\n\0\0", "not in UTF-8"),
        ("latin-1.md", "# Café".encode("latin-1"), "not in UTF-8"),
        ("utf-16.txt", "Title".encode("utf-16-le"), "not text"),
        ("large.txt", b"Title\n" * 500_000, "larger than two megabytes"),
        ("empty.md", b"", "no title"),
        ("empty.html", b"<p>Text.</p>", "no title"),
        ("empty.txt", b"\n", "empty"),
        ("open.md", b"---\ntitle: [T\n---\n", "front matter is not YAML"),
        ("date.md", b"---\ntitle: T\ndate: soon\n---\n", "the date 'soon' is not one; write it as"),
        ("day.md", b"---\ntitle: T\ndate: 2026-02-30\n---\n", "day is out of range"),
        ("year.md", b"---\ntitle: T\ndate: 2026\n---\n", "the date 2026 is not one"),
        ("date.html", b"<h1>T</h1><meta property='article:published_time' content='soon'>", "the date 'soon' is not"),
        ("deep.html", b"<h1>T</h1>" + b"<div>" * 5_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(UnreadableDocumentError, match=sentence) as caught:
        formats.read(tmp_path / name)

    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_file_that_is_not_there_and_a_folder_are_told_too(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()

    with pytest.raises(UnreadableDocumentError, match="No such file"):
        formats.read(tmp_path / "missing.md")
    with pytest.raises(UnreadableDocumentError, match="Is a directory"):
        formats.read(tmp_path / "folder.md")


def test_control_characters_and_a_byte_order_mark_are_dropped(tmp_path: Path) -> None:
    document = read(tmp_path, "\ufeffThe\x0c Title\x08\n\nText\x1f.", "file.txt")

    assert (document.title, document.text) == ("The Title", "Text.\n")
