"""A reader's whole life on the list, as they live it on a phone: once with JavaScript, once without."""

import datetime
import re

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from playwright.sync_api import Page, expect

from blog.models import Tag, Tally
from subscribers import newsletter, notices, suppressing
from subscribers.models import Delivery, Leaving, Subscriber
from tests.factories import make_author, make_post, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": {"width": 390, "height": 800}}


def link_in(message: EmailMultiAlternatives, path: str) -> str:
    found = re.search(rf"https?://\S+/subscriptions/{path}/[^\s>]+", f"{message.body}\n{message.extra_headers}")
    assert found
    return found[0]


def says(page: Page, heading: str) -> None:
    """Look whether the page is the one with this heading, and fits the phone."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def next_mail(mailoutbox: list[EmailMultiAlternatives], address: str) -> EmailMultiAlternatives:
    """Let the worker send what is due; return the one mail to this address."""
    Tally.objects.all().delete()  # a quarter of an hour later
    notices.send_due()
    newsletter.run_once()
    (message,) = [message for message in mailoutbox if message.to == [address]]
    mailoutbox.clear()
    return message


def next_monday_morning() -> datetime.datetime:
    """When the week that it is now is told of: Monday, a little after seven."""
    today = timezone.localdate()
    monday = today + datetime.timedelta(days=7 - today.weekday())
    return timezone.make_aware(datetime.datetime.combine(monday, datetime.time(7, 5)))


def test_a_reader_subscribes_chooses_moves_leaves_and_is_forgotten(
    page: Page, site: str, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    post = make_post(title="An old article", email_subscribers=False)
    page.goto(f"{site}{post.get_absolute_url()}")
    page.locator("#subscribe_email").fill("ann@example.org")
    page.locator(".subscribe").get_by_role("button", name="Subscribe").click()
    says(page, "Look into your mail")

    page.goto(link_in(next_mail(mailoutbox, "ann@example.org"), "confirm"))
    says(page, "One more click")
    page.get_by_role("button", name="Confirm my subscription").click()
    says(page, "You are on the list")

    make_post(title="An article", authors=[make_author("Kim")], tags=[make_tag("Gardens")])
    message = next_mail(mailoutbox, "ann@example.org")
    assert message.subject == "An article"
    leave_link = link_in(message, "unsubscribe")

    page.get_by_role("link", name="Choose what I get").click()
    says(page, "Your subscription")
    page.get_by_label("Once a week").check()
    page.get_by_label("Only what I choose here").check()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.locator(".error-summary")).to_contain_text("Choose at least one subject or author")
    expect(page.get_by_label("Once a week")).to_be_checked()
    page.get_by_label("Gardens").check()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_role("status")).to_contain_text("It counts from the next mail on")
    page.get_by_label("For how long").select_option("Two weeks")
    page.get_by_role("button", name="Keep these choices").click()
    until = timezone.localdate() + datetime.timedelta(days=14)
    expect(page.locator("main")).to_contain_text(f"Your mails pause until {until.day} {until:%B %Y}")
    page.get_by_label("For how long").select_option("No pause")
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.locator("main")).to_contain_text("You are on the list since")
    row = Subscriber.objects.get()
    assert (row.cadence, row.chosen_only, row.paused_until) == ("weekly", True, None)

    page.get_by_role("button", name="Mail me that link").click()
    own = link_in(next_mail(mailoutbox, "ann@example.org"), "manage")
    page.goto(own)
    page.get_by_role("link", name="Change the address").click()
    page.get_by_label("Your new mail address").fill("ann@example.net")
    page.get_by_role("button", name="Ask at the new address").click()
    expect(page.get_by_role("status")).to_contain_text("open the link in it, and confirm within three days")
    page.goto(link_in(next_mail(mailoutbox, "ann@example.net"), "address"))
    page.get_by_role("button", name="Use this address").click()
    says(page, "Your mails come here now")
    page.goto(own)
    says(page, "This link does not work any more")

    make_post(title="Another article", tags=list(Tag.objects.all()))
    make_post(title="An article about something else")
    with time_machine.travel(next_monday_morning()):
        digest = next_mail(mailoutbox, "ann@example.net")
    assert "Another article" in digest.body
    assert "An article" not in digest.body  # one came at once, the other is not of the chosen subject
    page.goto(link_in(digest, "manage"))
    says(page, "Your subscription")
    expect(page.get_by_label("Once a week")).to_be_checked()

    page.goto(leave_link)  # from an old mail: it works for as long as the mail is kept
    page.get_by_role("button", name="Leave this list").click()
    says(page, "You have left the list")
    page.get_by_label("Too many mails").check()
    page.get_by_role("button", name="Send the reason").click()
    expect(page.locator("main")).to_contain_text("Thank you for saying why")
    assert Leaving.objects.get().reason == "many"

    page.goto(f"{site}/subscribe/")
    page.locator("#link_email").fill("ann@example.net")
    page.get_by_role("button", name="Mail me the link to my subscription").click()
    page.goto(link_in(next_mail(mailoutbox, "ann@example.net"), "manage"))
    expect(page.locator("main")).to_contain_text("You have left the list")
    page.get_by_role("link", name="Erase it").click()
    page.get_by_role("button", name="Erase everything").click()
    says(page, "Everything is erased")
    assert not Subscriber.objects.exists()
    assert set(Delivery.objects.values_list("address", flat=True)) == {""}
    assert suppressing.is_suppressed("ann@example.net")
    assert page.context.cookies() == []
