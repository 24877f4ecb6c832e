"""Clearing the queue in Chromium: on a phone, by keyboard alone, and with JavaScript off."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from comments.models import Action, Block, Comment
from tests.browser.conftest import sign_in, sign_in_again, sign_out
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
WAY = {"with": "with-javascript", "without": "without-javascript"}

with_script = pytest.mark.parametrize("java_script", [True], ids=[WAY["with"]])
without_script = pytest.mark.parametrize("java_script", [False], ids=[WAY["without"]])


def make_waiting(count: int) -> list[Comment]:
    """Make comments of every kind: short, long, answers, with links, with hostile and very long names."""
    post = make_post(title="A post with a title that is long enough for two lines on a phone")
    parent = make_comment(post, source="What stands above. " * 20)
    kinds: list[dict[str, Any]] = [
        {},
        {"source": "A long thought. " * 60, "held_for": [["first", {}], ["links", {"count": 3}]]},
        {"parent": parent, "name": "W" * 80},
        {"source": "[Buy](https://example.com) " * 5, "held_for": [["score", {"score": 0.98, "words": [["buy", 3]]}]]},
        {"name": "<b>Eve</b>", "source": "<script>alert(1)</script>" + "x" * 200},
    ]
    return [make_comment(post, status="waiting", **kinds[n % len(kinds)]) for n in range(count)]


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about while a test runs: nothing."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def queue(page: Page, site: str, complaints: list[str]) -> Page:
    sign_in(page, site)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return page


def open_queue(page: Page, site: str, query: str = "") -> None:
    page.goto(f"{site}/admin/moderation/{query}")
    page.evaluate("() => { window.opened = true }")


def never_reloaded(page: Page) -> bool:
    return bool(page.evaluate("() => window.opened === true"))


def cards(page: Page) -> Locator:
    return page.locator(".moderated:visible")


def marked(page: Page) -> Locator:
    return page.locator(".moderated[aria-current]")


@with_script
def test_a_moderator_on_a_phone_clears_thirty_mixed_comments_without_a_reload(queue: Page, site: str) -> None:
    queue.set_viewport_size(PHONE)  # type: ignore[arg-type]
    make_waiting(33)
    open_queue(queue, site)
    assert queue.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    small = "button, summary, .about a, .tabs a, .pick-label, .page-header nav a"
    heights = queue.locator(small).evaluate_all(
        "all => all.filter(one => one.offsetHeight).map(one => [one.offsetHeight, one.outerHTML])"
    )
    assert [html for height, html in heights if height < 44] == []

    for n in range(33):
        verb = ["Approve", "Spam", "Refuse"][n % 3]
        card = cards(queue).first
        number = card.get_attribute("data-comment")
        card.get_by_role("button", name=verb).click()
        expect(queue.locator(f"[data-comment='{number}']:visible")).to_have_count(0)
        expect(queue.locator("#said")).to_contain_text("One comment")

    expect(queue.locator("#queue")).to_contain_text("Nothing is waiting. You are done.")
    assert never_reloaded(queue)
    assert {status: Comment.objects.filter(status=status).count() for status in ("spam", "removed", "waiting")} == {
        "spam": 11,
        "removed": 11,
        "waiting": 0,
    }
    assert Action.objects.count() == 33


@without_script
def test_the_same_without_a_script_by_ticks_and_one_form(queue: Page, site: str) -> None:
    queue.set_viewport_size(PHONE)  # type: ignore[arg-type]
    make_waiting(32)
    queue.goto(f"{site}/admin/moderation/")

    for n, box in enumerate(queue.locator(".pick").all()):
        if n < 10:
            box.check()
    queue.locator("#many").get_by_role("button", name="Spam").first.click()
    expect(queue.locator("#told")).to_contain_text("10 comments were put aside as spam.")
    for box in queue.locator(".pick").all():
        box.check()
    queue.locator("#many").get_by_role("button", name="Approve").first.click()

    expect(queue.locator("#told")).to_contain_text("22 comments are on their pages now.")
    expect(queue.locator("#queue")).to_contain_text("Nothing is waiting. You are done.")
    queue.get_by_role("button", name="Undo").click()
    expect(queue.locator("#told")).to_contain_text("22 comments are back where they were.")
    expect(cards(queue)).to_have_count(22)


@without_script
def test_all_of_a_list_are_asked_about_first(queue: Page, site: str) -> None:
    make_waiting(32)
    queue.goto(f"{site}/admin/moderation/")

    queue.get_by_text("Or all 32 of this list").click()
    queue.locator(".all").get_by_role("button", name="Approve").click()
    expect(queue.get_by_role("heading", level=1)).to_have_text("32 comments at once")
    queue.get_by_role("button", name="Approve (32)").click()

    expect(queue.locator("#told")).to_contain_text("32 comments are on their pages now.")


def test_one_comment_is_blocked_answered_and_undone(queue: Page, site: str) -> None:
    seller, ann = make_comment(make_post(), status="waiting"), make_comment(make_post(), status="waiting")
    queue.goto(f"{site}/admin/moderation/")

    first = queue.locator(f"#{seller.anchor}")
    first.get_by_text("Block", exact=True).click()
    first.get_by_label("Why, for your own list").fill("Sells things")
    first.get_by_role("button", name="Block this address").click()
    expect(queue.locator("#told")).to_contain_text("its address is blocked")
    assert Block.objects.get().reason == "Sells things"
    queue.get_by_role("button", name="Undo").click()
    expect(queue.locator("#told")).to_contain_text("Undone.")
    assert not Block.objects.exists()

    second = queue.locator(f"#{ann.anchor}")
    second.get_by_text("Reply", exact=True).click()
    second.get_by_label("Your answer, as moderator").fill("Thank you for this.")
    second.get_by_role("button", name="Approve and answer").click()
    expect(queue.locator("#told")).to_contain_text("Your answer is on the page")
    queue.goto(site + ann.post.get_absolute_url())
    expect(queue.locator(".comment-indent-1")).to_contain_text("Thank you for this.")


@with_script
def test_the_queue_is_cleared_by_keyboard_alone(queue: Page, site: str) -> None:
    comments = make_waiting(8)
    open_queue(queue, site)
    press = queue.keyboard.press

    def decided(words: str) -> None:
        expect(queue.locator("#said")).to_contain_text(words)

    press("a")
    decided("is on its page now")
    expect(marked(queue)).to_be_focused()
    expect(marked(queue)).to_have_attribute("data-comment", str(comments[1].pk))
    press("j")
    press("s")
    decided("put aside as spam")
    expect(marked(queue)).to_have_attribute("data-comment", str(comments[3].pk))
    press("u")
    decided("Undone")
    expect(marked(queue)).to_have_attribute("data-comment", str(comments[2].pk))
    press("u")
    decided("Undone. One comment is back where it was.")
    expect(marked(queue)).to_have_attribute("data-comment", str(comments[0].pk))
    expect(cards(queue)).to_have_count(8)
    press("u")
    decided("nothing on this page to undo")

    press("b")
    queue.keyboard.type("A bore")
    press("Enter")
    decided("its address is blocked")
    press("r")
    queue.keyboard.type("Thanks. a s d")
    press("Tab")
    press("Enter")
    decided("Your answer is on the page")
    assert Comment.objects.filter(source="Thanks. a s d").exists()

    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(queue.locator("[data-ticked]")).to_have_text("3")
    press("d")
    decided("3 comments were refused.")
    expect(cards(queue)).to_have_count(3)
    press("d")
    decided("One comment was refused.")
    expect(cards(queue)).to_have_count(2)
    assert never_reloaded(queue)


@with_script
def test_keys_can_be_switched_off_which_the_device_remembers(queue: Page, site: str) -> None:
    make_waiting(2)
    open_queue(queue, site)

    queue.keyboard.press("?")
    expect(queue.get_by_label("Single keys act")).to_be_focused()
    queue.keyboard.press("Space")
    queue.keyboard.press("a")
    queue.reload()
    expect(queue.get_by_label("Single keys act")).not_to_be_checked()
    queue.keyboard.press("a")
    queue.locator(".pick").first.check()  # whatever the key did would have been done before this

    assert not Action.objects.exists()


@with_script
def test_shift_ticks_a_range_and_the_row_of_verbs_stays_in_sight(queue: Page, site: str) -> None:
    make_waiting(12)
    open_queue(queue, site)

    queue.locator(".pick").nth(1).click()
    queue.locator(".pick").nth(6).click(modifiers=["Shift"])
    expect(queue.locator("[data-ticked]")).to_have_text("6")
    many = queue.locator("#many")
    expect(many.get_by_role("button", name="Approve").first).to_be_in_viewport()
    many.get_by_role("button", name="Approve").first.click()

    expect(queue.locator("#said")).to_contain_text("6 comments are on their pages now.")
    expect(cards(queue)).to_have_count(6)
    queue.locator("#told").get_by_role("button", name="Undo").click()
    expect(cards(queue)).to_have_count(12)
    assert never_reloaded(queue)


@with_script
def test_what_somebody_else_decided_meanwhile_is_said_in_place(queue: Page, site: str, complaints: list[str]) -> None:
    spam, erased, _last = make_waiting(3)
    open_queue(queue, site)
    Comment.objects.filter(pk=spam.pk).decide("spam", None, verb="spam")
    Comment.objects.filter(pk=erased.pk).delete()

    cards(queue).first.get_by_role("button", name="Approve").click()
    expect(queue.locator("#said")).to_contain_text("Somebody has decided that already.")
    expect(cards(queue)).to_have_count(2)
    assert Comment.objects.get(pk=spam.pk).status == "spam"
    cards(queue).first.get_by_role("button", name="Approve").click()
    expect(queue.locator("#said")).to_contain_text("This comment is no longer here")
    expect(cards(queue)).to_have_count(1)
    assert never_reloaded(queue)
    assert "404" in complaints.pop()


@with_script
def test_an_unsent_answer_says_why_and_keeps_its_words(queue: Page, site: str, complaints: list[str]) -> None:
    make_waiting(1)
    open_queue(queue, site)

    queue.get_by_text("Reply", exact=True).click()
    queue.get_by_role("button", name="Approve and answer").click()
    expect(queue.get_by_role("alert")).to_contain_text("Write an answer")
    assert "422" in complaints.pop()
    queue.route("**/reply/*", lambda route: route.abort())
    queue.get_by_label("Your answer").fill("Well.")
    queue.get_by_role("button", name="Approve and answer").click()

    expect(queue.locator("#said")).to_contain_text("The server could not be reached.")
    expect(queue.get_by_label("Your answer")).to_have_value("Well.")
    assert "ERR_FAILED" in complaints.pop()


@with_script
def test_who_signs_in_again_in_another_tab_goes_on_deciding(queue: Page, site: str) -> None:
    make_waiting(2)
    open_queue(queue, site)
    tab = queue.context.new_page()
    sign_out(tab, site)
    sign_in_again(tab, site, "moderator")

    cards(queue).first.get_by_role("button", name="Approve").click()

    expect(cards(queue)).to_have_count(1)
    assert Comment.objects.filter(status="waiting").count() == 1
    assert never_reloaded(queue)
