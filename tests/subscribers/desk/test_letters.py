from typing import Any

import pytest
from django.test import Client

from subscribers import newsletter
from subscribers.models import Issue
from tests.factories import make_issue, make_person, make_post, make_subscriber
from tests.subscribers.desk.desk import address, make_letter, told

pytestmark = pytest.mark.django_db

NEW = "/admin/newsletter/letters/new/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor", "ed"))
    return client


def words(issue: Issue) -> tuple[str, str]:
    issue.refresh_from_db()
    return issue.subject, issue.source


def test_a_letter_is_kept_as_a_draft_and_rendered_once(editor: Client) -> None:
    response = editor.post(NEW, {"subject": "Hello", "source": "**Hi**, <script>alert(1)</script>"})

    issue = Issue.objects.get()
    assert (issue.kind, issue.state, issue.made_by.username) == ("letter", "draft", "ed")  # type: ignore[union-attr]
    assert "<strong>Hi</strong>" in issue.rendered_html
    assert "<script>" not in issue.rendered_html
    assert response["Location"] == address(issue)


def test_a_draft_goes_out_to_nobody(editor: Client) -> None:
    make_subscriber()
    editor.post(NEW, {"subject": "Hello", "source": "Hi"})

    newsletter.run_once()

    assert Issue.objects.get().state == Issue.State.DRAFT


@pytest.mark.parametrize("missing", ["subject", "source"])
def test_what_is_missing_is_said_and_the_rest_stays(editor: Client, missing: str) -> None:
    typed = {"subject": "What I typed", "source": "What I wrote", missing: ""}

    response = editor.post(NEW, typed)

    assert response.status_code == 422
    assert ("What I typed" in response.text) or ("What I wrote" in response.text)
    assert not Issue.objects.exists()


def test_a_draft_is_changed(editor: Client) -> None:
    issue = make_letter(preflight=[{"level": "red"}])

    editor.post(address(issue, "edit/"), {"subject": "New", "source": "*Now*", "seen": issue.words_digest})

    assert words(issue) == ("New", "*Now*")
    assert "<em>Now</em>" in issue.rendered_html
    assert issue.preflight == []  # what was found was about the old words


def test_saving_over_a_newer_version_is_refused_and_both_texts_are_shown(editor: Client) -> None:
    issue = make_letter(source="Theirs, before.")
    seen = issue.words_digest
    issue.write("A letter", "Theirs, now.", seen)

    response = editor.post(address(issue, "edit/"), {"subject": "Mine", "source": "My text.", "seen": seen})

    assert response.status_code == 422
    assert words(issue) == ("A letter", "Theirs, now.")
    assert "My text." in response.text
    assert "Theirs, now." in response.text

    saved_over = {"subject": "Mine", "source": "My text.", "seen": seen, "save_over": issue.words_digest}
    editor.post(address(issue, "edit/"), saved_over)
    assert words(issue) == ("Mine", "My text.")


def test_a_letter_that_went_on_its_way_meanwhile_is_not_changed_and_the_text_is_kept(editor: Client) -> None:
    issue = make_letter(state=Issue.State.WAITING)

    response = editor.post(
        address(issue, "edit/"), {"subject": "New", "source": "My text.", "seen": issue.words_digest}
    )

    assert response.status_code == 422
    assert "cannot be changed" in response.text
    assert "My text." in response.text
    assert words(issue) == ("A letter", "Hello **you**.")


def test_only_drafts_open_for_writing(editor: Client) -> None:
    waiting, post = make_letter(state=Issue.State.WAITING), make_issue(make_post())

    assert editor.get(address(waiting, "edit/"))["Location"] == address(waiting)
    assert editor.get(address(post, "edit/")).status_code == 404


def test_saving_leads_to_the_preview_for_who_wants_it(editor: Client) -> None:
    response = editor.post(NEW, {"subject": "Hello", "source": "Hi", "preview": "yes"})

    assert response["Location"] == address(Issue.objects.get(), "preview/")


def test_a_letter_goes_out_with_whole_addresses(editor: Client, settings: Any, mailoutbox: Any) -> None:
    settings.NEWSLETTER_DELAY = 0
    make_subscriber("kim@example.org")
    editor.post(NEW, {"subject": "Hello", "source": "![A garden](/media/garden.webp) and [more](/posts/x/)"})
    issue = Issue.objects.get()

    assert "It goes out" in told(editor.post(address(issue, "send/"), {"when": "soon"}))
    newsletter.run_once()

    (message,) = mailoutbox
    html = message.alternatives[0][0]
    assert (message.to, message.subject) == (["kim@example.org"], "Hello")
    assert f'src="{settings.SITE_URL}/media/garden.webp"' in html
    assert f"{settings.SITE_URL}/posts/x/" in message.body
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT
