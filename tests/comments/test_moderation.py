"""Deciding about comments, one at a time and many at once."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Action, Block, Comment, Decision
from comments.moderation.verbs import MOST_AT_ONCE, OFFERED, OFFERED_FOR_MANY, VERBS
from tests.comments.moderating import QUEUE, ask, decide, decide_many, signed_in, statuses
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


def make_waiting(count: int) -> list[Comment]:
    post = make_post()
    return [make_comment(post, status="waiting") for _ in range(count)]


# --- Who may ------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to(client: Client, comment: Comment) -> None:
    page, decision = client.get(QUEUE), client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve"})

    assert (page.status_code, page["Location"]) == (302, f"/admin/login/?next={QUEUE}")
    assert (decision.status_code, decision["Location"].partition("?")[0]) == (302, "/admin/login/")
    assert statuses() == ["waiting"]


def test_a_page_whose_session_has_ended_says_so_in_place(client: Client, comment: Comment) -> None:
    answer = ask(client, f"{comment.pk}/", {"verb": "approve"})

    assert answer.status_code == 403
    assert "Sign in again in another tab" in answer.json()["error"]
    assert statuses() == ["waiting"]


@pytest.mark.parametrize(
    ("values", "permission", "status"),
    [
        ({"is_superuser": False}, "", 403),
        ({"is_superuser": False}, "change_comment", 403),
        ({"is_superuser": False}, "moderate_comment", 200),
        ({"is_superuser": False, "is_staff": False}, "moderate_comment", 302),
        ({"is_superuser": False, "is_active": False}, "moderate_comment", 302),
        ({"is_superuser": True}, "", 200),
    ],
)
def test_who_may_moderate(
    client: Client, comment: Comment, values: dict[str, bool], permission: str, status: int
) -> None:
    staff = make_staff(**values)
    staff.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(staff)

    assert client.get(QUEUE).status_code == status
    decide(client, comment, "approve")
    assert Comment.objects.get().status == ("approved" if status == 200 else "waiting")


@pytest.mark.parametrize("path", ["{comment}/", "many/", "{comment}/reply/", "actions/{action}/undo/"])
def test_a_decision_needs_the_token(comment: Comment, path: str) -> None:
    comment.hold(make_staff())
    action = Action.objects.create(verb="approve")
    client = Client(enforce_csrf_checks=True)
    signed_in(client)
    address = QUEUE + path.format(comment=comment.pk, action=action.pk)
    data = {"verb": "approve", "body": "Yes.", "comment": f"{comment.pk}:waiting"}

    assert client.post(address, data, headers={"Origin": "http://testserver"}).status_code == 403
    assert statuses() == ["waiting"]

    token = client.get(QUEUE).context["csrf_token"]
    assert client.post(address, {**data, "csrfmiddlewaretoken": token}).status_code == 302


# --- One comment --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "before", "after", "told"),
    [
        ("approve", "waiting", "approved", "One comment is on its page now."),
        ("approve", "spam", "approved", "One comment is on its page now."),
        ("remove", "waiting", "removed", "One comment was refused."),
        ("remove", "approved", "removed", "One comment was refused."),
        ("spam", "waiting", "spam", "One comment was put aside as spam."),
        ("hold", "removed", "waiting", "One comment waits again."),
        ("ban", "waiting", "spam", "One comment is spam, and its address is blocked."),
    ],
)
def test_a_button_does_what_it_says(
    client: Client, moderator: User, verb: str, before: str, after: str, told: str
) -> None:
    comment = make_comment(make_post(), name="Ann", status=before)

    page = decide(client, comment, verb)

    comment.refresh_from_db()
    assert (comment.status, comment.decided_by) == (after, moderator)
    assert told in page.text
    action = Action.objects.get()
    assert (action.verb, action.via, action.user) == (verb, "queue", moderator)
    assert list(action.decisions.values_list("comment_number", "before", "after")) == [(comment.pk, before, after)]


def test_a_pin_is_put_in_and_taken_out(client: Client, moderator: User) -> None:
    comment = make_comment(make_post())

    assert "One comment is pinned." in decide(client, comment, "pin").text
    assert Comment.objects.get().pinned_at
    assert "decided that already" in decide(client, comment, "pin").text
    assert "back in its place" in decide(client, comment, "unpin").text
    assert Comment.objects.get().pinned_at is None
    assert Comment.objects.get().status == "approved"


def test_what_waits_is_not_pinned(client: Client, comment: Comment, moderator: User) -> None:
    decide(client, comment, "pin")

    assert Comment.objects.get().pinned_at is None


def test_a_reported_comment_that_is_kept_leaves_the_list(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), reports=3)
    assert "3 readers reported this." in client.get(QUEUE, {"status": "reported"}).text

    assert "One comment stays on its page." in decide(client, comment, "keep").text

    comment.refresh_from_db()
    assert (comment.status, comment.reports) == ("approved", 0)
    assert "There is nothing here." in client.get(QUEUE, {"status": "reported"}).text


def test_an_approved_comment_is_on_the_very_next_page(client: Client, comment: Comment, moderator: User) -> None:
    reader = Client()
    assert "Well <em>said</em>." not in reader.get(comment.post.get_absolute_url()).text

    decide(client, comment, "approve")
    assert "Well <em>said</em>." in reader.get(comment.post.get_absolute_url()).text

    comment.refresh_from_db()
    decide(client, comment, "remove")
    assert "Well <em>said</em>." not in reader.get(comment.post.get_absolute_url()).text


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("other", ["approved", "spam", "removed"])
def test_who_comes_second_is_told_so_and_flips_nothing(
    client: Client, comment: Comment, moderator: User, verb: str, other: str
) -> None:
    faster = make_person("Moderator")
    Comment.objects.filter(pk=comment.pk).decide(other, faster, verb="approve")

    page = decide(client, comment, verb)  # on a page that still shows it waiting

    comment.refresh_from_db()
    assert (comment.status, comment.decided_by) == (other, faster)
    assert "Somebody has decided that already. Nothing was changed." in page.text
    assert "actions/" not in page.text  # nothing to undo
    assert Action.objects.count() == 1


@pytest.mark.parametrize("status", Comment.Status.values)
def test_every_tab_offers_the_buttons_that_make_sense(client: Client, moderator: User, status: str) -> None:
    make_comment(make_post(), status=status)

    page = client.get(QUEUE, {"status": status}).text
    own = page[page.index("<article") : page.index("</article>")]

    offered = {verb for verb in VERBS if f'name="verb" value="{verb}"' in own}
    assert offered - {"pin"} == set(OFFERED[Comment.Status(status)])
    assert {"waiting": "hold", "approved": "approve", "spam": "spam", "removed": "remove"}[status] not in offered
    many = page[page.index('id="many"') :]
    assert {verb for verb in VERBS if f'value="{verb}"' in many} == set(OFFERED_FOR_MANY[status])


def test_nobody_brings_back_what_its_author_took_back(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="removed", withdrawn_at=timezone.now())

    page = client.get(QUEUE, {"status": "removed"}).text
    assert "Taken back by its author" in page
    assert 'value="approve"' not in page[page.index("<article") : page.index("</article>")]

    for verb in ("approve", "hold"):
        decide(client, comment, verb)
        decide_many(client, [comment], verb)
    ask(client, f"{comment.pk}/reply/", {"body": "Why?"})

    assert statuses() == ["removed"]
    assert not Action.objects.exists()


def test_after_a_decision_the_moderator_is_where_they_were(client: Client, comment: Comment, moderator: User) -> None:
    query = f"status=spam&q=words&post={comment.post_id}"
    response = client.post(f"{QUEUE}{comment.pk}/?{query}&after=1700000000000000-7", {"verb": "approve"})

    action = Action.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{QUEUE}?{query}&after=1700000000000000-7&done={action.pk}"


@pytest.mark.parametrize("status", ["//evil.example", "\r\nSet-Cookie: a=b", "\0", "é&x=y"])
def test_a_hostile_address_leads_to_the_queue_all_the_same(
    client: Client, comment: Comment, moderator: User, status: str
) -> None:
    response = client.post(
        f"{QUEUE}{comment.pk}/", {"verb": "approve"}, query_params={"status": status, "q": status, "after": status}
    )

    assert response["Location"].startswith(f"{QUEUE}?")
    assert not response.cookies.get("a")
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("verb", ["", "delete", "Approve", "__class__", "\0", "reply", "undo"])
@pytest.mark.parametrize("path", ["{pk}/", "many/"])
def test_an_unknown_verb_is_told_what_the_verbs_are(
    client: Client, comment: Comment, moderator: User, verb: str, path: str
) -> None:
    response = client.post(QUEUE + path.format(pk=comment.pk), {"verb": verb, "comment": f"{comment.pk}:waiting"})

    assert response.status_code == 400
    assert "one of approve, keep, spam" in response.text
    assert statuses() == ["waiting"]


def test_a_comment_that_is_gone_is_a_kind_404(client: Client, comment: Comment, moderator: User) -> None:
    Comment.objects.all().delete()

    page = decide(client, comment, "approve")
    answers = [ask(client, f"{comment.pk}/{path}", {"verb": "approve", "body": "Yes."}) for path in ("", "reply/")]

    assert page.status_code == 404
    assert "This comment is no longer here" in page.text
    assert 'href="/admin/moderation/?' in page.text
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("no longer here" in answer.json()["error"] for answer in answers)


def test_nothing_of_a_commenter_is_kept_beside_the_comment(client: Client, comment: Comment, moderator: User) -> None:
    comment.name, comment.source = "Zebedee", "Quokka"
    comment.save()

    decide(client, comment, "ban", reason="A bore")

    kept = [str(client.session.items()), str(dict(client.cookies)), str(list(Action.objects.values()))]
    kept += [str(list(Decision.objects.values()))]
    assert not any(word in text for text in kept for word in ("Zebedee", "Quokka", comment.email))


# --- Many at once -------------------------------------------------------------------------------------------------


def test_what_is_ticked_is_decided_as_one_action(client: Client, moderator: User) -> None:
    comments = make_waiting(3)

    page = decide_many(client, comments[:2], "approve")

    assert statuses() == ["approved", "approved", "waiting"]
    assert "2 comments are on their pages now." in page.text
    assert Action.objects.get().decisions.count() == 2


def test_what_others_have_decided_or_erased_meanwhile_is_left_alone(client: Client, moderator: User) -> None:
    comments = make_waiting(4)
    Comment.objects.filter(pk=comments[0].pk).decide("spam", make_person("Moderator"), verb="spam")
    Comment.objects.filter(pk=comments[1].pk).delete()

    page = decide_many(client, comments, "approve")

    assert statuses() == ["spam", "approved", "approved"]
    assert "2 comments are on their pages now. 2 others had been decided already, or are gone." in page.text


@pytest.mark.parametrize("ticked", [[], ["x"], ["1"], ["1:gone"], ["-1:waiting"], ["9" * 40 + ":waiting"], ["\0"]])
def test_nothing_ticked_is_said(client: Client, comment: Comment, moderator: User, ticked: list[str]) -> None:
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "comment": ticked}, follow=True)

    assert "Tick the comments first that you mean." in page.text
    assert statuses() == ["waiting"]


def test_all_that_match_are_counted_and_asked_about_first(client: Client, moderator: User) -> None:
    comments = make_waiting(3)
    other = make_comment(make_post(), status="waiting")
    address = f"{QUEUE}many/?post={comments[0].post_id}"

    page = client.post(address, {"verb": "approve", "all": "on"})
    late = make_comment(comments[0].post, status="waiting")

    assert page.status_code == 200
    assert "“Approve” for 3 comments, all that this list has now?" in page.text
    assert set(statuses()) == {"waiting"}

    confirmed = client.post(address, {"verb": "approve", "comment": page.context["picked"]}, follow=True)

    assert "3 comments are on their pages now." in confirmed.text
    waiting = Comment.objects.waiting()
    assert [comment.pk for comment in waiting] == [other.pk, late.pk]


def test_one_action_takes_a_thousand_at_most(client: Client, moderator: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("comments.moderation.views.MOST_AT_ONCE", 2)
    make_waiting(3)

    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"})

    assert "“Approve” for 2 comments" in page.text
    assert "The list has more" in page.text
    client.post(f"{QUEUE}many/", {"verb": "approve", "comment": page.context["picked"]})
    assert statuses() == ["approved", "approved", "waiting"]


def test_a_thousand_are_approved_and_taken_back_in_a_pinned_number_of_queries(
    client: Client, moderator: User, django_assert_max_num_queries: Any
) -> None:
    post = make_post()
    first = make_comment(post, status="waiting")
    rows = [
        Comment(post=post, name="R", email=f"r{n}@example.org", source=f"{n}", status="waiting")
        for n in range(1, MOST_AT_ONCE)
    ]
    for row in rows:
        row.prepare()
    Comment.objects.bulk_create(rows, batch_size=100)
    page = client.post(f"{QUEUE}many/", {"verb": "approve", "all": "on"})
    cache.clear()

    # session, user, permissions 2, savepoints 2 and 2 of the insert, threads twice, rows, action, update, moved,
    # decisions in 5 parts on SQLite, answers, then the sentence; the undoing has four statuses to look for
    with django_assert_max_num_queries(27):
        client.post(f"{QUEUE}many/", {"verb": "approve", "comment": page.context["picked"]})
    assert set(statuses()) == {"approved"}
    action = Action.objects.get()
    assert action.decisions.count() == MOST_AT_ONCE

    with django_assert_max_num_queries(40):
        client.post(f"{QUEUE}actions/{action.pk}/undo/")
    assert set(statuses()) == {"waiting"}
    first.refresh_from_db()
    assert first.last_action.undoes == action


def test_many_are_blocked_in_a_pinned_number_of_queries(
    client: Client, moderator: User, django_assert_num_queries: Any
) -> None:
    few, many = make_waiting(2), make_waiting(25)
    decide_many(client, make_waiting(1), "ban")  # makes the kept key

    for comments in (few, many):
        with django_assert_num_queries(23):
            client.post(f"{QUEUE}many/", {"verb": "ban", "comment": [f"{one.pk}:waiting" for one in comments]})
    assert Block.objects.count() == 28


# --- What the page's script is told -------------------------------------------------------------------------------


def test_the_script_hears_what_left_the_list_and_how_to_undo_it(
    client: Client, comment: Comment, moderator: User
) -> None:
    answer = ask(client, f"{comment.pk}/", {"verb": "approve", "was": "waiting"}).json()

    action = Action.objects.get()
    assert answer == {
        "told": "One comment is on its page now.",
        "undo": f"{QUEUE}actions/{action.pk}/undo/",
        "left": [comment.pk],
        "stayed": [],
    }
    again = ask(client, f"{comment.pk}/", {"verb": "spam", "was": "waiting"}).json()
    assert again["told"].startswith("Somebody has decided that already.")
    assert (again["undo"], again["left"]) == (None, [comment.pk])


def test_the_script_hears_what_stayed(client: Client, moderator: User) -> None:
    comment = make_comment(make_post())

    answer = ask(client, f"{comment.pk}/?status=approved", {"verb": "pin"}).json()

    assert (answer["left"], answer["stayed"]) == ([], [comment.pk])


# --- Replying -----------------------------------------------------------------------------------------------------


def test_a_reply_appears_at_once_and_approves_the_comment(client: Client, comment: Comment) -> None:
    moderator = signed_in(client, "kim")

    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Thank *you*."}, follow=True)

    assert "Your answer is on the page, below the comment." in page.text
    reply = Comment.objects.get(parent=comment)
    assert (reply.status, reply.user, reply.name) == ("approved", moderator, "kim")
    comment.refresh_from_db()
    assert (comment.status, comment.answers) == ("approved", 1)
    shown = Client().get(comment.post.get_absolute_url()).text
    assert shown.index("Well <em>said</em>.") < shown.index("Thank <em>you</em>.")
    assert Action.objects.get().decisions.count() == 2


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001])
def test_a_reply_that_cannot_be_sent_keeps_every_word(
    client: Client, comment: Comment, moderator: User, body: str
) -> None:
    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": body})
    answer = ask(client, f"{comment.pk}/reply/", {"body": body})

    assert (page.status_code, answer.status_code) == (422, 422)
    assert "Nothing you wrote is lost" in page.text
    assert body in page.text
    assert answer.json()["error"]
    assert statuses() == ["waiting"]


def test_a_reply_does_not_bring_back_what_somebody_else_took_away(
    client: Client, comment: Comment, moderator: User
) -> None:
    comment.mark_spam(make_person("Moderator"))

    page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes.", "was": "waiting"}, follow=True)

    assert "Somebody has decided that already." in page.text
    assert statuses() == ["spam"]


def test_the_same_reply_sent_twice_is_one(client: Client, comment: Comment, moderator: User) -> None:
    for _ in range(2):
        page = client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes."}, follow=True)

    assert "Somebody has decided that already." in page.text
    assert Comment.objects.count() == 2
    assert Action.objects.count() == 1
