"""What a reader's browser loads, keeps and says: bytes, requests, cookies, errors, shifts. Never how long it took.

The numbers and the reasons are in docs/budgets.md.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, Response, Route

from blog.images import reencode
from blog.middleware import CONTENT_SECURITY_POLICY
from blog.models import Image, NavigationLink, Source
from tests.factories import (
    make_author,
    make_comment,
    make_image,
    make_page,
    make_post,
    make_posts,
    make_series,
    make_tag,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_REQUESTS = 4
MOST_BYTES = 30_000
MOST_STYLE_BYTES = 10_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

PARAGRAPH = "A paragraph of some length, with words in it that wrap over several lines of a page. " * 6
KEPT = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
    ...(await indexedDB.databases()).map((database) => database.name),
]"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SHIFTS = """() => new Promise((done) => {
    const seen = [];
    const read = (list) => seen.push(...list.getEntries());
    const observer = new PerformanceObserver(read);
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => {
        read({ getEntries: () => observer.takeRecords() });
        done(seen.map((entry) => [entry.value, ...entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 120))]));
    }));
})"""


def picture(width: int, height: int) -> Image:
    """Store a picture with all its sizes, as the editor does."""
    file = BytesIO()
    Pillow.new("RGB", (width, height), "maroon").save(file, "PNG")
    return Image.objects.create(file=reencode(file))


@pytest.fixture
def public_pages(transactional_db: None) -> dict[str, str]:
    """Fill a publication with some of everything; return the paths of its kinds of pages, by name."""
    author = make_author("Ann Author", tagline="Writes here.", bio="A line about her.", portrait=make_image())
    tag, series = make_tag("Subject"), make_series("A series")
    text = "\n\n".join(f"## Part {number}\n\n{PARAGRAPH}" for number in range(12))
    post = make_post(
        title="A title of usual length for an article",
        subtitle="What it says, in a line.",
        source=f"{PARAGRAPH}\n\n{text}",
        authors=[author],
        tags=[tag],
        series=series,
        cover=picture(1600, 1000),
    )
    Source.objects.create(post=post, text="A source", url="https://example.org/")
    for number in range(20):
        make_comment(post, source=f"Answer {number}, two sentences at most, as they are. It says something.")
    make_posts(25, authors=[author], tags=[tag], series=series)
    NavigationLink.objects.create(place=NavigationLink.Place.MASTHEAD, label="Essays", address="/tags/")
    return {
        "home": "/",
        "second page": "/page/2/",
        "post": post.get_absolute_url(),
        "page": make_page(source=text).get_absolute_url(),
        "archive": "/archive/",
        "month": f"/archive/{post.published_at:%Y/%m}/",
        "tags": "/tags/",
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "series": series.get_absolute_url(),
        "search": "/search/?q=paragraph",
        "subscribe": "/subscribe/",
        "comment form": f"{post.get_absolute_url()}comments/",
        "404": "/nothing/here/",
    }


class Visit:
    """A first visit of one page: what was asked for, what came, and what the browser complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.responses: list[Response] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda response: self.responses.append(response))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.hear)

    def hear(self, message: Any) -> None:
        # That a page which is not there answers 404 is no fault of the page.
        is_answer = message.text.startswith("Failed to load resource") and message.location["url"] == self.address
        if message.type in {"error", "warning"} and not is_answer:
            self.complaints.append(message.text)

    @property
    def words(self) -> list[Response]:
        """All that came, images aside."""
        return [response for response in self.responses if response.request.resource_type != "image"]

    @property
    def weight(self) -> int:
        return sum(map(weigh, self.words))


def weigh(response: Response) -> int:
    """The size of a response as a server with compression sends it."""
    return len(gzip.compress(response.body(), 6))


Visitor = Callable[..., Any]


@pytest.fixture
def first_visit(browser: Browser, site: str, java_script: bool) -> Visitor:
    """Open a path in a browser that has never been here, at the size of a phone unless told otherwise."""

    @contextmanager
    def visit(path: str, viewport: dict[str, int] = PHONE) -> Iterator[Visit]:
        with closing(browser.new_context(java_script_enabled=java_script, viewport=viewport)) as context:
            page = context.new_page()
            visit = Visit(page, site + path)
            page.goto(site + path)
            yield visit

    return visit


def test_public_pages_stay_within_their_budgets(public_pages: dict[str, str], first_visit: Visitor, site: str) -> None:
    with ExitStack() as windows:
        visits = {name: windows.enter_context(first_visit(path)) for name, path in public_pages.items()}
        for visit in visits.values():
            visit.page.wait_for_load_state("networkidle")  # what else could still ask for more?
        for name, visit in visits.items():
            assert [url for url in visit.requests if not url.startswith((f"{site}/", "data:"))] == [], name
            assert len(visit.words) <= MOST_REQUESTS, name
            assert visit.weight <= MOST_BYTES, name
            assert all(weigh(each) <= MOST_STYLE_BYTES for each in visit.words if ".css" in each.url), name
            assert visit.page.context.cookies() == [], name
            assert [each.url for each in visit.responses if "set-cookie" in each.headers] == [], name
            assert visit.page.evaluate(KEPT) == [], name
            answer = next(each for each in visit.responses if each.url == visit.address)
            assert answer.status == (404 if name == "404" else 200), name
            assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY, name
            assert visit.complaints == [], name


class Latecomers:
    """Pictures and scripts, held back until a page has been painted without them."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.is_over = False
        page.route(re.compile(r"/media/|\.js$"), lambda route: self.hold(route))

    def hold(self, route: Route) -> None:
        route.continue_() if self.is_over else self.held.append(route)

    def let_in(self) -> None:
        self.is_over = True
        for route in self.held:
            route.continue_()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_when_pictures_and_scripts_come_late(
    viewport: dict[str, int], public_pages: dict[str, str], browser: Browser, site: str
) -> None:
    for name, path in public_pages.items():
        with closing(browser.new_context(viewport=viewport)) as context:
            page = context.new_page()
            late = Latecomers(page)
            page.goto(site + path, wait_until="commit")
            page.wait_for_selector(".footer")
            page.evaluate(TWO_FRAMES)
            late.let_in()
            page.wait_for_load_state("load")

            assert any(route.request.url.endswith(".js") for route in late.held), name
            assert page.evaluate(SHIFTS) == [], name


@pytest.mark.parametrize("java_script", [True], indirect=True)
def test_the_policy_stops_a_script_that_got_into_a_page(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))

    page.evaluate(
        """() => {
            document.body.append(Object.assign(document.createElement("script"), { text: "window.ran = true" }));
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = true'>");
        }"""
    )
    page.wait_for_load_state("networkidle")

    assert page.evaluate("() => window.ran") is None
    assert any("Content Security Policy" in text for text in refused)


def test_long_words_fit_a_phone(first_visit: Visitor) -> None:
    author, tag = make_author(name="A name of eighty letters " + "n" * 55, tagline="A tagline"), make_tag()
    post = make_post(
        title="A title that takes " + "four long lines " * 6, authors=[author], tags=[tag], cover=make_image()
    )
    make_comment(post, name="W" * 80, source="An unbroken" + "word" * 80)
    paths = ["/", post.get_absolute_url(), author.get_absolute_url(), tag.get_absolute_url()]
    paths += [make_page().get_absolute_url(), "/subscribe/", "/subscribe/asked/", f"{post.get_absolute_url()}comments/"]

    for path in paths:
        with first_visit(path) as visit:
            assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"], path
            assert visit.complaints == [], path
