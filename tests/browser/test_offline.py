"""A copy of a read post for when there is no connection: it says that it is one, and nothing can be sent from it."""

from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from blog.models import Post
from tests.browser.conftest import sign_in
from tests.browser.reading import KEPT, SOURCE, read_to_the_end, scroll_to, until
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFLINE = "You are offline. This copy is from"


@pytest.fixture
def java_script() -> bool:
    return True


@pytest.fixture
def post() -> Post:
    return make_post(source=SOURCE)


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


@pytest.fixture
def copied(page: Page, site: str, post: Post) -> str:
    """The address of a post whose copy is kept."""
    make_comment(post, name="Ann", source="A word.")
    address = site + post.get_absolute_url()
    page.goto(address)
    read_to_the_end(page)
    active = "(await navigator.serviceWorker.ready).active.state === 'activated'"
    until(page, f"await caches.match(location.pathname) && {active}")
    return address


def test_offline_a_read_post_is_shown_and_says_that_it_is_a_copy(page: Page, site: str, copied: str) -> None:
    other = make_post()
    page.context.set_offline(True)

    page.goto(copied)

    expect(page.get_by_text(OFFLINE)).to_be_visible()
    expect(page.get_by_text("A word.")).to_be_attached()
    assert page.evaluate("() => getComputedStyle(document.querySelector('#offline')).position") == "sticky"
    scroll_to(page, "#comment-form")
    expect(page.get_by_text(OFFLINE)).to_be_in_viewport()
    for elsewhere in (other.get_absolute_url(), "/", "/admin/"):
        with pytest.raises(Error, match="ERR_"):
            page.goto(site + elsewhere)


def test_offline_nothing_can_be_sent_and_what_was_written_is_there_on_the_current_page(page: Page, copied: str) -> None:
    page.context.set_offline(True)
    page.goto(copied)

    for button in page.locator("button[type=submit]").all():
        expect(button).to_be_disabled()
    expect(page.get_by_text("Nothing can be sent from this copy.")).to_have_count(2)
    page.get_by_label("Your comment").fill("Written in a tunnel.")
    go_online(page)
    ask_for_the_current_page(page)

    expect(page.locator("#offline")).to_be_hidden()
    expect(page.get_by_label("Your comment")).to_have_value("Written in a tunnel.")
    expect(page.get_by_role("button", name="Send comment")).to_be_enabled()


def test_with_a_connection_the_page_is_the_servers_and_the_copy_is_renewed(page: Page, copied: str, post: Post) -> None:
    make_comment(post, source="A later word.")

    page.goto(copied)
    expect(page.get_by_text("A later word.")).to_be_attached()
    expect(page.locator("#offline")).to_be_hidden()
    until(page, "(await (await caches.match(location.pathname))?.text())?.includes('A later word.')")

    page.context.set_offline(True)
    page.goto(copied)
    expect(page.get_by_text("A later word.")).to_be_attached()


def test_a_copy_is_whole_at_every_moment_of_being_renewed(page: Page, copied: str) -> None:
    missing = page.evaluate("""async () => {
      const made = async () => (await caches.match(location.pathname))?.headers.get("X-Copied");
      const before = await made();
      (await navigator.serviceWorker.ready).active.postMessage({ read: location.pathname });
      let missing = 0;
      for (let looks = 0; looks < 10_000; looks++) {
        const now = await made();
        if (!now) missing++;
        else if (now !== before) return missing;
      }
      return "never renewed";
    }""")

    assert missing == 0


def test_a_renewed_copy_keeps_no_style_sheet_of_the_one_before(page: Page, copied: str) -> None:
    older = "(await caches.open(`post ${location.pathname}`)).put('/older.css', new Response())"
    page.evaluate(f"async () => {older}")

    page.goto(copied)

    until(page, "!(await caches.match('/older.css'))")
    assert page.evaluate("async () => !!(await caches.match(location.pathname))")


def test_a_copy_that_was_never_finished_is_finished_on_the_next_visit(page: Page, copied: str, post: Post) -> None:
    page.evaluate("async () => (await caches.open(`post ${location.pathname}`)).delete(location.pathname)")

    page.goto(copied)
    until(page, "await caches.match(location.pathname)")

    page.context.set_offline(True)
    page.goto(copied)
    expect(page.get_by_text(OFFLINE)).to_be_visible()


@pytest.mark.parametrize("end", ["withdrawn", "deleted", "switched off"])
def test_a_copy_goes_when_the_server_says_that_its_post_is_gone(
    page: Page, copied: str, post: Post, settings: Any, end: str
) -> None:
    if end == "withdrawn":
        post.withdraw()
    elif end == "deleted":
        post.delete()
    else:
        settings.OFFLINE_COPIES = False

    page.goto(copied)

    until(page, "!(await caches.keys()).length")
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        page.goto(copied)


def test_a_page_made_for_staff_is_never_kept(page: Page, site: str, post: Post) -> None:
    sign_in(page, site)
    page.goto(site + post.get_absolute_url())
    read_to_the_end(page)
    expect(page.locator(".text > :last-child")).to_be_in_viewport()

    assert page.locator("#offline").count() == 0
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_a_copy_kept_before_is_not_changed_by_what_staff_see(page: Page, site: str, copied: str) -> None:
    sign_in(page, site)
    page.goto(copied)
    expect(page.get_by_role("link", name="Admin")).to_be_visible()

    page.context.set_offline(True)
    page.goto(copied)

    expect(page.get_by_text(OFFLINE)).to_be_visible()
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)


def test_twenty_posts_are_kept_and_the_oldest_goes_first(page: Page, copied: str, post: Post) -> None:
    paths = [post.get_absolute_url(), *(make_post().get_absolute_url() for _ in range(20))]
    for path in paths[1:]:
        page.evaluate(
            "(path) => navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ read: path }))", path
        )
        until(page, f"await caches.match('{path}')")

    until(page, "(await caches.keys()).length === 20")
    assert sorted(page.evaluate(KEPT)) == sorted(paths[1:])


def test_only_posts_are_kept_whatever_is_asked(page: Page, copied: str, post: Post) -> None:
    paths = ["/", "/preview/token/", "/comments/mine/token/", "/admin/login/", f"{post.get_absolute_url()}comments/"]
    for path in [*paths, make_post().get_absolute_url()]:
        page.evaluate(
            "(path) => navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ read: path }))", path
        )
    until(page, "(await caches.keys()).length === 2")

    assert not set(page.evaluate(KEPT)) & set(paths)
