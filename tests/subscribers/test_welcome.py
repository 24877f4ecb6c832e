"""The mail to who has just confirmed: to whom it goes, what it says, and its page."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import newsletter, welcome
from subscribers.models import Delivery, Issue
from tests.factories import make_person, make_post, make_subscriber
from tests.subscribers.sending import recipients, states

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Good to have you", "source": "We write on *Mondays*. See [how](/posts/post-1/)."}


def make_welcome(**words: str) -> Issue:
    """The welcome, switched on."""
    issue = welcome.write(**{**WORDS, **words}, user=None)
    assert welcome.switch_on(issue)
    return issue


# --- Whom it greets -------------------------------------------------------------------------------------------------


def test_who_confirms_is_greeted_once_in_a_life() -> None:
    issue = make_welcome()
    kim, ann = make_subscriber("kim@example.org"), make_subscriber("ann@example.org")

    assert [welcome.greet(person) for person in (kim, ann, kim)] == [True, True, False]
    newsletter.run_once()
    newsletter.run_once()
    assert not welcome.greet(kim)

    issue.refresh_from_db()
    assert sorted(recipients()) == ["ann@example.org", "kim@example.org"]
    assert (issue.audience, Delivery.objects.count(), issue.state) == (2, 2, Issue.State.SENDING)


def test_nobody_is_greeted_before_it_is_switched_on_or_after_it_is_off() -> None:
    reader = make_subscriber()
    assert not welcome.greet(reader)
    issue = welcome.write(**WORDS, user=None)
    assert not welcome.greet(reader)

    welcome.switch_on(issue)
    assert welcome.greet(reader)
    assert welcome.switch_off(issue)
    assert not welcome.switch_off(issue)
    welcome.switch_on(issue)
    newsletter.run_once()

    assert mail.outbox == []  # what was not out when it was switched off is not sent months later
    assert set(states().values()) == {Delivery.State.SKIPPED}


def test_who_comes_while_it_is_paused_is_greeted_when_it_goes_on() -> None:
    issue = make_welcome()
    issue.pause("The server refuses everything.")

    assert welcome.greet(make_subscriber())
    newsletter.run_once()
    assert mail.outbox == []
    issue.resume()
    newsletter.run_once()
    assert len(mail.outbox) == 1


def test_the_welcome_says_what_staff_wrote_and_shows_the_three_newest_posts() -> None:
    posts = [make_post(published_at=timezone.now() - timezone.timedelta(days=days)) for days in range(4)]
    make_post(visibility="unlisted")
    make_welcome()
    welcome.greet(make_subscriber())

    newsletter.run_once()

    (message,) = mail.outbox
    text, html = str(message.body), str(message.alternatives[0].content)  # type: ignore[attr-defined]
    assert message.subject == "Good to have you"
    assert "We write on *Mondays*." in text
    assert "We write on <em>Mondays</em>." in html
    for part in (text, html):
        assert [part.count(f"/posts/{post.slug}/?from=mail") for post in posts] == [1, 1, 1, 0]


# --- Its page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor"))
    return client


def test_the_page_offers_words_to_begin_with_and_sends_nothing(editor: Client) -> None:
    response = editor.get("/admin/newsletter/welcome/")

    assert "Thank you for reading." in response.content.decode()
    assert not Issue.objects.exists()


def test_an_editor_writes_it_switches_it_on_and_off(editor: Client) -> None:
    assert editor.post("/admin/newsletter/welcome/", {**WORDS, "is_on": "on"}).status_code == 302
    issue = welcome.current()
    assert issue is not None
    assert (issue.state, issue.subject) == (Issue.State.SENDING, "Good to have you")
    assert issue.preflight

    page = editor.post("/admin/newsletter/welcome/", {**WORDS, "subject": "Hello"}, follow=True)
    issue.refresh_from_db()
    assert (issue.state, issue.subject) == (Issue.State.DRAFT, "Hello")
    assert "It is switched off" in page.content.decode()


def test_a_welcome_that_would_do_harm_stays_off_and_keeps_its_words(editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("subscribers.preflight.facts.history", lambda: (1000, 9, 0))

    response = editor.post("/admin/newsletter/welcome/", {**WORDS, "is_on": "on"})

    assert response.status_code == 422
    assert "called a mail spam" in response.content.decode()
    issue = welcome.current()
    assert issue is not None
    assert (issue.state, issue.source) == (Issue.State.DRAFT, WORDS["source"])
