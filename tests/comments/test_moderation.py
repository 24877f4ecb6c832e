"""Deciding about one comment."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Action, Comment, Decision
from comments.moderation.verbs import OFFERED, OFFERED_FOR_MANY, VERBS
from tests.comments.moderating import QUEUE, ask, decide, decide_many, signed_in, statuses
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


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
