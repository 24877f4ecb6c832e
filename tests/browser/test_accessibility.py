"""Every page that somebody reads, in every state that it can be in, before axe-core: docs/accessibility.md.

Django's test client asks for the pages and Chromium is handed the answers, so that one world of rows serves them all.
"""

import mimetypes
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, Page, Route

from config import urls
from tests.browser.every_page import KINDS, NO_PAGES, PAGES, Shown
from tests.browser.everything import make_everything
from tests.suites import from_npm
from tests.test_permissions import MODELS, ROLES, World, browser_of, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("tests.browser.every_page")]

AXE = ("axe-core-4.14.1", "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745")
ROOT = Path(__file__).resolve().parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast"]
OF_WIDTH = ["target-size", "scrollable-region-focusable", "color-contrast"]
FILES = ("/static/", "/media/")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}  # a phone is also 1280 px at 400 %
TABLET = {"width": 768, "height": 1024}


@pytest.fixture(scope="session", autouse=True)
def _browser_leaves_first() -> None:
    """No live server here: nobody has to leave it."""


@pytest.fixture(autouse=True)
def _requests_end_first() -> None:
    """Every request has ended when its answer is handed over; and the world below outlives the tests."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world once; each test has it as it was, since its own transaction lies within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_everything()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One window for all the pages, that has axe-core in it."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=from_npm(*AXE) / "axe.min.js")
    page = context.new_page()
    page.set_default_timeout(5_000)
    yield page
    context.close()


@cache
def static_file(path: str) -> bytes | None:
    """Return a file of the site's own; for every picture that somebody uploaded the same one."""
    name = "icon-192.png" if path.startswith("/media/") else path.removeprefix("/static/")
    found = finders.find(name) if name != path else None
    return Path(str(found)).read_bytes() if found else None


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def answer(world: World, settings: Any) -> Callable[[Shown], tuple[Client, Any]]:
    """Ask for a page, and follow where that leads; return who asked, and the page."""

    def ask(page: Shown) -> tuple[Client, Any]:
        if page.before:
            page.before()
        person = world.people[ROLES.index(page.by)] if page.by else None
        client = browser_of(person)
        client.raise_request_exception = False
        address = page.address.format(**world.rows)
        response = client.get(address) if page.data is None else client.post(address, page.data)
        while "Location" in response.headers:
            response = client.get(response.headers["Location"])
        return client, response

    return ask


@pytest.fixture
def show(window: Page, answer: Callable[[Shown], tuple[Client, Any]]) -> Iterator[Callable[[Shown], Page]]:
    """Open a page in the window."""

    def open_page(page: Shown) -> Page:
        client, response = answer(page)
        assert response.status_code == page.status, response.text[:500]
        whole = [body_of(response)]
        here = copy_context()  # with the connection to the database, of which Playwright's own context knows nothing

        def serve(route: Route) -> None:
            path = urlsplit(route.request.url).path
            body = whole.pop() if whole else static_file(path)
            if body is not None:
                kind = mimetypes.guess_type(path)[0] if path.startswith(FILES) else response["Content-Type"]
                route.fulfill(body=body, content_type=kind)
            else:
                other = here.run(client.get, route.request.url.partition("testserver")[2])
                route.fulfill(body=body_of(other), status=other.status_code, content_type=other["Content-Type"])

        window.unroute_all()
        window.route("**/*", serve)
        window.set_viewport_size(DESK)  # type: ignore[arg-type]
        window.emulate_media(color_scheme="light")
        window.goto(f"http://testserver{response.request['PATH_INFO']}")
        return window

    yield open_page
    window.goto("about:blank")


# What is Django's, or select2's within it, and has nothing of ours on it: a rule, and the elements that it passes over.
NOT_OURS = {
    "empty-table-header": ".tabular th",  # above the row's own name, and above no box for deleting: no data cells
    "label-title-only": "#searchbar",  # its label is a picture of a magnifying glass, with a description
    "list": ".select2-selection__rendered",  # select2 puts its search field beside the items
    "cut off": ".select2-container *, .tabular .original p",  # has a title; repeats what the fields of the row say
}


def violations(window: Page, run: dict[str, Any]) -> list[str]:
    """What axe-core finds, one line for each element."""
    return window.evaluate(
        """async ([runOnly, notOurs]) => {
            const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
            const ours = (rule, { target }) => !document.querySelector(target[0]).matches(notOurs[rule] ?? ":not(*)");
            return violations.flatMap(({ id, nodes }) => nodes.filter((node) => ours(id, node)).map(
                ({ html, failureSummary }) => `${id}: ${html.slice(0, 250)} ${failureSummary}`.replace(/\\s+/g, " ")));
        }""",
        [run, NOT_OURS],
    )


# WCAG 2.2, 1.4.12: what a reader may ask for, and nothing is lost.
LETTERS_APART = """() => {
    const spaced = new CSSStyleSheet();
    spaced.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [spaced];
}"""


def cut_off(window: Page) -> list[str]:
    """What does not fit: a page that scrolls sideways (WCAG 2.2, 1.4.10), or words that leave a box that hides."""
    return window.evaluate(
        """(notOurs) => {
            const wide = document.documentElement.scrollWidth;
            const sideways = wide > innerWidth ? [`the page is ${wide} px wide`] : [];
            const hides = (one) => /hidden|clip/.test(getComputedStyle(one).overflow) && one.clientWidth > 1;
            const words = (one) => one.clientHeight > 1 && one.innerText?.trim() && !one.matches("select, textarea");
            const fits = (one) => one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1;
            const cut = [...document.body.querySelectorAll("*")].filter(
                (one) => hides(one) && words(one) && !fits(one) && !one.matches(notOurs));
            return [...sideways, ...cut.map((one) => `cut off: ${one.outerHTML.slice(0, 200)}`)];
        }""",
        NOT_OURS["cut off"],
    )


def broken(window: Page) -> list[str]:
    """What a table breaks in two for want of room: a word that is no longer than words are."""
    return window.evaluate(
        """() => [...document.querySelectorAll("td, th")].flatMap((cell) => {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            const lines = (node, { index, 0: word }) => {
                const range = document.createRange();
                range.setStart(node, index);
                range.setEnd(node, index + word.length);
                return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
            };
            const found = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const words = [...node.data.matchAll(/(?<!\\S)\\p{L}{2,14}(?!\\S)/gu)];
                found.push(...words.filter((word) => lines(node, word) > 1).map(([word]) => `broken: ${word}`));
            }
            return found;
        })"""
    )


def check(window: Page, where: str, *rules: str) -> list[str]:
    run = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": RULES}
    return [f"{where}: {line}" for line in violations(window, run)]


def everything_found(window: Page) -> str:
    """Look at a page wide and narrow, by day and by night, with its letters apart; return a line for each fault."""
    found = check(window, "wide, light") + [f"wide: {what}" for what in broken(window)]
    window.emulate_media(color_scheme="dark")
    found += check(window, "wide, dark", *OF_COLOUR)
    window.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += check(window, "narrow, dark", *OF_WIDTH)
    window.emulate_media(color_scheme="light")
    found += check(window, "narrow, light", *OF_COLOUR)
    found += [f"narrow: {what}" for what in cut_off(window)]
    window.evaluate(LETTERS_APART)
    found += [f"narrow, letters apart: {what}" for what in cut_off(window)]
    return "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(show: Callable[[Shown], Page], name: str) -> None:
    assert everything_found(show(PAGES[name])) == ""


# Every component in every state, and what the second theme lays out in its own way.
@pytest.mark.parametrize("name", ["design", "home", "post", "series"])
def test_axe_finds_nothing_in_the_second_theme(show: Callable[[Shown], Page], settings: Any, name: str) -> None:
    settings.THEME_DIR = ROOT / "themes" / "broadside"
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [settings.THEME_DIR / "templates", *engine["DIRS"][1:]]}]
    static_file.cache_clear()

    assert everything_found(show(PAGES[name])) == ""
    static_file.cache_clear()


@pytest.mark.parametrize(
    "model", ["blog_post", "blog_navigationlink", "comments_comment", "subscribers_subscriber", "accounts_user"]
)
def test_a_list_of_the_admin_is_no_wider_than_a_tablet(show: Callable[[Shown], Page], model: str) -> None:
    window = show(PAGES[f"admin:{model}_changelist"])
    window.set_viewport_size(TABLET)  # type: ignore[arg-type]

    rows = window.locator("#result_list tbody tr")
    wide = window.locator(".results").evaluate("(box) => box.scrollWidth - box.clientWidth")

    assert rows.count() > 0
    assert wide <= 0
    assert broken(window) == []


def test_every_address_is_looked_at() -> None:
    of_models = {
        f"admin:{model}_{kind}" for model in MODELS for kind in KINDS
    }  # every_page.py takes them from the table

    assert sorted(set(names(urls.urlpatterns)) - of_models - NO_PAGES - {page_name(key) for key in PAGES}) == [], (
        "Say in PAGES of tests/browser/every_page.py how this page is reached, or in NO_PAGES that it is none."
    )


def test_the_keys_say_what_is_looked_at(world: World) -> None:
    paths = {key: page.address.format(**world.rows).partition("?")[0] for key, page in PAGES.items()}
    asked = {key: resolve(path).view_name for key, path in paths.items() if key not in {"403", "404"}}

    assert {key: name for key, name in asked.items() if name != page_name(key)} == {}


def page_name(key: str) -> str:
    return key.partition(" ")[0]
