"""Themes: what they say, what pages and mails get of them, and contrast in every one that is shipped."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.test import Client

from blog import mail, social_drawing, themes
from blog.colours import PAIRS, contrast
from tests.factories import make_post

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(sheet.parent for sheet in ROOT.glob("themes/*/theme.css"))
SHEETS = [*sorted((ROOT / "static/css").glob("*.css")), ROOT / "templates/mail/_style.css"]
OWN = """
/* A theme of three lines. --ink: #ffffff; is a comment. */
:root {
  --accent: light-dark(#123456, #abcdef);
}
.masthead { background: var(--accent); }
"""

each_shipped = pytest.mark.parametrize(
    "theme", [themes.Theme(folder) for folder in SHIPPED], ids=lambda theme: theme.name
)


def words_of(path: Path) -> str:
    return themes.COMMENT.sub("", path.read_text())


def texts_of(html: str) -> list[str]:
    return [text.strip() for text in re.findall(r">([^<]+)<", html) if text.strip()]


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> themes.Theme:
    """A theme of a writer's own, which the site wears."""
    folder = tmp_path / "themes" / "own"
    (folder / "templates/blog").mkdir(parents=True)
    (folder / "theme.css").write_text(OWN)
    (folder / "letters.woff2").write_bytes(b"a font")
    (folder / "templates/blog/_post_line.html").write_text("<p>As the theme has it: {{ post.title }}</p>")
    settings.THEME_DIR = folder
    settings.DATA_DIR = tmp_path
    return themes.active()


def test_two_themes_are_shipped_and_the_default_is_one_of_them(settings: Any) -> None:
    assert len(SHIPPED) >= 2
    assert settings.DEFAULT_THEME in {folder.name for folder in SHIPPED}


@each_shipped
def test_a_shipped_theme_has_every_token_that_the_style_sheets_use(theme: themes.Theme) -> None:
    # What a sheet names itself is no token: the admin's own properties, and what a page lends the editor.
    used = {name for sheet in SHEETS for name in themes.USE.findall(words_of(sheet))}
    named = {name for sheet in SHEETS for name in re.findall(r"--([\w-]+)\s*:", words_of(sheet))}

    assert used - named - set(theme.own_tokens) == set()


def test_the_default_theme_has_no_token_that_nothing_uses() -> None:
    every = "".join(words_of(sheet) for sheet in SHEETS) + words_of(themes.default().folder / "theme.css")

    assert [name for name in themes.default().own_tokens if f"var(--{name})" not in every] == []


@each_shipped
def test_a_shipped_theme_has_no_token_that_the_default_one_does_not_know(theme: themes.Theme) -> None:
    assert set(theme.own_tokens) == set(themes.default().own_tokens)


@pytest.mark.parametrize("scheme", themes.SCHEMES)
@each_shipped
def test_words_controls_and_focus_have_contrast(theme: themes.Theme, scheme: str) -> None:
    at = themes.SCHEMES.index(scheme)
    found = {pair: contrast(theme.colours[pair.upper][at], theme.colours[pair.lower][at]) for pair in PAIRS}

    assert {pair: ratio for pair, ratio in found.items() if ratio < pair.least} == {}


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#8f2740", "#8f2740") == 1


def test_no_style_sheet_has_a_colour_of_its_own() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|light-dark\(", re.IGNORECASE)

    assert [sheet.name for sheet in SHEETS if colour.search(words_of(sheet))] == []


def test_the_picture_for_social_media_is_drawn_in_the_default_themes_colours() -> None:
    drawn = [
        social_drawing.PAPER,
        social_drawing.INK,
        social_drawing.INK_SOFT,
        social_drawing.ACCENT,
        social_drawing.LINE,
    ]

    light = themes.default().colours
    assert drawn == [light[name][0] for name in ("paper", "ink", "ink-soft", "accent", "line")]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/subscribe/", "/search/"])
def test_a_public_page_loads_one_style_sheet(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', page) == ["/static/theme/byline.css"]


@each_shipped
def test_that_sheet_needs_no_other(theme: themes.Theme) -> None:
    assert "@import" not in themes.reader_sheet(theme)


def test_the_joined_sheet_holds_the_tokens_what_is_shared_and_the_themes_own_rules(own: themes.Theme) -> None:
    found = finders.find("theme/byline.css")

    assert isinstance(found, str)
    sheet = Path(found).read_text()
    lent, shared, last = sheet.index("--paper:"), sheet.index(".masthead {"), sheet.index(OWN)
    assert lent < shared < last
    assert "--accent: light-dark(#8f2740" not in sheet


def test_a_sheet_is_joined_anew_when_its_theme_has_changed_and_only_then(own: themes.Theme) -> None:
    path = themes.write_sheet("theme/byline.css")
    before = path.stat().st_mtime_ns

    assert themes.write_sheet("theme/byline.css").stat().st_mtime_ns == before
    (own.folder / "theme.css").write_text(OWN.replace("#123456", "#654321"))
    assert "#654321" in themes.write_sheet("theme/byline.css").read_text()


def test_the_admin_wears_the_tokens_of_an_own_theme(own: themes.Theme) -> None:
    sheet = themes.write_sheet("theme/admin.css").read_text()

    assert "--accent: light-dark(#123456, #abcdef);" in sheet
    assert ".masthead" not in sheet


def test_a_theme_brings_its_own_fonts_and_nothing_else_of_its_folder(own: themes.Theme, settings: Any) -> None:
    (own.folder / ".secret").write_text("kept")
    listed = {str(path) for path, _storage in themes.ThemeFinder().list(None)}

    assert listed == {"theme/byline.css", "theme/admin.css", "letters.woff2"}
    assert finders.find("theme/letters.woff2") == str(own.folder / "letters.woff2")
    for path in ("theme/theme.css", "theme/.secret", "theme/templates/blog/_post_line.html", "theme/../../secret_key"):
        assert themes.ThemeFinder().find(path) == []


def test_a_theme_puts_its_own_template_in_the_place_of_ours(own: themes.Theme, settings: Any) -> None:
    engine = Engine(dirs=[own.folder / "templates", ROOT / "templates"], libraries={})

    assert (
        engine.render_to_string("blog/_post_line.html", {"post": {"title": "Hi"}}) == "<p>As the theme has it: Hi</p>"
    )


def test_the_theme_that_is_set_comes_before_our_own_templates(settings: Any) -> None:
    assert settings.TEMPLATES[0]["DIRS"] == [settings.THEME_DIR / "templates", ROOT / "templates"]


@pytest.mark.django_db
def test_broadsides_line_of_a_post_says_what_ours_says() -> None:
    theirs = ROOT / "themes/broadside/templates/blog/_post_line.html"
    post = make_post(title="A title", subtitle="One line")

    ours = render_to_string("blog/_post_line.html", {"post": post})
    page = Engine.get_default().from_string(theirs.read_text()).render(Context({"post": post}))
    assert sorted(texts_of(page)) == sorted(texts_of(ours))


def test_a_mail_has_the_themes_colours_and_no_token(own: themes.Theme) -> None:
    page = mail.inline_styles(render_to_string("mail/_base.html", {"site_url": "https://a.example"}))

    assert "var(" not in page
    assert "color: #123456" in mail.inline_styles('<p><a href="https://a.example/">a</a></p>')
    assert "color: #abcdef !important" in page
