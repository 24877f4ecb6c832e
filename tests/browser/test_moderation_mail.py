"""A moderator decides from a mail, on a phone where nobody is signed in; with JavaScript and without."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Page, expect

from comments import moderator_mails
from comments.models import Comment, NoticePreference
from tests.factories import make_comment, make_person, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 800}


def test_a_comment_is_approved_from_a_mail(page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]) -> None:
    NoticePreference.objects.create(user=make_person("Moderator"), pace="now")
    post = make_post()
    make_comment(post, source="Well *said*.", status="waiting")
    moderator_mails.run_once()
    link = re.search(r"Approve: (\S+)", str(mailoutbox.pop().body))
    assert link

    page.set_viewport_size(PHONE)
    page.goto(link[1])
    expect(page.locator(".comment-text em")).to_have_text("said")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert Comment.objects.get().status == "waiting"
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Done: approved by you")
    assert page.context.cookies() == []

    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator("#comments em")).to_have_text("said")

    page.goto(link[1])
    expect(page.get_by_role("status")).to_contain_text("Already done: approved by you")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The comment waits")
    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator("#comments em")).to_have_count(0)
