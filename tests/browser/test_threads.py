"""What readers do in a conversation beside writing, with and without JavaScript, and by keyboard."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from blog.models import Post
from comments import threads
from comments.models import Comment, Report
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post() -> Post:
    """A post with a thread: Ann, and Bob and Cleo who answer her."""
    post = make_post()
    ann = make_comment(post, name="Ann", source="First.")
    make_comment(post, parent=make_comment(post, parent=ann, name="Bob"), name="Cleo", source="Third.")
    Comment.objects.count_answers()
    return post


def test_a_thread_is_folded_and_opened_by_keyboard(page: Page, site: str, post: Post) -> None:
    page.goto(site + post.get_absolute_url())
    summary = page.locator("summary", has_text="2 answers")
    expect(page.get_by_text("Third.")).to_be_visible()

    summary.press("Enter")
    expect(page.get_by_text("Third.")).to_be_hidden()

    summary.press("Space")
    expect(page.get_by_text("Third.")).to_be_visible()


def test_a_thumb_is_given_and_taken_back_by_keyboard(page: Page, site: str, post: Post, java_script: bool) -> None:
    page.goto(site + post.get_absolute_url())
    button = page.get_by_role("button", name=re.compile("Thumbs up.*Bob"))

    button.press("Enter")
    expect(button.locator("b")).to_have_text("1")
    if java_script:  # nothing was loaded anew, and the button is still under the finger
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-pressed", "true")
    else:
        assert page.url.endswith(f"#comment-{Comment.objects.get(name='Bob').pk}")

    button.press("Enter")
    expect(button.locator("b")).to_have_text("")
    assert page.context.cookies() == []


def test_a_thumb_that_is_refused_says_why(page: Page, site: str, post: Post) -> None:
    page.goto(site + post.get_absolute_url())
    Comment.objects.filter(name="Bob").update(status="removed")

    page.get_by_role("button", name=re.compile("Thumbs up.*Bob")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")


def test_a_comment_is_reported_by_keyboard(page: Page, site: str, post: Post) -> None:
    page.goto(site + post.get_absolute_url())
    page.get_by_role("link", name=re.compile("Report.*Cleo")).press("Enter")
    page.get_by_role("button", name="Send report").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Choose what is wrong with it.")

    page.get_by_label("It attacks somebody").press("Space")
    page.get_by_role("button", name="Send report").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you.")
    assert Report.objects.get().reason == "unkind"
    page.get_by_role("link", name="Back to the comment").click()
    expect(page.locator("article.comment:target")).to_contain_text("Third.")


def test_what_is_new_since_the_last_visit_is_marked_on_this_device_alone(
    page: Page, site: str, post: Post, java_script: bool
) -> None:
    line = page.get_by_role("link", name="New since your last visit")
    page.goto(f"{site}{post.get_absolute_url()}#comments")
    expect(line).to_be_hidden()
    if java_script:
        page.wait_for_function("() => localStorage.length === 1")
    for name in ("Dan", "Eve"):
        make_comment(post, name=name, published_at=timezone.now() + datetime.timedelta(minutes=1))

    page.goto(f"{site}/")
    page.goto(site + post.get_absolute_url())

    if not java_script:
        expect(line).to_be_hidden()
        return
    expect(line).to_have_text("New since your last visit: 2")
    expect(page.locator(".comment-new .comment-name")).to_have_text(["Dan", "Eve"])
    line.press("Enter")
    expect(page.locator("article.comment:target")).to_contain_text("Dan")
    assert page.context.cookies() == []


def test_pages_and_orders_are_links(page: Page, site: str, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PER_PAGE", 2)
    make_comment(post, name="Zoe")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + post.get_absolute_url())

    page.get_by_role("link", name="More comments").click()
    expect(page.locator(".comment-name")).to_have_text(["Cleo", "Zoe"])
    page.get_by_role("link", name="in reply to Bob").click()
    expect(page.locator("article.comment:target")).to_contain_text("Bob")

    page.get_by_role("link", name="Newest first").click()
    expect(page.locator(".comment-name")).to_have_text(["Zoe", "Ann"])
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
