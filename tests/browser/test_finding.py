"""How a reader finds an older post."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_author, make_post, make_posts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_searches_and_turns_the_pages(page: Page, site: str) -> None:
    make_posts(13, title="On sunscreen", authors=[make_author()])
    make_post(title="The oldest of all", source="A word about **sunscreens**.")
    page.goto(site)

    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search for").fill('"sunscreen" -winter')
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("14 posts")

    page.get_by_role("link", name="More").click()
    expect(page.get_by_label("Search for")).to_have_value('"sunscreen" -winter')
    expect(page.locator("mark").last).to_have_text("sunscreens")
    page.get_by_role("link", name="The oldest of all").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The oldest of all")


def test_a_reader_who_is_lost_finds_a_way_on(page: Page, site: str) -> None:
    make_post(title="On sunscreen")
    page.goto(f"{site}/posts/on-sunscren/")

    page.get_by_label("Search for").fill("sunscren")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("Nothing here is about sunscren.")

    page.locator("main").get_by_role("link", name="archive").click()
    page.locator("main").get_by_role("link").first.click()
    page.get_by_role("link", name="On sunscreen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On sunscreen")
