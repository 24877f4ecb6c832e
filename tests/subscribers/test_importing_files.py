"""Files and ZIPs as they come: how they are written, and what they may not do (threat T23)."""

import stat
import zipfile
from pathlib import Path

import pytest

from subscribers.importing import files
from subscribers.importing.entry import UnreadableListError
from subscribers.importing.files import encoding_of, rows_of, sheets_in
from tests.subscribers.lists import zipped

WORDS = "email,name\nann@example.org,Zoë\n"


def rows(path: Path) -> list[list[str]]:
    return [row.cells for sheet in sheets_in(path) for row in rows_of(sheet, encoding_of(sheet))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_however_it_is_written(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    path = tmp_path / "list.csv"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path.write_bytes((mark + WORDS.replace(",", separator).replace("\n", end)).encode(encoding))

    (sheet,) = sheets_in(path)
    assert rows(path)[1:] == [["ann@example.org", "Zoë"]]
    assert rows(path)[0][1] == "name"
    assert encoding_of(sheet).guessed == (encoding == "cp1252")


def test_a_row_knows_its_line_where_a_cell_goes_over_two(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('email,note\na@example.org,"one\ntwo"\n\nb@example.org,\n')

    (sheet,) = sheets_in(path)

    assert [row.line for row in rows_of(sheet, encoding_of(sheet))] == [1, 3, 5]


def test_a_zip_stands_for_the_lists_in_it_and_its_paths_lead_nowhere(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(
        tmp_path,
        ("../../out.csv", WORDS),
        ("/abs/olute.csv", WORDS),
        (link, "/etc/passwd"),
        ("posts/1.html", "<p>"),
        ("\x1b[2Jtwo.csv", WORDS),
    )
    before = sorted(tmp_path.rglob("*"))

    assert [sheet.name for sheet in sheets_in(path)] == ["out.csv", "olute.csv", "?[2Jtwo.csv"]
    assert len(rows(path)) == 6
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zip_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("bomb.csv", "a" * 30_000_000))

    with pytest.raises(UnreadableListError, match="unpacks to far more"):
        sheets_in(path)


def test_a_zip_cannot_lie_about_its_sizes(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("list.csv", "email\n" + "a@example.org\n" * 1000))
    content = bytearray(path.read_bytes())
    table = content.index(b"PK\x01\x02")
    content[table + 24 : table + 28] = (100).to_bytes(4, "little")  # what it unpacks to, says the ZIP's table
    path.write_bytes(content)

    with pytest.raises(UnreadableListError):
        rows(path)


def unreadable(tmp_path: Path) -> dict[str, Path]:
    endless, long, broken, folder = (
        tmp_path / name for name in ("endless.csv", "long.csv", "broken.zip", "folder.csv")
    )
    endless.write_text('email\n"' + "a\n" * 200_000)
    long.write_text("email\n" + "a" * 200_000)
    broken.write_bytes(b"PK\x03\x04 and no more")
    folder.mkdir()
    return {
        "a cell without an end": endless,
        "a line without an end": long,
        "a broken zip": broken,
        "a zip without a list": zipped(tmp_path, ("a.txt", "a")),
        "too many files": zipped(tmp_path, *((f"{n}.csv", "email\n") for n in range(60)), name="many.zip"),
        "nothing there": tmp_path / "none.csv",
    }


@pytest.mark.parametrize(
    "name",
    [
        "a cell without an end",
        "a line without an end",
        "a broken zip",
        "a zip without a list",
        "too many files",
        "nothing there",
    ],
)
def test_what_is_no_list_says_so_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableListError) as refused:
        rows(unreadable(tmp_path)[name])

    assert str(refused.value).endswith((".", "read."))


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 20)
    path = tmp_path / "list.csv"
    path.write_text(WORDS)

    with pytest.raises(UnreadableListError, match="larger"):
        sheets_in(path)
    with pytest.raises(UnreadableListError, match="larger"):
        sheets_in(zipped(tmp_path, ("list.csv", WORDS)))
