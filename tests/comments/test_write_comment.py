import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from blog.markup import COMMENT_LIMIT
from blog.models import Post
from comments.forms import CommentForm
from comments.models import Comment
from tests.comments.writing import WORDS, send
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post(title="The post")


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    with time_machine.travel(timezone.now(), tick=False):
        yield


# --- The form -----------------------------------------------------------------------------------------------------


def test_the_form_stands_alone_on_a_page_of_its_own(client: Client, post: Post) -> None:
    response = client.get(f"/posts/{post.slug}/comments/")

    assert response.status_code == 200
    for name in WORDS:
        assert f'name="{name}"' in response.text
    assert 'content="noindex"' in response.text


def test_the_form_shows_the_comment_it_answers(client: Client, post: Post) -> None:
    comment = make_comment(post, name="Kim", source="What do *you* think?")

    page = client.get(f"/posts/{post.slug}/comments/?parent={comment.pk}").text

    assert "Reply to Kim" in page
    assert "What do <em>you</em> think?" in page
    assert f'<input type="hidden" name="parent" value="{comment.pk}">' in page


@pytest.mark.parametrize("parent", ["0", "abc", "-1", "9" * 30, "\0", "'"])
def test_the_form_ignores_what_is_no_comment(client: Client, post: Post, parent: str) -> None:
    response = client.get(f"/posts/{post.slug}/comments/", {"parent": parent})

    assert response.status_code == 200
    assert 'name="parent"' not in response.text


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_the_form_does_not_show_a_comment_that_is_not_public(client: Client, post: Post, status: str) -> None:
    comment = make_comment(post, source="Not for the public.", status=status)

    page = client.get(f"/posts/{post.slug}/comments/?parent={comment.pk}").text

    assert "Not for the public" not in page
    assert 'name="parent"' not in page


def test_a_form_leaves_the_next_one_as_it_was(post: Post) -> None:
    answered = make_comment(post)

    CommentForm(post=post, user=make_staff("writer"))
    answering = CommentForm({"parent": answered.pk}, post=post)
    unrelated = CommentForm({"parent": answered.pk}, post=make_post())

    assert list(unrelated.fields) == ["name", "email", "website", "body", "parent", "notify"]
    assert answering.answered == answered
    assert unrelated.answered is None


# --- Sending ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("stopped_clock")  # a link says in which second it was made
def test_a_comment_waits_and_leads_to_a_page_of_its_own(client: Client, post: Post) -> None:
    response = send(client, post)

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == comment.own_url()
    assert (comment.post, comment.parent, comment.user) == (post, None, None)
    assert (comment.name, comment.email, comment.website, comment.source) == tuple(WORDS.values())
    assert (comment.status, comment.held_for) == ("waiting", [[Comment.HELD_UNCONFIRMED, {}]])
    assert comment.rendered_html == "<p>Well <em>said</em>.</p>\n"


def test_an_answer_knows_what_it_answers(client: Client, post: Post) -> None:
    comment = make_comment(post)

    send(client, post, parent=comment.pk)

    assert comment.replies.get().source == WORDS["body"]


def test_a_website_without_a_scheme_becomes_https(client: Client, post: Post) -> None:
    send(client, post, website="example.org")

    assert Comment.objects.get().website == "https://example.org"


def test_readers_get_no_cookie(client: Client, post: Post) -> None:
    address = f"/posts/{post.slug}/comments/"

    responses = [
        client.get(post.get_absolute_url()),
        client.get(address),
        send(client, post, body=""),
        send(client, post),
    ]

    assert [response.status_code for response in responses] == [200, 200, 422, 303]
    assert not client.cookies
    assert not any(response.has_header("Set-Cookie") for response in responses)


# --- What is refused, and that nothing is lost by it --------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give the name that should stand beside your comment."),
        ("name", " \t", "Give the name that should stand beside your comment."),
        ("name", "N" * 81, "at most 80 characters"),
        ("name", "A\0nn", "Null characters are not allowed."),
        ("email", "", "Give your address. It is needed, and never shown."),
        ("email", "ann at example.org", "This is not a mail address yet."),
        ("email", f"{'a' * 250}@example.org", "at most 254 characters"),
        ("website", "javascript:alert(1)", "Enter a valid URL."),
        ("website", "ftp://example.org/", "starts with https://"),
        ("website", f"https://example.org/{'a' * 300}", "at most 300 characters"),
        ("body", "", "Write something first."),
        ("body", " \n ", "Write something first."),
        ("body", "a" * (COMMENT_LIMIT + 1), f"A comment has at most {COMMENT_LIMIT} characters; this has"),
        ("body", "A\0b", "Null characters are not allowed."),
    ],
)
def test_a_refused_form_says_why_and_keeps_every_word(
    client: Client, post: Post, field: str, value: str, sentence: str
) -> None:
    response = send(client, post, **{field: value})

    assert response.status_code == 422
    assert sentence in response.text
    assert "Nothing you wrote is lost." in response.text
    for kept in {**WORDS, field: value}.values():
        assert kept in response.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", ["name", "email", "body"])
def test_name_address_and_text_are_needed(client: Client, post: Post, field: str) -> None:
    words = {name: word for name, word in WORDS.items() if name != field}

    response = client.post(f"/posts/{post.slug}/comments/", words)

    assert response.status_code == 422


def test_a_comment_may_be_as_long_as_the_limit_says(client: Client, post: Post) -> None:
    assert send(client, post, name="N" * 80, body="ü" * COMMENT_LIMIT).status_code == 303


def test_line_breaks_count_once(client: Client, post: Post) -> None:
    response = send(client, post, body="a\r\n" * (COMMENT_LIMIT // 2 - 1) + "a")

    assert response.status_code == 303
    assert "\r" not in Comment.objects.get().source


def test_a_refused_form_escapes_what_it_keeps(client: Client, post: Post) -> None:
    hostile = "\"'></textarea><script>alert(1)</script>"

    page = send(client, post, name=hostile, email=hostile, website=hostile, body=hostile, parent=hostile).text

    assert "<script>alert" not in page
    assert page.count(escape(hostile)) == 4


@pytest.mark.parametrize("status", ["waiting", "spam", "removed"])
def test_an_answer_to_what_is_not_public_is_refused_once(client: Client, post: Post, status: str) -> None:
    comment = make_comment(post, status=status)

    response = send(client, post, parent=comment.pk)

    assert response.status_code == 422
    assert "The comment you answer is no longer here." in response.text
    assert WORDS["body"] in response.text
    assert 'name="parent"' not in response.text  # so that sending it again works
    assert Comment.objects.count() == 1


def test_an_answer_stays_under_its_own_post(client: Client, post: Post) -> None:
    elsewhere = make_comment(make_post())

    response = send(client, post, parent=elsewhere.pk)

    assert response.status_code == 422
    assert WORDS["body"] in response.text
    assert not post.comments.exists()


def test_a_closed_post_takes_no_comment_and_keeps_the_text(client: Client) -> None:
    post = make_post(allow_comments=False)

    response = send(client, post)

    assert response.status_code == 422
    assert "The conversation under this post is closed." in response.text
    assert WORDS["body"] in response.text
    assert "<textarea" not in client.get(f"/posts/{post.slug}/comments/").text
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_at": timezone.now() + datetime.timedelta(days=365)},
        {"visibility": "withdrawn"},
    ],
    ids=["draft", "scheduled", "withdrawn"],
)
def test_a_post_that_is_not_public_has_no_form(client: Client, values: dict[str, Any]) -> None:
    post = make_post(**values)

    assert client.get(f"/posts/{post.slug}/comments/").status_code == 404
    assert send(client, post).status_code == 404


def test_nobody_decides_about_their_own_comment(client: Client, post: Post) -> None:
    other, staff = make_post(), make_staff()

    send(
        client,
        post,
        status="approved",
        user=staff.pk,
        post=other.pk,
        post_id=other.pk,
        held_for="[]",
        rendered_html="<script>",
        created_at="2001-01-01",
        decided_by=staff.pk,
        digest="mine",
        id=7,
    )

    comment = Comment.objects.get()
    assert (comment.post, comment.status, comment.user, comment.decided_by) == (post, "waiting", None, None)
    assert comment.held_for == [[Comment.HELD_UNCONFIRMED, {}]]
    assert "<script>" not in comment.rendered_html
    assert comment.digest != "mine"
    assert comment.created_at.year > 2001


# --- Names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Ann\u202e\u2066 Other\u200f", "Ann Other"),
        ("Ann\r\nBcc: x@example.org", "Ann Bcc: x@example.org"),
        ("Ann\u2028\x1b[31mOther", "Ann [31mOther"),
        ("  Ann \t Other ", "Ann Other"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_a_name_is_one_line_that_turns_nothing_round(client: Client, post: Post, name: str, stored: str) -> None:
    assert send(client, post, name=name).status_code == 303
    assert Comment.objects.get().name == stored


def test_a_name_of_nothing_that_can_be_seen_is_no_name(client: Client, post: Post) -> None:
    assert "Give the name" in send(client, post, name="\u202e\u200e").text


# --- Sent twice ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("stopped_clock")
def test_a_double_click_is_one_comment(client: Client, post: Post) -> None:
    first, second = send(client, post), send(client, post, email="Ann@Example.org")

    assert Comment.objects.count() == 1
    assert second.status_code == 303
    assert second["Location"] == first["Location"]


def test_two_sendings_at_the_same_moment_are_one_comment(post: Post) -> None:
    first, second = CommentForm(WORDS, post=post), CommentForm(WORDS, post=post)
    assert first.is_valid()
    assert second.is_valid()

    stored = first.save()  # the other process is faster

    assert second.save() == stored
    assert Comment.objects.count() == 1


def test_a_repetition_later_is_told_so(client: Client, post: Post) -> None:
    send(client, post)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        response = send(client, post)

    assert response.status_code == 422
    assert "You have already sent this comment." in response.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("other", [{"body": "Something else."}, {"email": "kim@example.org"}])
def test_another_text_or_another_person_is_no_repetition(client: Client, post: Post, other: dict[str, str]) -> None:
    send(client, post)

    send(client, post, **other)

    assert Comment.objects.count() == 2


def test_the_same_words_in_another_place_are_no_repetition(client: Client, post: Post) -> None:
    comment = make_comment(post)
    send(client, post)

    send(client, post, parent=comment.pk)
    send(client, make_post())

    assert Comment.objects.filter(source=WORDS["body"]).count() == 3


# --- From another site --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost:8000"}, 303),  # SITE_URL
        ({"Origin": "http://testserver"}, 303),  # the host that was asked
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://testserver"}, 403),
        ({"Origin": "http://localhost:8000.evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 303),
    ],
)
def test_a_form_is_taken_from_our_own_pages(client: Client, post: Post, headers: dict[str, str], status: int) -> None:
    assert send(client, post, headers).status_code == status
    assert Comment.objects.count() == (status == 303)


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_with_a_session_cookie_it_takes_the_token(post: Post, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-a-session-that-is-over"

    assert send(client, post, headers).status_code == 403
    assert not Comment.objects.exists()

    token = client.get(f"/posts/{post.slug}/comments/").context["csrf_token"]
    assert send(client, post, headers, csrfmiddlewaretoken=token).status_code == 303
