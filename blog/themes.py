"""What the site wears: a theme's tokens, and the style sheets that are joined from them.

A theme is a folder with a file theme.css. Its first :root rule holds tokens, which are custom properties; what it
leaves out comes from the default theme. docs/themes.md says how to make one, docs/decisions/0035 why it is like this.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEET = "theme.css"
TEMPLATES = "templates"
SCHEMES = ("light", "dark")

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ROOT_RULE = re.compile(r":root\s*\{([^}]*)\}")
TOKEN = re.compile(r"--([\w-]+)\s*:\s*([^;]+?)\s*;")
COLOUR = re.compile(r"light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)|(#[0-9a-f]{6})", re.IGNORECASE)
USE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True)
class Theme:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def css(self) -> str:
        return (self.folder / SHEET).read_text()

    @cached_property
    def own_tokens(self) -> dict[str, str]:
        """The tokens in this theme's own file, by their names without the dashes."""
        rule = ROOT_RULE.search(COMMENT.sub("", self.css))
        return dict(TOKEN.findall(rule[1])) if rule else {}

    @cached_property
    def tokens(self) -> dict[str, str]:
        return {**default().own_tokens, **self.own_tokens}

    @cached_property
    def colours(self) -> dict[str, tuple[str, str]]:
        """The tokens that are colours, each for light and for dark."""
        found = {name: COLOUR.fullmatch(value) for name, value in self.tokens.items()}
        return {name: (match[1] or match[3], match[2] or match[3]) for name, match in found.items() if match}

    def resolve(self, css: str, scheme: str) -> str:
        """Return a style sheet with the colours themselves for their tokens, for mails: their programs know no tokens.

        Raises KeyError for a token that is no colour which COLOUR knows.
        """
        return USE.sub(lambda use: self.colours[use[1]][SCHEMES.index(scheme)], css)


def default() -> Theme:
    """The theme that lends every other one what it leaves out."""
    return Theme(settings.BASE_DIR / "themes" / settings.DEFAULT_THEME)


def active() -> Theme:
    """The theme that THEME names. Reads its file; nothing is remembered beyond what is returned."""
    return Theme(settings.THEME_DIR)


def rule(selector: str, tokens: dict[str, str]) -> str:
    return f"{selector} {{\n" + "".join(f"  --{name}: {value};\n" for name, value in tokens.items()) + "}\n"


def reader_sheet(theme: Theme) -> str:
    """The one style sheet of public pages: tokens that the theme leaves out, what all themes share, the theme's own."""
    lent = {name: value for name, value in theme.tokens.items() if name not in theme.own_tokens}
    shared = (settings.BASE_DIR / "static/css/byline.css").read_text()
    return "\n".join([*([rule(":root", lent)] if lent else []), shared, theme.css])


def desk_sheet(theme: Theme) -> str:
    """The admin's style sheet: it takes the tokens alone, for a theme's own rules are about public pages.

    The selector is as strong as that of Django's admin, which has an --accent too.
    """
    shared = (settings.BASE_DIR / "static/css/admin.css").read_text()
    return rule("html:root, html:root[data-theme]", theme.tokens) + "\n" + shared


SHEETS = {"theme/byline.css": reader_sheet, "theme/admin.css": desk_sheet}


class ThemeFinder(BaseFinder):
    """Finds what pages load of a theme, under theme/: the joined sheets, and the theme's own fonts and pictures.

    The sheets are written to DATA_DIR/theme/ whenever somebody looks for one and its sources have changed: so
    collectstatic, `runserver` and the tests get the same file, and a browser gets one.
    """

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        name = path.removeprefix("theme/")
        if path in SHEETS:
            found = str(write_sheet(path))
        elif path != name and name in set(own_files(settings.THEME_DIR)):
            found = str(settings.THEME_DIR / name)
        else:
            return []
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in SHEETS:
            write_sheet(path)
            yield path, FileSystemStorage(settings.DATA_DIR)
        own = FileSystemStorage(settings.THEME_DIR)
        own.prefix = "theme"  # type: ignore[attr-defined]  # where collectstatic puts its files
        for path in own_files(settings.THEME_DIR):
            yield path, own


def own_files(folder: Path) -> Iterator[str]:
    """Return the paths, within a theme's folder, of what browsers may load beside the joined sheet."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] not in {SHEET, TEMPLATES} and not any(part.startswith(".") for part in parts):
            yield "/".join(parts)


def write_sheet(path: str) -> Path:
    """Join a style sheet, and return where it is. The file appears whole, and is touched only if it has changed."""
    target = Path(settings.DATA_DIR, path)
    css = SHEETS[path](active())
    if not target.exists() or target.read_text() != css:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_text(css)
        draft.replace(target)
    return target
