"""What a reader's browser loads, stores and says: bytes, requests, cookies, errors. Never how long it took."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.factories import make_author, make_comment, make_image, make_page, make_post, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_REQUESTS = 4
MOST_BYTES = 30_000
MOST_STYLE_BYTES = 10_000


def weigh(response: Response) -> int:
    """The size of a response as a server with compression sends it."""
    return len(gzip.compress(response.body(), 6))


@pytest.fixture
def visited(page: Page, site: str) -> Any:
    """Visit a path and return what came: the responses, and what the browser complained about."""

    def visit(path: str) -> tuple[list[Response], list[str]]:
        responses: list[Response] = []
        complaints: list[str] = []
        page.on("response", lambda response: responses.append(response))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        return responses, complaints

    return visit


def test_a_post_with_20_comments_stays_within_its_weight(visited: Any, page: Page, site: str) -> None:
    post = make_post(source="A paragraph of some length, with words in it. " * 150, authors=[make_author()])
    for _ in range(20):
        make_comment(post, source="An answer of a usual length, two sentences at most. It says something.")

    responses, complaints = visited(post.get_absolute_url())

    assert [response.url for response in responses if not response.url.startswith(site)] == []
    assert len(responses) <= MOST_REQUESTS
    assert sum(weigh(response) for response in responses) <= MOST_BYTES
    assert all(weigh(response) <= MOST_STYLE_BYTES for response in responses if ".css" in response.url)
    assert complaints == []
    assert page.context.cookies() == []


def test_public_pages_are_quiet_and_fit_a_phone(visited: Any, page: Page) -> None:
    author, tag = make_author(name="A name of eighty letters " + "n" * 55, tagline="A tagline"), make_tag()
    post = make_post(
        title="A title that takes " + "four long lines " * 6, authors=[author], tags=[tag], cover=make_image()
    )
    make_comment(post, name="W" * 80, source="An unbroken" + "word" * 80)
    paths = ["/", post.get_absolute_url(), author.get_absolute_url(), tag.get_absolute_url()]
    paths += [make_page().get_absolute_url(), "/subscribe/", "/subscribe/asked/", f"{post.get_absolute_url()}comments/"]
    page.set_viewport_size({"width": 390, "height": 844})

    for path in paths:
        _responses, complaints = visited(path)

        assert complaints == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, path
    assert page.context.cookies() == []
