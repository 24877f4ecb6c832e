"""A post that is long enough to be read, reading it, and what a browser keeps of it."""

from playwright.sync_api import Page

PARAGRAPH = "A paragraph of some length, with words in it and [a link](https://example.org/one). " * 8
SOURCE = "\n\n".join(f"## Part {number}\n\nPart {number} says: {PARAGRAPH}\n\n{PARAGRAPH}" for number in range(1, 13))

KEPT = "async () => (await caches.keys()).map((name) => name.replace('post ', ''))"


def until(page: Page, expression: str) -> None:
    """Let the page wait until the expression holds; fail if it does not within 20 seconds."""
    holds = f"""async () => {{
      for (let tries = 0; tries < 1000; tries++) {{
        if ({expression}) return true;
        await new Promise((wait) => setTimeout(wait, 20));
      }}
      return false;
    }}"""
    assert page.evaluate(holds), expression


def scroll_to(page: Page, selector: str) -> None:
    """Bring an element to the top of the window, as somebody who turns the wheel."""
    page.mouse.move(300, 300)
    page.mouse.wheel(0, page.locator(selector).bounding_box()["y"])  # type: ignore[index]  # it is there


def read_to_the_end(page: Page) -> None:
    scroll_to(page, ".text > :last-child")
