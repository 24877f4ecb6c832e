import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comments import filter_files, learning
from comments.models import Comment, Filters, WordCount
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = StringIO()
    call_command("spam_filter", *map(str, words), stdout=out)
    return out.getvalue()


def rows() -> list[tuple[str, int, int]]:
    return list(WordCount.objects.order_by("word").values_list("word", "ham", "spam"))


def test_what_was_learned_survives_the_way_through_a_file(tmp_path: Path) -> None:
    make_comment(make_post(), source="Cheap pills 無料 “quoted”", status="waiting").mark_spam(make_staff())
    learning.learn_due()
    file, before = tmp_path / "filter.json", rows()

    assert run("export", file) == f"Wrote {len(before)} words to {file}.\n"
    assert run("reset") == "Forgot what was learned from 1 comments.\n"
    assert rows() == []
    assert run("import", file) == f"Took {len(before)} words from {file}, instead of what was there.\n"

    assert rows() == before
    assert Filters.load().learned_spam == 1
    assert not Comment.objects.exclude(learned="").exists()  # what is undone from now on takes nothing away


GOOD = {"format": filter_files.FORMAT, "comments": [1, 2], "words": {"a": [1, 0]}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it does not say"),
        ('{"format": "byline spam filter 9"}', "it does not say"),
        (json.dumps({**GOOD, "words": [1]}), "has to have words"),
        (json.dumps({**GOOD, "words": {"": [1, 0]}}), "not a word"),
        (json.dumps({**GOOD, "words": {"x" * 61: [1, 0]}}), "not a word"),
        (json.dumps({**GOOD, "words": {"a\0": [1, 0]}}), "not a word"),
        (json.dumps({**GOOD, "words": {"\ud800": [1, 0]}}), "not a word"),
        (json.dumps({**GOOD, "words": {"a": [1]}}), "not a pair"),
        (json.dumps({**GOOD, "words": {"a": [-1, 0]}}), "not a pair"),
        (json.dumps({**GOOD, "words": {"a": [2**31, 0]}}), "not a pair"),
        (json.dumps({**GOOD, "words": {"a": [True, 0]}}), "not a pair"),
        (json.dumps({**GOOD, "comments": None}), "not a pair"),
    ],
)
def test_a_file_that_is_none_changes_nothing_and_is_told_why(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "filter.json"
    file.write_text(text)
    WordCount.objects.create(word="kept", ham=1)

    with pytest.raises(CommandError, match=sentence):
        run("import", file)

    assert rows() == [("kept", 1, 0)]


@pytest.mark.parametrize(
    "words", [("import",), ("export",), ("reset", "x.json"), ("import", "/none/x.json"), ("export", "/none/x")]
)
def test_a_call_that_cannot_work_says_so(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*words)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "filter.json"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CommandError):
        run("import", file)
