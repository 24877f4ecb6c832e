"""What scripts add to reading: places kept, links copied, single keys, and paper."""

import pytest
from playwright.sync_api import Page, expect

from blog.models import Post
from tests.browser.reading import KEPT, SOURCE, read_to_the_end, scroll_to, until
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
NOTHING = "[{},{}]"


@pytest.fixture
def java_script() -> bool:
    return True


@pytest.fixture
def post() -> Post:
    return make_post(source=SOURCE)


# --- Nothing is kept before a reader does something ---


def test_a_page_that_is_merely_opened_stores_nothing(page: Page, site: str, post: Post) -> None:
    make_comment(post)
    for path in ("/", post.get_absolute_url(), f"{post.get_absolute_url()}#s-part-9"):
        page.goto("about:blank")
        page.goto(site + path)
        page.wait_for_load_state("networkidle")

        assert page.evaluate(STORED) == NOTHING, path
        assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0, path
        assert page.evaluate(KEPT) == [], path


# --- The place where reading stopped ---


def test_who_comes_back_to_a_long_post_is_offered_the_paragraph_where_they_stopped(
    page: Page, site: str, post: Post
) -> None:
    page.goto(site + post.get_absolute_url())
    scroll_to(page, "#s-part-7")
    until(page, "localStorage.places")
    page.goto(site + "/")

    page.goto(site + post.get_absolute_url())
    assert page.evaluate("() => scrollY") == 0  # offered, not done
    page.get_by_role("link", name="Continue where you stopped").click()

    expect(page.locator("#s-part-7")).to_be_in_viewport()
    expect(page.locator(".continue")).to_have_count(0)


def test_a_place_is_forgotten_when_it_is_not_wanted_and_at_the_end(page: Page, site: str, post: Post) -> None:
    for forget in (lambda: page.get_by_role("button", name="Not now").click(), lambda: read_to_the_end(page)):
        page.goto(site + post.get_absolute_url())
        scroll_to(page, "#s-part-7")
        until(page, "localStorage.places")
        page.goto(site + "/")
        page.goto(site + post.get_absolute_url())

        forget()

        until(page, "!localStorage.places")


def test_a_place_is_not_offered_on_the_way_to_a_section_nor_on_the_way_back(page: Page, site: str, post: Post) -> None:
    page.goto(site + post.get_absolute_url())
    scroll_to(page, "#s-part-7")
    until(page, "localStorage.places")

    page.goto(f"{site}/")
    page.go_back()
    expect(page.locator("#s-part-7")).to_be_in_viewport()
    expect(page.locator(".continue")).to_have_count(0)

    page.goto(f"{site}/")
    page.goto(f"{site}{post.get_absolute_url()}#s-part-2")
    expect(page.locator("#s-part-2")).to_be_in_viewport()
    expect(page.locator(".continue")).to_have_count(0)


def test_a_browser_that_keeps_nothing_shows_everything(page: Page, site: str, post: Post) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'caches'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
        "navigator.serviceWorker.register = () => Promise.reject(new DOMException('no', 'SecurityError'));"
    )
    page.goto(site + post.get_absolute_url())
    scroll_to(page, "#s-part-7")
    read_to_the_end(page)
    page.keyboard.press("?")
    page.get_by_label("Shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()

    page.keyboard.press("?")  # switched off for this page at least

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert complaints == []


# --- Links to sections and comments ---


def test_a_link_to_a_section_or_a_comment_is_copied_and_says_so(page: Page, site: str, post: Post) -> None:
    comment = make_comment(post, name="Ann")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site + post.get_absolute_url())

    page.get_by_role("link", name="Link to the section “Part 2”").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_attached()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.url == f"{site}{post.get_absolute_url()}#s-part-2"

    page.get_by_role("link", name="Link to what Ann wrote").click()
    expect(page.locator(f"#comment-{comment.pk} [data-told]")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == site + comment.get_absolute_url()
    expect(page.locator(f"#comment-{comment.pk}")).to_be_in_viewport()


def test_links_to_sections_are_no_part_of_the_headings_and_move_nothing(page: Page, site: str, post: Post) -> None:
    page.goto(site + post.get_absolute_url())

    expect(page.get_by_role("heading", name="Part 2", exact=True)).to_have_text("Part 2")
    places = page.evaluate("() => [...document.querySelectorAll('.text > p')].map((block) => block.offsetTop)")
    page.evaluate("() => document.querySelectorAll('.anchor').forEach((link) => link.remove())")
    assert places == page.evaluate("() => [...document.querySelectorAll('.text > p')].map((block) => block.offsetTop)")


# --- Single keys ---


def test_keys_step_through_headings_and_comments_and_a_sheet_lists_them(page: Page, site: str, post: Post) -> None:
    first, second = make_comment(post), make_comment(post)
    page.goto(site + post.get_absolute_url())

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#s-part-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#s-part-1")).to_be_focused()
    for _ in range(13):
        page.keyboard.press("j")
    expect(page.locator(f"#comment-{first.pk}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")  # there is no further one
    expect(page.locator(f"#comment-{second.pk}")).to_be_focused()

    page.keyboard.press("c")
    field = page.get_by_label("Your comment")
    expect(field).to_be_focused()
    page.keyboard.type("jack? c/k")
    expect(field).to_have_value("jack? c/k")

    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Write a comment")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()
    page.keyboard.press("/")
    page.wait_for_url(f"{site}/search/")
    page.keyboard.press("/")
    expect(page.get_by_label("Search for")).to_be_focused()


def test_a_key_steps_to_a_post_which_enter_opens(page: Page, site: str, post: Post) -> None:
    older = make_post(published_at=post.published_at.replace(year=2020), source="Older.")  # type: ignore[union-attr]
    page.goto(site)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url(site + older.get_absolute_url())


def test_shortcuts_can_be_switched_off_for_good_and_on_again(page: Page, site: str, post: Post) -> None:
    page.goto(site)
    page.keyboard.press("?")
    page.get_by_label("Shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()

    page.goto(site + post.get_absolute_url())
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#s-part-1")).not_to_be_focused()

    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Shortcuts are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("k")  # from the foot of the page upwards
    expect(page.locator("h2:focus")).to_have_count(1)
    assert page.evaluate("() => localStorage.shortcuts") is None


# --- Paper ---


def test_on_paper_a_post_names_its_address_and_its_links(page: Page, site: str, post: Post) -> None:
    make_comment(post, name="Ann", source="I agree.")
    page.goto(site + post.get_absolute_url())
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")

    expect(page.locator(".on-paper")).to_have_text(site + post.get_absolute_url())
    expect(page.locator(".on-paper")).to_be_visible()
    expect(page.locator(".link-notes li")).to_have_text(["https://example.org/one"])
    expect(page.locator(".link-number").first).to_have_text("1")
    expect(page.get_by_text("I agree.")).to_be_visible()
    for gone in (".anchor", ".shortcuts-place", ".comment-verbs", ".masthead nav", "form"):
        for element in page.locator(gone).all():
            expect(element).to_be_hidden()

    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".link-notes, .link-number")).to_have_count(0)


@pytest.mark.parametrize("java_script", [False], ids=["without-javascript"])
def test_without_scripts_nothing_is_missing_dead_or_unsaid(
    page: Page, site: str, post: Post, java_script: bool
) -> None:
    make_comment(post)
    page.goto(site + post.get_absolute_url())

    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_have_count(0)
    expect(page.locator(".continue, .anchor, dialog")).to_have_count(0)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator(".comment-head a.meta")).to_be_visible()  # the permalink
    page.emulate_media(media="print")
    shown = page.locator(".text a").first.evaluate("(link) => getComputedStyle(link, '::after').content")
    assert "example.org/one" in shown
