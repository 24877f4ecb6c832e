"""What a browser makes of each shipped theme: the tokens arrive in the one sheet, and every component fits."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from blog.themes import Theme
from tests.browser.conftest import sign_in
from tests.factories import make_image

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


@pytest.mark.parametrize("name", sorted(sheet.parent.name for sheet in ROOT.glob("themes/*/theme.css")))
def test_every_component_fits_a_phone_and_a_desk_in_light_and_dark(
    page: Page, site: str, settings: Any, name: str
) -> None:
    settings.THEME_DIR = ROOT / "themes" / name
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    make_image()
    sign_in(page, site)

    paper = Theme(settings.THEME_DIR).colours["paper"]
    for scheme, colour in zip(SCHEMES, paper, strict=True):
        page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{site}/admin/design/")

            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == rgb(colour)
        page.goto(f"{site}/admin/")
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == rgb(colour)
    assert complaints == []


def test_the_switch_of_the_admin_reaches_the_theme(page: Page, site: str, settings: Any, java_script: bool) -> None:
    if not java_script:
        pytest.skip("the switch is Django's, and a script")
    accent = Theme(settings.THEME_DIR).colours["accent"]
    sign_in(page, site)
    page.goto(f"{site}/admin/")

    for scheme, colour in zip(SCHEMES, accent, strict=True):
        page.evaluate(f"() => document.documentElement.dataset.theme = '{scheme}'")

        # Django's links take a moment to change their colour: expect() looks again.
        expect(page.locator("#content-main a").first).to_have_css("color", rgb(colour))
