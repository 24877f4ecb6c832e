"""What helps to read a long post: complete without JavaScript, shorter ways with it."""

import pytest
from playwright.sync_api import Page, expect

from blog.models import Post
from tests.factories import make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOURCE = """## One

A remark.[^1]

## Two

| {cells} |
| {rule} |
| {cells} |

## Three

```python
print("hello")
```

[^1]: The note.
"""
SOURCE = SOURCE.format(cells=" | ".join(["a wide cell"] * 12), rule=" | ".join(["---"] * 12))


@pytest.fixture
def post(page: Page, site: str) -> Post:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    post = make_post(source=SOURCE)
    page.goto(site + post.get_absolute_url())
    return post


def test_the_table_of_contents_leads_to_its_heading(page: Page, post: Post, java_script: bool) -> None:
    link = page.get_by_role("link", name="Three", exact=True)
    if not java_script:
        expect(link).to_be_hidden()
        page.get_by_text("In this article").click()

    link.click()

    assert page.url.endswith("#s-three")


def test_on_a_phone_the_table_of_contents_is_closed_and_a_wide_table_scrolls_in_its_own_box(
    page: Page, post: Post
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()

    expect(page.get_by_role("link", name="Three", exact=True)).to_be_hidden()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    box = page.get_by_role("group", name="Table")
    box.focus()
    expect(box).to_be_focused()  # from here the arrow keys scroll it
    assert box.evaluate("(box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === 'auto'")


def test_a_footnote_leads_to_its_note_and_back(page: Page, post: Post) -> None:
    page.locator(".footnote-ref a").click()
    expect(page.locator("li:target")).to_contain_text("The note.")

    page.locator(".footnote-backref").click()

    assert page.url.endswith("#fnref1")


def test_code_and_link_are_copied_where_scripts_run_and_no_dead_button_is_shown_elsewhere(
    page: Page, post: Post, java_script: bool, site: str
) -> None:
    if not java_script:
        expect(page.get_by_role("button", name="Copy")).to_have_count(0)
        return

    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == 'print("hello")\n'

    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == site + post.get_absolute_url()


def test_on_paper_there_is_what_can_be_read_and_nothing_to_press(page: Page, post: Post) -> None:
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Three")).to_be_visible()
    for gone in (".masthead nav", ".footer", ".toc", ".share", ".subscribe", ".comment-form", "button"):
        for element in page.locator(gone).all():
            expect(element).to_be_hidden()
