"""The examples of the CommonMark specification, 0.31.2, which come with the parser's source (tests/suites.txt)."""

import json
import re
import sys
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from blog.markup import commonmark, render_post

SUITES = Path(sys.prefix) / "suites"

# The specification's answer has a line break in an empty block quote, which no browser shows.
EMPTY_QUOTES = {218, 239, 240}

TITLE = "a picture alone in its paragraph is a figure, its title the caption that readers see"
DASHES = "two or three hyphens become a dash"
BROKEN_TAG = "the sanitiser drops a tag that never ends, as a browser would"
EXPLAINED = {
    **dict.fromkeys([572, 573, 576, 577, 584, 585, 586, 588, 589, 591], TITLE),
    **dict.fromkeys([46, 55, 87, 106], DASHES),
    **dict.fromkeys([156, 157, 158], BROKEN_TAG),
    182: "the sanitiser drops a script with its text",
    626: "a comment that HTML ends at once: the sanitiser reads it as browsers do, the test's parser does not",
    629: "a CDATA section, which HTML does not have: what browsers take for a comment is dropped",
}

STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def suite(ending: str) -> bytes:
    """Return the file of the public suites whose path ends like this."""
    (archive,) = SUITES.glob("markdown_it_py-*.tar.gz")
    with tarfile.open(archive) as source:
        member = next(name for name in source.getnames() if name.endswith(ending))
        file = source.extractfile(member)
        assert file
        return file.read()


@cache
def examples() -> list[dict[str, Any]]:
    return list(json.loads(suite("/test_cmark_spec/commonmark.json")))


def words_of(html: str) -> str:
    text = BeautifulSoup(html, "html.parser").get_text().translate(STRAIGHT)
    return re.sub(r"\s+", " ", text).strip()


def test_the_core_gives_every_example_to_the_letter() -> None:
    core = commonmark()

    different = {example["example"] for example in examples() if core.render(example["markdown"]) != example["html"]}

    assert len(examples()) == 652
    assert different == EMPTY_QUOTES


@pytest.mark.parametrize("number", sorted(EMPTY_QUOTES))
def test_an_empty_quotation_differs_by_a_line_break_only(number: int) -> None:
    example = examples()[number - 1]

    assert commonmark().render(example["markdown"]) == example["html"].replace(
        "<blockquote>\n</blockquote>", "<blockquote></blockquote>"
    )


def test_a_post_says_the_same_words_but_where_the_table_above_explains_it() -> None:
    different = {
        example["example"]
        for example in examples()
        if words_of(render_post(example["markdown"]).html) != words_of(example["html"])
    }

    assert different == set(EXPLAINED)
