"""From a file, or a ZIP of files, to rows of words: encodings, separators, and limits. Nothing is written to disk."""

import codecs
import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from subscribers.importing.entry import UnreadableListError

LARGEST_FILE = 200 * 1024 * 1024  # bytes, unpacked
MOST_MEMBERS = 20_000  # files in a ZIP; a Substack export has a few for every post
MOST_LISTS = 50  # CSV files in a ZIP that are looked at
HIGHEST_RATIO = 100  # a list of addresses packs four to ten times
LONGEST_LINE = 100_000  # characters
CHUNK = 1 << 16
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
SEPARATORS = ",;\t"


class Sheet(NamedTuple):
    """One CSV file, which may be read any number of times."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    packed: bool = False  # it came in a ZIP with others


class Row(NamedTuple):
    line: int  # of the file, from 1; the last one where a cell goes over several
    cells: list[str]


class Encoding(NamedTuple):
    name: str
    guessed: bool = False


def sheets_in(path: Path) -> list[Sheet]:
    """Return the CSV files that a path stands for: itself, those in a ZIP, or those in a folder.

    Raises UnreadableListError for what is no file, too large, or a ZIP that is broken or unpacks to too much.
    """
    if path.is_dir():
        return [sheet for file in sorted(path.iterdir()) if is_list(file.name) for sheet in sheets_in(file)]
    if not path.is_file():
        raise UnreadableListError(_("%(name)s is not there, or is no file.") % {"name": path.name})
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if packed:
        return packed_sheets(path)
    check_size(path.name, path.stat().st_size)
    return [Sheet(path.name, lambda: path.open("rb"))]


def is_list(name: str) -> bool:
    return Path(name).suffix.lower() in {".csv", ".tsv", ".txt", ".zip"}


def packed_sheets(path: Path) -> list[Sheet]:
    """Return the CSV files in a ZIP. Their paths are names to show and nothing else, so no `../` leads anywhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableListError(_("%(name)s is broken, or no ZIP.") % {"name": path.name}) from error
    if len(members) > MOST_MEMBERS:
        raise UnreadableListError(_("%(name)s holds too many files.") % {"name": path.name})
    lists = [member for member in members if is_plain_csv(member)]
    if not lists or len(lists) > MOST_LISTS:
        raise UnreadableListError(
            _("%(name)s holds %(count)d CSV files; between 1 and %(most)d can be read.")
            % {"name": path.name, "count": len(lists), "most": MOST_LISTS}
        )
    check_size(path.name, sum(member.file_size for member in lists))
    for member in lists:
        if member.file_size > HIGHEST_RATIO * max(member.compress_size, CHUNK):
            raise UnreadableListError(_("%(name)s unpacks to far more than it is.") % {"name": path.name})
    return [Sheet(shown(member.filename), opener(path, member), packed=True) for member in lists]


def shown(name: str) -> str:
    """Return the last part of a path in a ZIP as it may be printed: whoever made the ZIP chose it."""
    return "".join(letter if letter.isprintable() else "?" for letter in Path(name).name)


def is_plain_csv(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is a CSV file, and no folder, symbolic link, or what a Mac adds."""
    link = stat.S_ISLNK(member.external_attr >> 16)
    name = Path(member.filename).name
    return not (link or member.is_dir() or name.startswith("._")) and name.lower().endswith(".csv")


def opener(path: Path, member: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    def open_member() -> IO[bytes]:
        # What is read is no more than what the ZIP's table says, which was checked.
        with zipfile.ZipFile(path) as archive:
            try:
                return archive.open(member)
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
                raise UnreadableListError(_("%(name)s is locked or broken.") % {"name": member.filename}) from error

    return open_member


def check_size(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise UnreadableListError(_("%(name)s is larger than 200 megabytes.") % {"name": name})


def encoding_of(sheet: Sheet) -> Encoding:
    """Return how the file is written. Reads all of it once, a piece at a time."""
    with opened(sheet) as file:
        piece = file.read(CHUNK)
        for mark, name in BYTE_ORDER_MARKS.items():
            if piece.startswith(mark):
                return Encoding(name)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece:
                decoder.decode(piece)
                piece = file.read(CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Encoding("cp1252", guessed=True)
    return Encoding("utf-8")


def rows_of(sheet: Sheet, encoding: Encoding) -> Iterator[Row]:
    """Yield the rows of a file, one at a time, without empty ones. Raises UnreadableListError where it is no CSV."""
    # What an encoding cannot say becomes a mark that no address may hold.
    with opened(sheet) as file, io.TextIOWrapper(file, encoding.name, errors="replace", newline="") as text:
        lines = short_lines(sheet, text)
        first = next(lines, "")
        reader = csv.reader(chain([first], lines), delimiter=separator_of(first))
        for cells in reader:
            if any(cells):
                yield Row(reader.line_num, cells)


@contextmanager
def opened(sheet: Sheet) -> Iterator[IO[bytes]]:
    """Open a file, and say in a sentence what its reader could not."""
    try:
        with sheet.open() as file:
            yield file
    except (csv.Error, UnicodeError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise UnreadableListError(_("%(name)s cannot be read as CSV.") % {"name": sheet.name}) from error


def short_lines(sheet: Sheet, text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableListError(_("%(name)s has a line that is too long for a list.") % {"name": sheet.name})
        yield line


def separator_of(line: str) -> str:
    """Return what stands between the cells: of comma, semicolon and tab the one that the first line has most of."""
    return max(SEPARATORS, key=line.count)
