"""What a browser makes of what is meant for machines."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.factories import make_author, make_image, make_post, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = (
    "</script><script>document.title = 'broken'</script><!-- <script> \u2028 \"'><svg onload=document.title='broken'>"
)


def test_data_for_machines_runs_nothing_and_meets_no_objection(page: Page, site: str) -> None:
    """The policy allows no inline script; a block of data is none."""
    author, tag = make_author(HOSTILE), make_tag(HOSTILE[:100])
    post = make_post(title=HOSTILE, subtitle=HOSTILE, authors=[author], tags=[tag], cover=make_image(alt=HOSTILE))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for path in ["/", post.get_absolute_url(), author.get_absolute_url(), tag.get_absolute_url()]:
        page.goto(site + path)
        page.wait_for_load_state("networkidle")

        assert said == [], path
        assert page.title() != "broken", path
        assert page.locator("head > script").count() == 2, path


@pytest.mark.parametrize("java_script", [True], indirect=True, ids=["with-javascript"])
def test_a_browser_reads_the_data_back(page: Page, site: str, java_script: Any) -> None:
    post = make_post(title=HOSTILE)
    page.goto(site + post.get_absolute_url())

    headline = page.evaluate(
        """() => JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent)
            ["@graph"].find((node) => node["@type"] === "BlogPosting").headline"""
    )

    assert headline == HOSTILE
