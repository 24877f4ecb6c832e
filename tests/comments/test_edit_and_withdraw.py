"""/comments/mine/<token>/edit/ and …/delete/: what the writer of a comment can do to it."""

import pytest
import time_machine
from django.test import Client

from blog.keys import Purpose, Signer
from comments.models import Action, Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(), name="Ann", source="Well *said*.", status="waiting", held_for=[["first", {}]])


def edit(client: Client, comment: Comment, body: str):
    return client.post(f"{comment.own_url()}edit/", {"body": body})


# --- Edit ---------------------------------------------------------------------------------------------------------


def test_the_writer_changes_the_text(client: Client, comment: Comment) -> None:
    page = client.get(f"{comment.own_url()}edit/").text
    assert "Well *said*.</textarea>" in page

    response = edit(client, comment, "Very *well* said.")

    assert response.status_code == 303
    own_page = client.get(response["Location"]).text
    assert "<p>Very <em>well</em> said.</p>" in own_page
    assert "changed" in own_page
    assert Comment.objects.get().source == "Very *well* said."


def test_the_new_text_is_judged_again(client: Client) -> None:
    comment = make_comment(make_post(), source="Nice.")  # its address is not confirmed, a moderator approved it

    edit(client, comment, "Buy this.")

    stored = Comment.objects.get()
    assert (stored.status, stored.held_for) == ("waiting", [["unconfirmed", {}]])
    assert "Buy this." not in client.get(comment.post.get_absolute_url()).text


def test_the_same_text_is_no_change(client: Client, comment: Comment) -> None:
    assert edit(client, comment, "Well *said*.").status_code == 303

    assert Comment.objects.get().edited_at is None
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write something first."),
        ("x" * 5_001, "this has 5001"),
        ("Said before.", "You have already sent this text"),
    ],
)
def test_a_refused_change_keeps_the_words_and_the_comment(
    client: Client, comment: Comment, body: str, sentence: str
) -> None:
    make_comment(comment.post, email=comment.email, source="Said before.")

    response = edit(client, comment, body)

    assert response.status_code == 422
    assert sentence in response.text
    assert f"{body}</textarea>" in response.text
    assert Comment.objects.get(pk=comment.pk).source == "Well *said*."


def test_too_late_the_new_text_is_kept_on_the_page(client: Client, comment: Comment) -> None:
    address = comment.own_url()
    with time_machine.travel(comment.editable_until):
        asked, sent = client.get(f"{address}edit/"), edit(client, comment, "A new thought.")
        own_page = client.get(address).text

    assert (asked.status_code, asked["Location"]) == (302, address)
    assert sent.status_code == 422
    assert "It is too late to change this" in sent.text
    assert "A new thought.</textarea>" in sent.text
    assert "It can no longer be changed" in own_page
    assert 'href="edit/"' not in own_page
    assert Comment.objects.get().source == "Well *said*."


def test_an_answer_that_appears_while_the_writer_types_wins(client: Client) -> None:
    comment = make_comment(make_post(), source="A claim.")
    assert client.get(f"{comment.own_url()}edit/").status_code == 200
    make_comment(comment.post, parent=comment, source="A reply to the claim.")

    response = edit(client, comment, "Another claim.")

    assert "It is too late" in response.text
    assert Comment.objects.get(pk=comment.pk).source == "A claim."


# --- Remove -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Comment.Status.values)
def test_the_writer_takes_the_comment_back(client: Client, status: str) -> None:
    comment = make_comment(make_post(), name="Ann", source="Well said.", status=status)
    address = comment.own_url()

    page = client.get(f"{address}delete/").text
    assert "Remove your comment?" in page
    assert Comment.objects.get().withdrawn_at is None

    response = client.post(f"{address}delete/")

    assert (response.status_code, response["Location"]) == (303, address)
    after = client.get(address).text
    assert "You have removed your comment" in after
    assert "Well said" not in after
    assert 'href="delete/"' not in after
    assert Comment.objects.get().source == ""
    assert "Well said" not in client.get(comment.post.get_absolute_url()).text


def test_removing_twice_is_removing_once(client: Client, comment: Comment) -> None:
    address = f"{comment.own_url()}delete/"

    first, second = client.post(address), client.post(address)

    assert (first.status_code, second.status_code) == (303, 303)
    assert client.get(address).status_code == 302
    assert Action.objects.count() == 1


def test_what_was_removed_cannot_be_changed(client: Client, comment: Comment) -> None:
    comment.withdraw()

    assert client.get(f"{comment.own_url()}edit/").status_code == 302
    assert edit(client, comment, "Back again.").status_code == 422
    assert Comment.objects.get().source == ""


# --- Who may, and from where --------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_the_pages_are_private_and_looking_changes_nothing(client: Client, comment: Comment, verb: str) -> None:
    before = Comment.objects.values().get()

    response = client.get(f"{comment.own_url()}{verb}/")

    assert '<meta name="robots" content="noindex">' in response.text
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "same-origin"
    assert comment.email not in response.text
    assert Signer(Purpose.OWN_COMMENT).token(comment.pk) not in response.text
    assert not client.cookies
    assert Comment.objects.values().get() == before


@pytest.mark.parametrize("verb", ["edit", "delete"])
@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose != Purpose.OWN_COMMENT])
def test_a_token_for_something_else_does_nothing(client: Client, comment: Comment, verb: str, purpose: Purpose) -> None:
    address = f"/comments/mine/{Signer(purpose).token(comment.pk)}/{verb}/"

    assert client.get(address).status_code == 404
    assert client.post(address, {"body": "Changed."}).status_code == 404
    assert Comment.objects.get().source == "Well *said*."


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_another_site_cannot_act_for_the_writer(client: Client, comment: Comment, verb: str) -> None:
    address = f"{comment.own_url()}{verb}/"

    foreign = client.post(address, {"body": "Changed."}, headers={"Origin": "https://evil.example"})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff())

    assert foreign.status_code == 403
    assert strict.post(address, {"body": "Changed."}).status_code == 403
    assert Comment.objects.get().source == "Well *said*."
    token = strict.get(address).context["csrf_token"]
    assert strict.post(address, {"body": "Changed.", "csrfmiddlewaretoken": token}).status_code == 303
