"""The publication's whole life, as its people live it: once with JavaScript, once without."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from subscribers import newsletter, notices
from tests.browser.conftest import sign_in
from tests.factories import make_author, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff_page(new_context: CreateContextCallback, site: str) -> Page:
    """A page in a browser of its own, with staff signed in."""
    page = new_context().new_page()
    sign_in(page, site)
    return page


def approve(page: Page) -> None:
    """Approve the one comment of the queue that is open."""
    page.locator(".moderated").get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("#told")).to_contain_text("is on its page now")


def link_in(message: EmailMultiAlternatives) -> str:
    found = re.search(r"https?://\S+/subscriptions/\S+", str(message.body))
    assert found
    return found[0]


def test_a_reader_comments_and_sees_it_once_it_is_approved(page: Page, staff_page: Page, site: str) -> None:
    post = make_post(title="An article", authors=[make_author()])
    page.goto(site)
    page.get_by_role("link", name="An article").first.click()

    page.get_by_label("Your name").fill("Ann")
    page.locator("#id_email").fill("ann@example.org")
    page.get_by_label("Your comment").fill("I read **all** of it. <script>alert(1)</script>")
    page.get_by_role("button", name="Send comment").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("waiting")
    own_page = page.url
    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator("#comments")).to_contain_text("Nobody has written yet")

    staff_page.goto(f"{site}/admin/moderation/")
    approve(staff_page)

    page.reload()
    expect(page.locator(".comment strong")).to_have_text("all")
    expect(page.locator("#comments script")).to_have_count(0)
    page.goto(own_page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("on the page")
    assert page.context.cookies() == []


def test_a_reader_answers_a_comment(page: Page, staff_page: Page, site: str) -> None:
    post = make_post()
    comment = post.comments.create(name="Bob", email="bob@example.org", source="First.", status="approved")
    page.goto(f"{site}{post.get_absolute_url()}")

    page.get_by_role("link", name="Reply to Bob").click()
    page.get_by_label("Your name").fill("Cleo")
    page.locator("#id_email").fill("cleo@example.org")
    page.get_by_label("Your comment").fill("Second.")
    page.get_by_role("button", name="Send comment").click()
    staff_page.goto(f"{site}/admin/moderation/")
    approve(staff_page)

    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator(".comment-indent-1")).to_contain_text("Second.")
    assert comment.replies.get().name == "Cleo"


def test_a_wrong_form_keeps_every_word(page: Page, site: str) -> None:
    page.goto(f"{site}{make_post().get_absolute_url()}")
    page.get_by_label("Your comment").fill("A long and careful thought.")
    page.get_by_role("button", name="Send comment").click()

    expect(page.locator(".error-summary")).to_contain_text("Nothing you wrote is lost")
    expect(page.get_by_label("Your comment")).to_have_value("A long and careful thought.")
    page.locator(".error-summary").get_by_role("link").first.click()
    assert page.url.endswith("#id_name")


def test_a_reader_subscribes_is_mailed_and_leaves(
    page: Page, staff_page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    make_author("Kim")
    page.goto(f"{site}/subscribe/")
    page.locator("#id_email").fill("dora@example.org")
    page.locator("main").get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    notices.send_due()

    page.goto(link_in(mailoutbox.pop()))
    page.get_by_role("button", name="Confirm my subscription").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the list")

    publish(staff_page, site, "The second post")
    newsletter.run_once()
    newsletter.run_once()
    (message,) = mailoutbox
    assert (message.subject, message.to) == ("The second post", ["dora@example.org"])

    leave_url = message.extra_headers["List-Unsubscribe"].strip("<>")
    one_click = Client(enforce_csrf_checks=True).post(
        leave_url.removeprefix(site), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert one_click.status_code == 200
    page.goto(leave_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left the list")

    publish(staff_page, site, "The third post")
    newsletter.run_once()
    assert len(mailoutbox) == 1


def publish(page: Page, site: str, title: str) -> None:
    """Write a post in the admin and publish it there."""
    page.goto(f"{site}/admin/blog/post/add/")
    page.locator("#id_title").fill(title)
    page.locator("#id_source").fill("Its *text*.")
    page.get_by_role("button", name="Save and publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("is published")
