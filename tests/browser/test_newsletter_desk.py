"""A letter's whole way as its writer sees it, with JavaScript and without."""

import pytest
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Page, expect

from subscribers import newsletter, trying
from subscribers.models import Delivery, Issue
from tests.browser.conftest import sign_in
from tests.factories import make_subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".notice").first).to_contain_text(words)


def stands(page: Page, words: str) -> None:
    expect(page.locator(".standing")).to_contain_text(words)


def test_a_letter_is_written_looked_at_stopped_sent_and_sent_again_to_who_did_not_get_it(
    page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    for name in ("ann", "bob", "cid"):
        make_subscriber(f"{name}@example.org")
    sign_in(page, site)

    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_label("Subject").fill("News from the garden")
    page.get_by_label("Text", exact=True).fill("The **beans** are up.")
    press(page, "Save and preview")
    frame = page.frame_locator("iframe")
    expect(frame.locator("strong")).to_have_text("beans")
    page.get_by_role("link", name="Phone", exact=True).click()
    expect(page.locator(".mail-preview-phone")).to_be_visible()

    page.get_by_role("link", name="Send it, or test it").click()
    press(page, "Send a test to moderator@example.org")
    says(page, "A test mail goes to moderator@example.org.")
    trying.send_due()  # no worker runs here
    assert [(message.to, message.subject) for message in mailoutbox] == [
        (["moderator@example.org"], "[Test] News from the garden")
    ]

    page.get_by_label("At a day and time").check()
    page.get_by_label("Day and time", exact=True).fill("2026-01-01T09:00")
    press(page, "Send to 3 readers")
    expect(page.locator(".field-wrong")).to_contain_text("still to come")
    page.get_by_label("At once").check()
    press(page, "Send to 3 readers")
    says(page, "It goes out")
    press(page, "Back to draft")
    stands(page, "Being written. 3 readers would get it now.")
    press(page, "Send to 3 readers")
    newsletter.run_once()
    page.reload()
    stands(page, "Sent. The mail server took 3 of 3 mails.")
    expect(page.locator(".adds-up")).to_contain_text("3 readers were to get it")

    Delivery.objects.filter(address="bob@example.org").update(state="failed", error="550 5.2.2 Mailbox full")
    page.reload()
    page.get_by_role("link", name="Who did not get it, and why (1)").click()
    expect(page.locator(".reasons")).to_contain_text("550 5.2.2 Mailbox full")
    expect(page.locator(".readers")).to_contain_text("bob@example.org")
    press(page, "Try the 1 failed one again")
    says(page, "One mail is tried again.")
    newsletter.run_once()
    page.reload()
    stands(page, "Sent. The mail server took 3 of 3 mails.")
    assert [message.to for message in mailoutbox[4:]] == [["bob@example.org"]]  # a test, three mails, and this


@pytest.mark.parametrize("java_script", [True], ids=["with-javascript"])
def test_the_page_follows_an_issue_while_it_goes_out(page: Page, site: str) -> None:
    reader = make_subscriber()
    sign_in(page, site)
    issue = Issue.draft("A letter", "Hello", None)
    Issue.objects.filter(pk=issue.pk).update(state="sending", started_at=issue.created_at, audience=1)
    delivery = Delivery.objects.create(issue=issue, subscriber=reader, address=reader.email)
    page.clock.install()
    page.goto(f"{site}/admin/newsletter/{issue.pk}/")
    stands(page, "Being sent: 0 of 1.")

    Delivery.objects.filter(pk=delivery.pk).update(state="sent", sent_at=issue.created_at)
    page.clock.run_for(5100)
    stands(page, "Being sent: 1 of 1.")

    Issue.objects.filter(pk=issue.pk).update(state="sent", ended_at=issue.created_at)
    page.clock.run_for(5100)
    stands(page, "Sent. The mail server took 1 of 1 mails.")
