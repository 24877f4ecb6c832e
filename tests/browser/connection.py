"""Coming back online with a page that is a copy."""

from playwright.sync_api import Page


def go_online(page: Page) -> None:
    """Give the connection back, and wait until the worker, which is told apart from the page, has it as well."""
    page.context.set_offline(False)
    asks = "async () => { while (!(await fetch('/healthz').catch(() => null))) await new Promise(setTimeout); }"
    page.context.service_workers[0].evaluate(asks)


def ask_for_the_current_page(page: Page) -> None:
    """Follow the link until it leads there: on a busy machine Chromium goes online bit by bit."""
    for _attempt in range(10):
        page.get_by_role("link", name="Ask for the current page").click()
        page.wait_for_load_state()
        if page.locator("#offline").is_hidden():
            return
        page.wait_for_timeout(200)
