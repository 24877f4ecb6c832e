"""Coming on the staff, on a phone: invited by mail, a password, a first post; with JavaScript and without."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from blog.models import Post
from operations import staff_mails
from tests.browser.conftest import sign_in
from tests.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 800}


def test_an_invited_author_writes_a_first_post(
    page: Page, new_context: CreateContextCallback, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    make_person("Author")  # the roles' groups, which these tests begin without
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill("Ann Lee")
    page.get_by_label("Mail address").fill("ann@example.net")
    page.get_by_label("Author: writes").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Ann Lee is invited")).to_be_visible()
    staff_mails.send_due()

    phone = new_context(viewport=PHONE).new_page()
    link = re.search(r"https?://\S+/admin/password/\S+", str(mailoutbox.pop().body))
    assert link
    phone.goto(link[0])
    phone.get_by_label("New password:").fill("a long enough phrase")
    phone.get_by_label("New password confirmation:").fill("a long enough phrase")
    phone.get_by_role("button", name="Set my password").click()
    phone.get_by_role("link", name="Sign in").click()
    phone.get_by_label("Username").fill("ann-lee")
    phone.get_by_label("Password").fill("a long enough phrase")
    phone.get_by_role("button", name="Log in").click()
    expect(phone.get_by_role("heading", name="Your desk")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    phone.goto(f"{site}/admin/blog/post/add/")
    phone.locator("#id_title").fill("A first post")
    phone.locator("#id_source").fill("Hello.")
    phone.get_by_role("button", name="Save and publish now").click()
    phone.goto(site)
    expect(phone.get_by_role("link", name="A first post").first).to_be_visible()
    assert [author.name for author in Post.objects.get().authors.all()] == ["Ann Lee"]
