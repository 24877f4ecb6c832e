import datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.models import Comment
from comments.moderation import CHOICES, PER_PAGE, VERBS
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"


def make_moderator() -> User:
    """Make a member of staff who may moderate and nothing else."""
    moderator = make_staff(is_superuser=False)
    moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    return moderator


@pytest.fixture
def moderator(client: Client) -> User:
    user = make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


def decide(client: Client, comment: Comment, verb: str, status: str = "waiting") -> str:
    """Press a button in the queue; return the page that follows."""
    return client.post(f"{QUEUE}{comment.pk}/", {"verb": verb, "status": status}, follow=True).text


# --- Who may ------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to(client: Client, comment: Comment) -> None:
    page, decision = client.get(QUEUE), client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve"})

    assert (page.status_code, page["Location"]) == (302, f"/admin/login/?next={QUEUE}")
    assert (decision.status_code, decision["Location"].partition("?")[0]) == (302, "/admin/login/")
    assert Comment.objects.get().status == "waiting"


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


def test_a_decision_needs_the_token(comment: Comment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_moderator())

    refused = client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve"}, headers={"Origin": "http://testserver"})
    assert refused.status_code == 403
    assert Comment.objects.get().status == "waiting"

    token = client.get(QUEUE).context["csrf_token"]
    accepted = client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve", "csrfmiddlewaretoken": token})
    assert accepted.status_code == 302
    assert Comment.objects.get().status == "approved"


# --- The queue ----------------------------------------------------------------------------------------------------


def test_the_queue_shows_a_comment_as_it_will_look_with_what_it_needs(
    client: Client, comment: Comment, moderator: User
) -> None:
    answer = make_comment(
        comment.post, parent=comment, source="I *agree*.", status="waiting", held_for=[["policy", {}]]
    )

    page = client.get(QUEUE).text

    assert "Well <em>said</em>." in page
    assert f'href="{comment.post.get_absolute_url()}">The post</a>' in page
    assert "Ann: Well *said*." in page  # above the answer
    assert answer.email in page
    assert "Held because every comment is read first." in page


def test_the_oldest_waits_at_the_top_and_the_latest_decided_too(client: Client, moderator: User) -> None:
    post = make_post()
    for status in Comment.Status.values:
        for name in ("Early", "Late"):
            make_comment(post, name=name, status=status)

    for status in Comment.Status.values:
        page = client.get(QUEUE, {"status": status}).text
        assert (page.index("Early") < page.index("Late")) == (status == "waiting")
        assert page.count('<article class="moderated"') == 2


def test_an_unknown_tab_is_the_queue(client: Client, comment: Comment, moderator: User) -> None:
    assert "Well <em>said</em>." in client.get(QUEUE, {"status": "everything"}).text


def test_an_empty_queue_says_that_all_is_done(client: Client, moderator: User) -> None:
    assert "Nothing is waiting. You are done." in client.get(QUEUE).text
    assert "There is nothing here." in client.get(QUEUE, {"status": "spam"}).text


def test_the_queue_has_pages(client: Client, moderator: User) -> None:
    post, now = make_post(), timezone.now()
    for n in range(PER_PAGE + 1):
        make_comment(post, source=f"Number {n:02}.", status="spam", created_at=now - datetime.timedelta(minutes=n))

    first, second = client.get(QUEUE, {"status": "spam"}).text, client.get(QUEUE, {"status": "spam", "page": 2}).text

    assert f"Number {PER_PAGE}." not in first
    assert 'href="/admin/moderation/?status=spam&amp;page=2"' in first
    assert f"Number {PER_PAGE}." in second
    assert client.get(QUEUE, {"status": "spam", "page": "99"}).status_code == 200


def test_the_queue_is_private_and_looking_changes_nothing(client: Client, comment: Comment, moderator: User) -> None:
    before = Comment.objects.values().get()

    response = client.get(QUEUE, {"verb": "approve"})
    client.head(QUEUE)

    assert client.get(f"{QUEUE}{comment.pk}/", {"verb": "approve"}).status_code == 405
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert 'content="noindex"' in response.text
    assert Comment.objects.values().get() == before


@pytest.mark.parametrize("comments", [5, 30])
def test_the_queue_costs_the_same_queries_for_any_number_of_comments(
    client: Client, moderator: User, django_assert_num_queries, comments: int
) -> None:
    for _ in range(comments):
        post = make_post()
        make_comment(post, parent=make_comment(post), status="waiting", held_for=[["policy", {}]])
    client.get(QUEUE)  # makes the publication's row

    # session, user, two for permissions, count, comments with posts and parents, publication, pages in the footer
    with django_assert_num_queries(8):
        client.get(QUEUE)


# --- Deciding -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "before", "after", "told"),
    [
        ("approve", "waiting", "approved", "The comment by Ann is on the page."),
        ("approve", "spam", "approved", "The comment by Ann is on the page."),
        ("remove", "waiting", "removed", "The comment by Ann was refused."),
        ("remove", "approved", "removed", "The comment by Ann was refused."),
        ("spam", "waiting", "spam", "The comment by Ann was put aside as spam."),
        ("hold", "removed", "waiting", "The comment by Ann waits again."),
    ],
)
def test_a_button_does_what_it_says(
    client: Client, moderator: User, verb: str, before: str, after: str, told: str
) -> None:
    comment = make_comment(make_post(), name="Ann", status=before)

    page = decide(client, comment, verb, before)

    comment.refresh_from_db()
    assert (comment.status, comment.decided_by) == (after, moderator)
    assert told in page


@pytest.mark.parametrize("status", Comment.Status.values)
def test_every_tab_offers_the_buttons_that_make_sense(client: Client, moderator: User, status: str) -> None:
    make_comment(make_post(), status=status)

    page = client.get(QUEUE, {"status": status}).text

    offered = [verb for verb in VERBS if f'name="verb" value="{verb}"' in page]
    assert set(offered) == set(CHOICES[Comment.Status(status)])
    assert {"waiting": "hold", "approved": "approve", "spam": "spam", "removed": "remove"}[status] not in offered


def test_an_approved_comment_is_on_the_very_next_page(client: Client, comment: Comment, moderator: User) -> None:
    reader = Client()
    assert "Well <em>said</em>." not in reader.get(comment.post.get_absolute_url()).text

    decide(client, comment, "approve")
    assert "Well <em>said</em>." in reader.get(comment.post.get_absolute_url()).text

    decide(client, comment, "remove", "approved")
    assert "Well <em>said</em>." not in reader.get(comment.post.get_absolute_url()).text


@pytest.mark.parametrize("verb", ["approve", "remove", "spam"])
def test_a_decision_can_be_undone_right_away(client: Client, comment: Comment, moderator: User, verb: str) -> None:
    page = decide(client, comment, verb)
    assert "Undo" in page
    assert f'action="{QUEUE}{comment.pk}/"' in page

    page = decide(client, comment, "hold")

    comment.refresh_from_db()
    assert comment.status == "waiting"
    assert "Undo" not in page


@pytest.mark.parametrize("verb", VERBS)
def test_who_comes_second_is_told_so_and_changes_nothing(
    client: Client, comment: Comment, moderator: User, verb: str
) -> None:
    faster = make_moderator()
    VERBS["remove" if verb == "hold" else "hold"].act(comment, faster)  # so that there is something to decide
    VERBS[verb].act(comment, faster)

    page = decide(client, comment, verb)

    comment.refresh_from_db()
    assert comment.decided_by == faster
    assert "That was already done." in page
    assert "Undo" not in page


def test_after_a_decision_the_moderator_is_where_they_were(client: Client, comment: Comment, moderator: User) -> None:
    response = client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve", "status": "spam"})

    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?status=spam")


@pytest.mark.parametrize("status", ["//evil.example", "\r\nSet-Cookie: a=b", "\0", "é&x=y"])
def test_a_hostile_status_leads_to_the_queue_all_the_same(
    client: Client, comment: Comment, moderator: User, status: str
) -> None:
    response = client.post(f"{QUEUE}{comment.pk}/", {"verb": "approve", "status": status})

    assert response["Location"].startswith(f"{QUEUE}?status=")
    assert not response.cookies.get("a")
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("verb", ["", "delete", "Approve", "__class__", "\0"])
def test_an_unknown_verb_is_told_what_the_verbs_are(
    client: Client, comment: Comment, moderator: User, verb: str
) -> None:
    response = client.post(f"{QUEUE}{comment.pk}/", {"verb": verb})

    assert response.status_code == 400
    assert "approve, remove, spam or hold" in response.text
    assert Comment.objects.get().status == "waiting"


def test_a_comment_that_is_gone_is_a_404(client: Client, moderator: User) -> None:
    assert client.post(f"{QUEUE}1/", {"verb": "approve"}).status_code == 404


def test_a_name_with_a_percent_sign_is_told_as_it_is(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), name="100 %(name)s %d", status="waiting")

    assert "The comment by 100 %(name)s %d is on the page." in decide(client, comment, "approve")
