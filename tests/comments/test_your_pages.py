import datetime
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.keys import Purpose, Signer
from blog.models import Post
from comments import commenters, links
from comments.models import Comment, Commenter, ConversationMail, Follow
from tests.comments.conversing import last_mail, link_in, make_commenter, make_follow, part, send_mails
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def post() -> Post:
    return make_post(title="Five facts")


@pytest.fixture
def ann(post: Post) -> Commenter:
    make_comment(post, name="Ann", email="ann@example.org", source="Well *said*.")
    return make_commenter()


def path(commenter: Commenter, rest: str = "") -> str:
    return links.yours(commenter).removeprefix("http://localhost:8000") + rest


# --- Getting the link ---------------------------------------------------------------------------------------------


def ask(client: Client, address: str) -> Any:
    return client.post("/comments/you/", {"email": address})


def test_the_link_is_mailed_and_leads_to_the_page(client: Client, ann: Commenter) -> None:
    response = ask(client, "Ann@Example.org")

    assert (response.status_code, response["Location"]) == (303, "/comments/you/asked/")
    assert send_mails() == ["ann@example.org"]
    assert "Well <em>said</em>." in client.get(link_in(last_mail(), "you")).text
    assert "said" not in part(last_mail(), "plain") + part(last_mail(), "html")


@pytest.mark.parametrize("address", ["ann@example.org", "muted@example.org", "spam@example.org", "nobody@example.org"])
def test_the_answer_is_the_same_for_every_address(client: Client, ann: Commenter, post: Post, address: str) -> None:
    make_commenter("muted@example.org", muted_at=timezone.now())
    make_comment(post, email="spam@example.org", status="spam")
    ask(client, "somebody-else@example.org")

    response = ask(client, address)
    page = client.get(response["Location"])

    assert (response.status_code, response["Location"], response.content) == (303, "/comments/you/asked/", b"")
    assert address not in page.text
    assert send_mails() == (["ann@example.org"] if address.startswith("ann") else [])


def test_asking_for_a_strange_address_costs_what_a_known_one_costs(client: Client, ann: Commenter) -> None:
    ask(client, "somebody-else@example.org")
    commenters.find_or_add("typed-before@example.org")

    with CaptureQueriesContext(connection) as known:
        ask(client, "ann@example.org")
    with CaptureQueriesContext(connection) as typed_before:
        ask(client, "typed-before@example.org")

    assert len(known) == len(typed_before) > 8


def test_asking_again_and_again_is_one_mail(client: Client, ann: Commenter) -> None:
    for _time in range(5):
        ask(client, "ann@example.org")

    assert send_mails() == ["ann@example.org"]


@pytest.mark.parametrize("address", ["", "ann", "ann@", "a\0nn@example.org", f"{'a' * 250}@example.org"])
def test_what_is_no_address_is_told_so(client: Client, address: str) -> None:
    response = ask(client, address)

    assert response.status_code == 422
    assert 'class="error"' in response.text
    assert not Commenter.objects.exists()


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_lists_comments_with_what_became_of_them(client: Client, ann: Commenter, post: Post) -> None:
    make_comment(post, email="ann@example.org", status="waiting", source="Second.")
    make_comment(post, email="ann@example.org", status="spam", source="Third.")
    make_comment(post, email="ann@example.org", status="removed", source="Fourth.")
    make_comment(post, email="bob@example.org", source="Not mine.")

    page = client.get(path(ann)).text

    for words in ("Well <em>said</em>.", "Second.", "Third.", "Fourth.", "It is on the page.", "It was not published"):
        assert words in page
    assert page.count("It waits for a person to read it.") == 2  # who sends spam learns nothing
    assert "Not mine." not in page
    assert page.count("/comments/mine/") == 4


def test_a_long_list_has_pages_and_a_pinned_number_of_queries(
    client: Client, ann: Commenter, django_assert_num_queries: Any
) -> None:
    for number in range(24):
        make_comment(make_post(), email="ann@example.org", source=f"Number {number}.")
    for _number in range(3):
        make_follow(make_post())
    link = path(ann)
    client.get(link)

    with django_assert_num_queries(8):
        first = client.get(link)
    second = client.get(link + "?page=2")

    assert first.text.count("/comments/mine/") == 20
    assert "?page=2" in first.text
    assert second.text.count("/comments/mine/") == 5
    assert client.get(path(ann) + "?page=-7x").status_code == 200


def press(client: Client, commenter: Commenter, do: str, follow: object = "") -> None:
    response = client.post(path(commenter), {"do": do, "follow": follow})
    assert response.status_code == 303
    assert response["Location"].startswith("/comments/you/")


def test_a_wish_is_accepted_or_dropped(client: Client, ann: Commenter, post: Post) -> None:
    first, second = make_follow(post, confirmed_at=None), make_follow(make_post(), confirmed_at=None)
    page = client.get(path(ann)).text
    assert page.count("Asked for and waiting for your yes") == 2
    assert not Follow.objects.active().exists()

    press(client, ann, "accept", first.pk)
    press(client, ann, "end", second.pk)

    assert list(Follow.objects.current()) == list(Follow.objects.active()) == [first]


def test_accepting_shows_whose_address_it_is(client: Client, ann: Commenter, post: Post) -> None:
    follow = make_follow(post, confirmed_at=None)
    make_commenter(confirmed_at=None, times_asked=3)

    press(client, ann, "accept", follow.pk)

    ann.refresh_from_db()
    assert Follow.objects.active().exists()
    assert ann.times_asked == 0  # the next mail comes at once


def test_an_address_can_be_confirmed_there(client: Client, ann: Commenter) -> None:
    make_commenter(confirmed_at=None)
    assert "You have not confirmed yet" in client.get(path(ann)).text

    press(client, ann, "confirm")

    assert Commenter.objects.get().confirmed_at is not None


def test_how_much_is_mailed_can_be_changed(client: Client, ann: Commenter, post: Post) -> None:
    follow = make_follow(post, scope="replies")

    press(client, ann, "thread", follow.pk)
    follow.refresh_from_db()
    assert follow.scope == "thread"

    press(client, ann, "replies", follow.pk)
    follow.refresh_from_db()
    assert follow.scope == "replies"


def test_all_mail_can_be_stopped_and_let_in_again(client: Client, ann: Commenter, post: Post) -> None:
    make_follow(post)

    press(client, ann, "mute")
    assert not Follow.objects.active().exists()
    assert "No mail of any kind goes to you" in client.get(path(ann)).text

    press(client, ann, "unmute")
    assert Follow.objects.active().exists()


@pytest.mark.parametrize("do", ["accept", "end", "replies", "thread"])
def test_nobody_touches_the_follows_of_another(client: Client, ann: Commenter, post: Post, do: str) -> None:
    other = make_follow(post, "bob@example.org", "thread" if do == "replies" else "replies", confirmed_at=None)
    before = Follow.objects.values().get()

    press(client, ann, do, other.pk)

    assert Follow.objects.values().get() == before


@pytest.mark.parametrize("do", ["", "erase", "approve", "<script>"])
def test_a_button_that_does_not_exist_changes_nothing(client: Client, ann: Commenter, do: str) -> None:
    before = Commenter.objects.values().get()

    press(client, ann, do)

    assert Commenter.objects.values().get() == before


def test_looking_changes_nothing(client: Client, ann: Commenter, post: Post) -> None:
    make_follow(post, confirmed_at=None)
    tables = [Commenter, Follow, Comment, ConversationMail]
    before = [list(model.objects.values()) for model in tables]

    for page in (path(ann), path(ann, "export/"), path(ann, "erase/"), "/comments/you/", "/comments/you/asked/"):
        assert client.get(page).status_code == 200
        client.head(page)

    assert [list(model.objects.values()) for model in tables] == before


@pytest.mark.parametrize("rest", ["", "export/", "erase/"])
def test_the_pages_are_private(client: Client, ann: Commenter, rest: str) -> None:
    response = client.get(path(ann, rest))

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "same-origin"
    assert rest == "export/" or '<meta name="robots" content="noindex">' in response.text
    assert not client.cookies


@pytest.mark.parametrize("rest", ["", "erase/"])
def test_another_site_cannot_press_a_button(client: Client, ann: Commenter, rest: str) -> None:
    response = client.post(path(ann, rest), {"do": "mute"}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert Commenter.objects.get().muted_at is None


def test_a_link_works_for_thirty_days(client: Client, ann: Commenter) -> None:
    link = path(ann)

    with time_machine.travel(timezone.now() + 30 * DAY - datetime.timedelta(minutes=1)):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + 30 * DAY + datetime.timedelta(minutes=1)):
        for rest in ("", "export/", "erase/"):
            assert client.get(link + rest).status_code == 404
            assert client.post(link + rest).status_code in {404, 405}
    assert Comment.objects.get().name == "Ann"


def test_the_private_page_of_a_comment_says_that_a_mail_goes_out_and_nothing_of_the_address(
    client: Client, ann: Commenter, post: Post
) -> None:
    stranger = make_comment(post, email="new@example.org")
    notes = []
    for comment in (Comment.objects.get(name="Ann"), stranger):
        page = client.get(f"/comments/mine/{Signer(Purpose.OWN_COMMENT).token(comment.pk)}/").text
        assert "A mail goes to the address you gave" in page
        assert comment.email not in page
        notes.append(page.partition('<p class="notice">')[2].partition("</p>")[0])

    assert notes[0] == notes[1]


# --- Taking it along ----------------------------------------------------------------------------------------------


def test_everything_under_the_address_can_be_taken_along(client: Client, ann: Commenter, post: Post) -> None:
    make_comment(post, name="Änn", email="ann@example.org", website="https://ann.example/", status="spam")
    make_comment(post, email="bob@example.org", source="Not mine.")
    make_follow(post, scope="replies")
    ask(client, "ann@example.org")

    response = client.get(path(ann, "export/"))

    data = json.loads(response.text)
    assert response["Content-Type"] == "application/json"
    assert "attachment" in response["Content-Disposition"]
    assert data["address"] == "ann@example.org"
    assert data["comments"][0]["text"] == "Well *said*."
    assert data["comments"][1]["name"] == "Änn"
    assert data["comments"][1]["website"] == "https://ann.example/"
    assert data["comments"][1]["state"] == "It waits for a person to read it."
    assert data["follows"][0]["post"] == f"http://localhost:8000{post.get_absolute_url()}"
    assert data["mails"][0]["kind"] == "link"
    assert "Not mine." not in response.text


# --- What is forgotten --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, False),
        ({"asked_at": -31 * DAY, "times_asked": 3}, False),
        ({"asked_at": -29 * DAY}, True),
        ({"created_at": -29 * DAY}, True),
        ({"confirmed_at": -40 * DAY}, True),
        ({"muted_at": -40 * DAY}, True),
    ],
)
def test_an_address_that_is_nobodys_is_forgotten(values: dict[str, Any], kept: bool) -> None:
    now = timezone.now()
    moments = {name: now + value if isinstance(value, datetime.timedelta) else value for name, value in values.items()}
    make_commenter(**{"confirmed_at": None, "created_at": now - 31 * DAY, **moments})

    assert commenters.forget_old() == (not kept)
    assert Commenter.objects.exists() == kept


def test_an_address_with_comments_is_kept(ann: Commenter) -> None:
    make_commenter(confirmed_at=None, created_at=timezone.now() - 400 * DAY)

    assert commenters.forget_old() == 0


def test_wishes_without_a_yes_and_mails_with_links_are_forgotten(client: Client, ann: Commenter, post: Post) -> None:
    make_follow(post, confirmed_at=None, asked_at=timezone.now() - 31 * DAY)
    kept = make_follow(make_post(), asked_at=timezone.now() - 31 * DAY)
    ask(client, "ann@example.org")
    send_mails()

    with time_machine.travel(timezone.now() + 31 * DAY):
        commenters.forget_old()

    assert list(Follow.objects.all()) == [kept]
    assert not ConversationMail.objects.exists()
