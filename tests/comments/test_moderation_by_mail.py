"""Where the links in a moderator's mail lead: /moderation/<token>/."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog.keys import Purpose, Signer
from comments.models import Action, Comment, Decision
from comments.moderation_links import LASTS, Maker
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

QUEUE = 'href="/admin/moderation/"'


@pytest.fixture
def moderator() -> User:
    return make_person("Moderator", "kim")


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="On sunscreen"), name="Ann", source="Well *said*.", status="waiting")


def link(moderator: User, comment: Comment, verb: str = "approve") -> str:
    return Maker(moderator).path(verb, comment)


def everything() -> list[Any]:
    """All that a decision could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Comment, Action, Decision)]


def press(client: Client, path: str) -> Any:
    """Press a button; return the page that follows."""
    return client.get(client.post(path)["Location"])


def buttons(page: Any) -> dict[str, str]:
    """The buttons of a page, in their order, and where each posts to."""
    return {str(label): path for label, path in page.context["buttons"]}


# --- GET asks -----------------------------------------------------------------------------------------------------


def test_a_link_shows_the_comment_and_the_verbs_with_its_own_first(
    client: Client, moderator: User, comment: Comment
) -> None:
    make_comment(comment.post)
    Comment.objects.filter(pk=comment.pk).update(held_for=[["first", {}], ["links", {"count": 3}]])

    page = client.get(link(moderator, comment, "spam"))

    assert list(buttons(page)) == ["Spam", "Approve", "Refuse"]
    for words in [
        "Well <em>said</em>.",
        "Ann",
        comment.email,
        "On sunscreen",
        "3 links",
        "This link is for kim",
        QUEUE,
    ]:
        assert words in page.text


def test_an_answer_is_shown_with_what_it_answers(client: Client, moderator: User, comment: Comment) -> None:
    answer = make_comment(comment.post, parent=comment, status="waiting")

    assert "Ann: Well *said*." in client.get(link(moderator, answer)).text


@pytest.mark.parametrize("verb", ["approve", "spam", "remove"])
def test_looking_changes_nothing_however_often(client: Client, moderator: User, comment: Comment, verb: str) -> None:
    path, before = link(moderator, comment, verb), everything()

    for _ in range(3):
        client.get(path)
        client.head(path)
        client.get(path, headers={"Sec-Purpose": "prefetch"})
        client.get(path, {"verb": verb})

    assert everything() == before


def test_the_page_is_nobodys_to_keep_or_to_list_and_sets_no_cookie(
    client: Client, moderator: User, comment: Comment
) -> None:
    response = client.get(link(moderator, comment))

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert 'content="noindex"' in response.text
    assert response["Referrer-Policy"] == "same-origin"
    assert not response.cookies


def test_no_other_method_is_taken(client: Client, moderator: User, comment: Comment) -> None:
    assert client.put(link(moderator, comment)).status_code == 405
    assert client.delete(link(moderator, comment)).status_code == 405


# --- POST acts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "status", "headline"),
    [
        ("approve", "approved", "The comment is on the page"),
        ("spam", "spam", "The comment was put aside as spam"),
        ("remove", "removed", "The comment was refused"),
    ],
)
def test_a_button_does_what_it_says_and_says_what_it_did(
    client: Client, moderator: User, comment: Comment, verb: str, status: str, headline: str
) -> None:
    path = link(moderator, comment, verb)

    response = client.post(path)
    page = client.get(response["Location"]).text

    action = Action.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{path}?done")
    assert Comment.objects.get().status == status
    assert (action.verb, action.via, action.user) == (verb, "mail", moderator)
    assert headline in page
    assert f"Done: {action.get_verb_display()} by you on" in page
    assert "Undo" in page


def test_an_approved_comment_is_on_the_very_next_page(client: Client, moderator: User, comment: Comment) -> None:
    client.post(link(moderator, comment))

    assert "Well <em>said</em>." in client.get(comment.post.get_absolute_url()).text


def test_every_button_of_the_page_works(client: Client, moderator: User, comment: Comment) -> None:
    page = client.get(link(moderator, comment))

    client.post(buttons(page)["Refuse"])

    assert Comment.objects.get().status == "removed"


def test_acting_twice_says_that_it_is_done_and_does_nothing(client: Client, moderator: User, comment: Comment) -> None:
    path = link(moderator, comment)
    client.post(path)
    before = everything()

    page = press(client, path).text

    assert "Already done: approved by you on" in page
    assert everything() == before


@pytest.mark.parametrize("verb", ["approve", "spam", "remove"])
@pytest.mark.parametrize("decided", [Comment.approve, Comment.mark_spam, Comment.remove])
def test_what_somebody_else_has_decided_stays_theirs(
    client: Client, moderator: User, comment: Comment, verb: str, decided: Any
) -> None:
    path = link(moderator, comment, verb)
    decided(comment, make_staff("lee"))
    before = everything()

    page = press(client, path).text

    assert everything() == before
    assert "by lee on" in page
    assert "Nothing was changed" in page
    assert "Undo" not in page


def test_a_comment_that_came_back_into_the_queue_is_not_decided_by_an_old_link(
    client: Client, moderator: User, comment: Comment
) -> None:
    path = link(moderator, comment)
    comment.approve(make_staff("lee"))
    comment.hold(make_staff("max"))
    before = everything()

    page = press(client, path)

    assert everything() == before
    assert "put back into the queue by max" in page.text
    assert "decided in the queue" in page.text


def test_what_its_author_has_taken_back_is_not_published(client: Client, moderator: User, comment: Comment) -> None:
    path = link(moderator, comment)
    comment.withdraw()

    page = press(client, path).text

    assert Comment.objects.get().status == "removed"
    assert "Its author has taken the comment back" in page


def test_a_text_that_changed_since_is_read_again_before_it_is_decided(
    client: Client, moderator: User, comment: Comment
) -> None:
    path = link(moderator, comment)
    action = Action.objects.create(verb=Action.Verb.EDIT, via=Action.Via.READER)
    Comment.objects.update(
        source="Buy *this*.", rendered_html="<p>Buy <em>this</em>.</p>", edited_at=timezone.now(), last_action=action
    )

    page = press(client, path)
    assert Comment.objects.get().status == "waiting"
    assert "Its author has changed the text" in page.text
    assert "Buy <em>this</em>." in page.text

    client.post(buttons(page)["Spam"])
    assert Comment.objects.get().status == "spam"


# --- Undoing ------------------------------------------------------------------------------------------------------


def undo_of(client: Client, path: str) -> str:
    return str(client.get(path).context["undo_path"])


def test_a_decision_can_be_undone_once(client: Client, moderator: User, comment: Comment) -> None:
    path = link(moderator, comment)
    client.post(path)
    undo = undo_of(client, path)
    assert client.get(undo).status_code == 200
    assert Comment.objects.get().status == "approved"

    page = press(client, undo).text

    decision, undoing = Action.objects.order_by("pk")
    assert Comment.objects.get().status == "waiting"
    assert (undoing.verb, undoing.via, undoing.undoes) == ("undo", "mail", decision)
    assert "The comment waits" in page

    Comment.objects.get().approve(make_staff())
    client.post(undo)
    assert Comment.objects.get().status == "approved"


@pytest.mark.parametrize(
    "decide",
    [
        lambda comment, kim: comment.approve(make_staff(), via=Action.Via.MAIL),
        lambda comment, kim: comment.approve(kim),
        lambda comment, kim: comment.hold(kim, via=Action.Via.MAIL),
    ],
    ids=["somebody else's", "from the queue", "no decision"],
)
def test_only_what_was_decided_by_this_persons_mail_is_undone_here(
    client: Client, moderator: User, decide: Any
) -> None:
    comment = make_comment(make_post(), status="spam")
    decide(comment, moderator)
    before = everything()

    assert undo_of(client, link(moderator, comment)) == ""
    client.post(link(moderator, comment, "undo"))
    assert everything() == before


# --- Who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.update(is_staff=False),
        lambda: User.objects.get().groups.clear(),
        lambda: User.objects.all().delete(),
        lambda: Comment.objects.all().delete(),
    ],
    ids=["dismissed", "no staff", "no role", "account gone", "comment gone"],
)
def test_a_link_without_its_moderator_or_comment_is_as_dead_as_a_forged_one(
    client: Client, moderator: User, comment: Comment, change: Any
) -> None:
    path = link(moderator, comment)
    forged = client.get("/moderation/forged/")
    change()
    before = everything()

    for response in (client.get(path), client.post(path)):
        assert (response.status_code, response.content) == (404, forged.content)
    assert everything() == before
    assert QUEUE in forged.text
    assert "no-store" in forged["Cache-Control"]


def test_a_link_lasts_two_weeks_and_none_made_from_it_lasts_longer(
    client: Client, moderator: User, comment: Comment
) -> None:
    now = timezone.now()
    path = link(moderator, comment)
    with time_machine.travel(now + LASTS - datetime.timedelta(hours=1)):
        later = buttons(client.get(path))["Spam"]

    with time_machine.travel(now + LASTS + datetime.timedelta(seconds=1)):
        assert client.post(path).status_code == 404
        assert client.post(later).status_code == 404
    assert Comment.objects.get().status == "waiting"


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose != Purpose.MODERATE])
def test_a_token_for_something_else_opens_nothing(
    client: Client, moderator: User, comment: Comment, purpose: Purpose
) -> None:
    token = Signer(purpose).token(f"approve.{comment.pk}.{moderator.pk}.0.0.9999999999")

    assert client.post(f"/moderation/{token}/").status_code == 404
    assert Comment.objects.get().status == "waiting"


def test_a_token_with_another_comments_number_in_it_opens_nothing(
    client: Client, moderator: User, comment: Comment
) -> None:
    other = make_comment(comment.post, status="waiting")
    path = link(moderator, comment)
    forged = path.replace(f"approve.{comment.pk}.", f"approve.{other.pk}.")
    assert forged != path

    assert client.post(forged).status_code == 404
    assert not Comment.objects.exclude(status="waiting").exists()


@pytest.mark.parametrize("token", ["a", "a~b~c", "%00", "ü", "approve.1.1.0.0.9~x~y", "." * 3000])
def test_hostile_tokens_are_dead_links(client: Client, token: str) -> None:
    assert client.get(f"/moderation/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({}, 303),
    ],
)
def test_another_site_cannot_press_the_button(
    moderator: User, comment: Comment, headers: dict[str, str], status: int
) -> None:
    response = Client(enforce_csrf_checks=True).post(link(moderator, comment), headers=headers)

    assert response.status_code == status
    assert (Comment.objects.get().status == "approved") == (status == 303)


def test_who_is_signed_in_needs_the_token_of_the_page(moderator: User, comment: Comment) -> None:
    client, path = Client(enforce_csrf_checks=True), link(moderator, comment)
    client.force_login(moderator)

    assert client.post(path).status_code == 403
    token = client.get(path).context["csrf_token"]
    assert client.post(path, {"csrfmiddlewaretoken": token}).status_code == 303


def test_a_link_acts_for_whom_it_was_mailed_to_whoever_is_signed_in(
    client: Client, moderator: User, comment: Comment
) -> None:
    client.force_login(make_person("Author"))

    client.post(link(moderator, comment))

    assert Comment.objects.get().decided_by == moderator


def test_no_html_of_a_reader_is_html_on_the_page(client: Client, moderator: User) -> None:
    evil = "<script>alert(1)</script>"
    comment = make_comment(
        make_post(title=evil), name=evil, source=evil, status="waiting", held_for=[["words", {"word": evil}]]
    )

    page = client.get(link(moderator, comment)).text

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") >= 4
