"""Writing a comment: by keyboard alone, with and without JavaScript, and what JavaScript adds."""

import pytest
from playwright.sync_api import Locator, Page, expect

from blog.models import Post
from comments.models import Comment
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

only_with_javascript = pytest.mark.parametrize("java_script", [True], ids=["with-javascript"])


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there, as somebody does who has no mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail("The keyboard does not get there.")


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def fill(page: Page, label: str, words: str) -> None:
    tab_to(page, page.locator("#comment-form").get_by_label(label))
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_a_comment_is_previewed_sent_changed_and_removed_by_keyboard_alone(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    fill(page, "Your name", "Ann")
    fill(page, "Your mail address", "ann@example.org")
    fill(page, "Your comment", "I read *all* of it.")

    press(page, "button", "Preview")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("all")
    expect(preview).to_contain_text("Ann")
    assert not Comment.objects.exists()

    press(page, "button", "Send comment")
    expect(page.get_by_role("heading", level=1)).to_contain_text("waiting")

    press(page, "link", "Change the text")
    fill(page, "Your comment", "I read **most** of it.")
    press(page, "button", "Save the new text")
    expect(page.locator(".comment-own strong")).to_have_text("most")

    press(page, "link", "Remove it")
    press(page, "button", "Remove it for good")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have removed your comment")
    assert Comment.objects.get().source == ""
    assert page.context.cookies() == []


def test_a_comment_that_is_too_long_comes_back_whole(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    page.get_by_label("Your name").fill("Ann")
    page.locator("#comment-form #id_email").fill("ann@example.org")
    page.get_by_label("Your comment").fill("word " * 1_001)

    page.get_by_role("button", name="Send comment").click()

    expect(page.locator(".error-summary")).to_contain_text("has at most 5000 characters; this has 5004")
    expect(page.get_by_label("Your comment")).to_have_value("word " * 1_001)
    expect(page.get_by_label("Your name")).to_have_value("Ann")


@only_with_javascript
def test_the_preview_follows_and_the_letters_are_counted(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    text, count = page.get_by_label("Your comment"), page.locator(".comment-count")
    said = page.locator("#comment-form [role=status]")
    expect(count).to_be_hidden()

    text.fill("*One*")
    expect(count).to_have_text("Characters left: 4995")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".comment-preview em")).to_have_text("One")
    expect(page.get_by_role("region", name="Preview")).to_be_focused()
    text.fill("*Two*")
    expect(page.locator(".comment-preview em")).to_have_text("Two")
    expect(said).to_be_empty()

    text.fill("💬" * 4_900)
    expect(said).to_have_text("Characters left: 100")
    text.fill("a" * 5_001)
    expect(count).to_have_text("Characters too many: 1")
    expect(page.locator(".comment-preview")).to_contain_text("this has 5001")


@only_with_javascript
def test_what_was_typed_survives_a_reload_until_it_is_sent(page: Page, site: str) -> None:
    post, other = make_post(), make_post()
    make_comment(post, name="Bob")
    page.goto(f"{site}{post.get_absolute_url()}")
    page.get_by_role("link", name="Reply to Bob").click()
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Your comment").fill("A long and careful thought.")

    page.goto(f"{site}{other.get_absolute_url()}")
    expect(page.get_by_label("Your comment")).to_be_empty()
    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.get_by_label("Your comment")).to_have_value("A long and careful thought.")
    expect(page.locator("#comment-form h3")).to_have_text("Reply to Bob")
    page.get_by_role("button", name="Write to the post instead").click()
    expect(page.locator("#comment-form h3")).to_have_text("Share your thoughts")
    page.locator("#comment-form #id_email").fill("ann@example.org")
    page.get_by_role("button", name="Send comment").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("waiting")
    assert Comment.objects.get(name="Ann").parent is None
    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.get_by_label("Your comment")).to_be_empty()
    expect(page.get_by_label("Your name")).to_be_empty()
    assert page.evaluate("() => [sessionStorage.length, localStorage.commenter ?? null]") == [0, None]


@only_with_javascript
def test_the_device_remembers_who_asks_for_it(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    remember = page.get_by_label("Remember my name and address on this device")
    expect(remember).not_to_be_checked()
    remember.check()
    page.get_by_label("Your name").fill("Ann")
    page.locator("#comment-form #id_email").fill("ann@example.org")

    page.goto(f"{site}{make_post().get_absolute_url()}")
    expect(page.get_by_label("Your name")).to_have_value("Ann")
    expect(page.locator("#comment-form #id_email")).to_have_value("ann@example.org")
    remember.uncheck()

    assert page.evaluate("() => localStorage.commenter ?? null") is None
    page.goto(f"{site}{make_post().get_absolute_url()}")
    expect(page.get_by_label("Your name")).to_be_empty()


def test_a_conversation_that_closes_meanwhile_gives_the_text_back(page: Page, site: str) -> None:
    post = make_post()
    page.goto(f"{site}{post.get_absolute_url()}")
    page.get_by_label("Your comment").fill("A long and careful thought.")
    Post.objects.update(allow_comments=False)

    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".error-summary")).to_contain_text("The conversation under this post is closed.")
    expect(page.get_by_label("Your comment")).to_have_value("A long and careful thought.")
