"""One reader per format, chosen by a file's name."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from bs4 import BeautifulSoup
from django.utils import timezone
from markdownify import MarkdownConverter

from blog.importing.document import Document, Signature, UnreadableDocumentError
from blog.importing.plain import read_plain
from blog.markup import clean_source

LARGEST_FILE = 2_000_000  # bytes


def read(path: Path) -> Document:
    """Read one file. Raises UnreadableDocumentError, with a sentence that says why, if it cannot become a post."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise UnreadableDocumentError(f"files that end in {path.suffix or 'nothing'} are not known; {known} are.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableDocumentError("the file is larger than two megabytes.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError("the text is not in UTF-8; save it as UTF-8 and try again.") from error
    except OSError as error:
        raise UnreadableDocumentError(f"{error.strerror}.") from error
    if "\0" in text:
        raise UnreadableDocumentError("the file is not text.")
    try:
        return reader(clean_source(text))
    except RecursionError as error:
        raise UnreadableDocumentError("its parts are nested too deeply.") from error


def read_markdown(text: str) -> Document:
    """Read Markdown with or without YAML front matter; without a title there, the first heading is the title."""
    meta, body = split_front_matter(text.strip())
    body = body.strip()
    title = str(meta.get("title") or "").strip()
    if not title and body.startswith("# "):
        title, _newline, body = body[2:].partition("\n")
    if not title.strip():
        raise UnreadableDocumentError(
            "there is no title: write `title:` in the front matter or `# Title` on the first line."
        )
    return Document(
        title=title.strip(),
        text=body.strip() + "\n",
        subtitle=str(meta.get("subtitle") or meta.get("description") or ""),
        slug=str(meta.get("slug") or ""),
        authors=[Signature(name) for name in names(meta.get("authors") or meta.get("author"))],
        tags=names(meta.get("tags")),
        date=moment(meta.get("date") or meta.get("published_at")),
        draft=bool(meta.get("draft", False)),
    )


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the YAML front matter and the text below it; what stands between two mere rules is text."""
    handler = frontmatter.YAMLHandler()
    parts = handler.FM_BOUNDARY.split(text, 2) if handler.detect(text) else []
    if len(parts) < 3:
        return {}, text
    try:
        meta = handler.load(parts[1]) or {}
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-30
        raise UnreadableDocumentError(f"the front matter is not YAML: {' '.join(str(error).split())}.") from error
    return (meta, parts[2]) if isinstance(meta, dict) else ({}, text)


def read_html(text: str) -> Document:
    """Read a page of HTML: its article (or main part, or body), its title, its author, its date."""
    soup = BeautifulSoup(text, "html.parser")
    body = soup.find("article") or soup.find("main") or soup.body or soup
    heading = body.find("h1")
    title = (heading or soup.title or soup).get_text(" ", strip=True) if heading or soup.title else ""
    if not title:
        raise UnreadableDocumentError("there is no title: the page has neither an <h1> nor a <title>.")
    if heading:
        heading.extract()
    for noise in body.find_all(["title", "script", "style", "nav", "form", "noscript"]):
        noise.decompose()
    published = soup.find("meta", property="article:published_time")
    return Document(
        title=title,
        text=MarkdownConverter(heading_style="ATX", bullets="-").convert_soup(body).strip() + "\n",
        subtitle=meta_content(soup, "description"),
        authors=[Signature(name) for name in names(meta_content(soup, "author"))],
        date=moment(str(published.get("content"))) if published else None,
    )


def meta_content(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": name})
    return str(tag.get("content") or "").strip() if tag else ""


def names(value: object) -> list[str]:
    """Return a list of names from what front matter has: a list, or one line with commas."""
    if not value:
        return []
    items = value if isinstance(value, list) else str(value).split(",")
    return [str(item).strip() for item in items if str(item).strip()]


def moment(value: object) -> datetime.datetime | None:
    """Return a moment from what front matter has: a date, a time with or without a zone, or their ISO 8601 form."""
    if not value:
        return None
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError as error:
            raise UnreadableDocumentError(f"the date {value!r} is not one; write it as 2026-11-23.") from error
    if not isinstance(value, datetime.date):
        raise UnreadableDocumentError(f"the date {value!r} is not one; write it as 2026-11-23.")
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, 12)  # noqa: DTZ001  made aware below
    return timezone.make_aware(value) if timezone.is_naive(value) else value


READERS: dict[str, Callable[[str], Document]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".txt": read_plain,
}
