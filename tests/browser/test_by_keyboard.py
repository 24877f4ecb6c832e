"""Reading, answering and moderating with nothing but a keyboard: what the eye sees of it, and what is said aloud."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.everything import EVERYTHING
from tests.factories import make_author, make_comment, make_post, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("java_script", [True], ids=["with-javascript"]),
]

NARROW = {"width": 320, "height": 640}  # 1280 px at 400 %
MOST_STOPS = 400

# Where the focus is: whether it is drawn, whether it is in sight and on top (WCAG 2.2, 2.4.7 and 2.4.11), and its place
# among the elements of the page.
FOCUS = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const across = [.5, .1, .9].map((part) => [left + width * part, top + Math.min(height / 2, 20)]);
    const onTop = across.some(([x, y]) => {
        const found = document.elementFromPoint(x, y);
        return found && (one.contains(found) || found.contains(one) || found.closest("label")?.control === one);
    });
    return {
        html: one.outerHTML.slice(0, 150),
        place: [...document.querySelectorAll("*")].indexOf(one),
        isDrawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isInSight: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
        isOnTop: onTop,
    };
}"""


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Press Tab from the top of the page until the focus leaves it again."""
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            return
        yield focus
    pytest.fail(f"The focus does not leave the page: {focus['html']}")


def walk(page: Page) -> list[dict[str, Any]]:
    """Go through the page by Tab; every stop has to be drawn, in sight, on top, and after the one before."""
    found = list(stops(page))

    assert [stop["html"] for stop in found if not stop["isDrawn"]] == []
    assert [stop["html"] for stop in found if not (stop["isInSight"] and stop["isOnTop"])] == []
    places = [stop["place"] for stop in found]
    assert places == sorted(places)
    return found


@pytest.fixture
def still(page: Page) -> Page:
    """A page that jumps to where the focus goes, instead of moving there."""
    page.emulate_media(reduced_motion="reduce")
    return page


def make_conversation() -> Any:
    post = make_post(source=EVERYTHING, authors=[make_author()], tags=[make_tag()])
    first = make_comment(post, name="Ann")
    make_comment(post, name="Ben", parent=first)
    make_comment(post, name="Cleo")
    return post


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, NARROW], ids=["wide", "narrow"])
def test_the_focus_goes_through_pages_in_order_and_in_sight(still: Page, site: str, size: Any) -> None:
    post = make_conversation()
    still.set_viewport_size(size)

    for path in ["/", post.get_absolute_url()]:
        still.goto(site + path)
        found = walk(still)
        assert "Skip to the text" in found[0]["html"]


@pytest.mark.parametrize("size", [NARROW, {"width": 390, "height": 844}], ids=["zoomed", "phone"])
def test_the_focus_goes_through_the_queue_though_a_row_of_verbs_stays_in_sight(
    still: Page, site: str, size: Any
) -> None:
    post = make_post()
    for n in range(3):
        make_comment(post, status="waiting", source="A thought. " * 40, name=f"Reader {n}")
    sign_in(still, site)
    still.set_viewport_size(size)
    still.goto(f"{site}/admin/moderation/")
    still.locator(".pick").first.check()

    walk(still)


def test_the_skip_link_leads_past_the_masthead(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.getElementById('main').contains(document.activeElement)")


def test_errors_take_the_focus_and_lead_to_their_fields(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Your name").press("Enter")

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_have_role("alert")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wrong = page.locator("#comment-form").get_by_label("Your mail address")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(
        "Never shown to anybody. Give your address. It is needed, and never shown."
    )
    assert page.get_by_label("Your name").get_attribute("aria-invalid") is None


def test_a_conversation_can_be_read_by_heading_and_by_list(page: Page, site: str) -> None:
    page.goto(f"{site}{make_conversation().get_absolute_url()}")
    conversation = page.get_by_role("region", name="3 comments")

    levels = {name: conversation.get_by_role("heading", name=name, exact=True) for name in ["Ann", "Ben", "Cleo"]}
    assert [level.evaluate("(heading) => heading.tagName") for level in levels.values()] == ["H3", "H4", "H3"]
    assert (
        levels["Ben"].evaluate("(heading) => heading.closest('ol').parentElement.closest('ol').className") == "comments"
    )


def test_every_page_part_lies_in_a_landmark_of_its_own_name(page: Page, site: str) -> None:
    page.goto(f"{site}{make_conversation().get_absolute_url()}")

    for role in ["banner", "main", "contentinfo"]:
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    expect(page.get_by_role("navigation", name="Site")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Order of the comments")).to_have_count(1)


def test_words_in_another_language_say_so(page: Page, site: str) -> None:
    post = make_post(title="مرحبا", source="مرحبا بالعالم", language="ar", excerpt="نص")
    page.goto(site)
    heading = page.get_by_role("heading", level=2, name="مرحبا")
    assert [heading.get_attribute(name) for name in ("lang", "dir")] == ["ar", "rtl"]

    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator(".text p").evaluate("(text) => getComputedStyle(text).direction") == "rtl"
    assert page.locator(".text p").evaluate("(text) => getComputedStyle(text, '::first-letter').float") == "none"


def test_nothing_moves_for_whom_motion_is_too_much(page: Page, site: str) -> None:
    post = make_conversation()
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, site)

    for path in ["/", post.get_absolute_url(), "/admin/moderation/", "/admin/", "/admin/blog/post/add/"]:
        page.goto(site + path)
        moving = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll("body *")].filter((one) => {
                const style = getComputedStyle(one);
                const lasts = style.transitionDuration.split(",").some((part) => parseFloat(part) > .01);
                return lasts || style.animationName !== "none" || style.scrollBehavior === "smooth";
            }).map((one) => one.outerHTML.slice(0, 100))"""
        )
        assert moving == [], path


def test_what_is_pressed_with_a_thumb_is_44_px_high(page: Page, site: str) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    links = ".masthead nav a, .tabs a, .comment-verbs a"
    main = f"button:not(.code-box *), .button, input:not([type=checkbox], [type=hidden]), summary, {links}"

    for path in [make_conversation().get_absolute_url(), "/subscribe/", "/search/"]:
        page.goto(site + path)
        heights = page.locator(main).evaluate_all(
            """all => all.filter((one) => one.checkVisibility() && one.offsetHeight && one.tabIndex >= 0)
                .map((one) => [one.offsetHeight, one.outerHTML.slice(0, 150)])"""
        )
        assert [html for height, html in heights if height < 44] == [], path
