"""Being known without an account, as a reader on a phone lives it: once with JavaScript, once without."""

import datetime
import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from playwright.sync_api import Page, expect

from comments import consent, mails
from comments.models import Comment, Commenter, Follow
from tests.factories import make_author, make_comment, make_post, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": {"width": 390, "height": 800}}


def link_in(message: EmailMultiAlternatives, path: str) -> str:
    found = re.search(rf"https?://\S+/comments/{path}/\S+", str(message.body))
    assert found
    return found[0]


def test_a_reader_confirms_is_told_of_an_answer_and_stops_the_mails(
    page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    post = make_post(title="An article", authors=[make_author()])
    page.goto(f"{site}{post.get_absolute_url()}")
    page.get_by_label("Your name").fill("Ann")
    page.locator("#id_email").fill("ann@example.org")
    page.get_by_label("Your comment").fill("Is that so?")
    page.get_by_label("Mail me about").select_option(label="answers to me")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("main .notice")).to_contain_text("A mail goes to the address you gave")
    mails.run_once()

    page.goto(link_in(mailoutbox.pop(), "confirm"))
    expect(page.locator("main")).to_contain_text("ann@example.org")
    expect(page.locator("main li")).to_contain_text("Answers to me: An article")
    page.get_by_role("button", name="Confirm my address, and send me these mails").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your address is confirmed")

    asked = Comment.objects.get()
    asked.approve(make_staff())
    make_comment(post, name="Bob", source="It **is**.", parent=asked)
    later = timezone.now() - datetime.timedelta(minutes=2)
    Follow.objects.update(confirmed_at=later)
    Comment.objects.update(published_at=later, decided_at=later)
    mails.run_once()

    (message,) = mailoutbox
    assert (message.to, message.subject) == (["ann@example.org"], "Re: An article")
    page.set_content(str(message.alternatives[0][0]))  # type: ignore[index]
    expect(page.locator("body")).to_contain_text("Bob answered you under “An article”.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(link_in(message, "unfollow"))
    page.get_by_role("button", name="Stop mails about this conversation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The mails have stopped")
    assert not Follow.objects.active().exists()
    assert page.context.cookies() == []


def test_a_reader_asks_for_their_page_and_erases_everything(
    page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    post = make_post(title="An article", authors=[make_author()])
    asked = make_comment(post, name="Ann", email="ann@example.org", source="Is that so?")
    make_comment(post, name="Bob", source="It is.", parent=asked)
    page.goto(f"{site}/comments/you/")
    page.get_by_label("Your mail address").fill("ann@example.org")
    page.get_by_role("button", name="Mail me my link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    mails.run_once()

    page.goto(link_in(mailoutbox.pop(), "you"))
    expect(page.locator("main")).to_contain_text("Is that so?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Erase it").click()
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is erased")

    page.goto(f"{site}{post.get_absolute_url()}")
    expect(page.locator("#comments")).to_contain_text("It is.")
    expect(page.locator("#comments")).not_to_contain_text("Is that so?")
    assert not Commenter.objects.filter(email="ann@example.org").exists()
    assert page.context.cookies() == []


def test_who_knows_an_address_only_brings_its_owner_a_mail(
    page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    post = make_post(title="An article", authors=[make_author()])
    make_comment(post, email="ann@example.org", source="Is that so?")
    Commenter.objects.get(email="ann@example.org").confirm()
    consent.welcome(make_comment(post, email="ann@example.org"), "thread")
    mails.run_once()

    page.goto(link_in(mailoutbox.pop(), "you"))
    assert not Follow.objects.active().exists()
    page.get_by_role("button", name="Yes, mail me").click()
    expect(page.get_by_role("button", name="Stop these mails")).to_be_visible()
    assert Follow.objects.active().count() == 1
