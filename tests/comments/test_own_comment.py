import pytest
from django.test import Client
from django.utils import timezone

from blog.keys import Purpose, Signer
from comments.models import Comment, Commenter
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_post(title="The post"), name="Ann", source="Well *said*.", status="waiting")


FIRST, UNCONFIRMED = "so a person reads this one first", "The address you gave is not confirmed yet."
READ = "A person reads it before it appears."


@pytest.mark.parametrize(
    ("status", "reasons", "sentence"),
    [
        ("waiting", [["policy", {}]], READ),
        ("waiting", [["first", {}]], FIRST),
        ("waiting", [["unconfirmed", {}]], UNCONFIRMED),
        ("waiting", [["links", {"count": 9}], ["first", {}]], FIRST),
        ("waiting", [["links", {"count": 9}]], READ),
        ("spam", [["words", {"word": "casino"}]], READ),  # somebody who tries the filter out learns nothing
        ("spam", [], READ),
        ("approved", [], "Your comment is on the page"),
        ("removed", [["first", {}]], "Your comment was not published"),
    ],
)
def test_the_page_says_what_became_of_the_comment(
    client: Client, status: str, reasons: list[object], sentence: str
) -> None:
    comment = make_comment(make_post(), source="Well *said*.", status=status, held_for=reasons)

    page = client.get(comment.own_url()).text

    assert sentence in page
    assert ("Your comment is waiting" in page) == (status in {"waiting", "spam"})
    assert "Well <em>said</em>." in page
    for given_away in ("casino", "links", "suspicious"):
        assert given_away not in page


def test_the_page_of_spam_is_the_page_of_what_waits(client: Client, comment: Comment) -> None:
    address = comment.own_url()
    waits = client.get(address).text

    Comment.objects.update(status="spam", held_for=[["words", {}]])

    assert client.get(address).text == waits


def test_once_the_address_is_confirmed_the_page_does_not_ask_for_it(client: Client) -> None:
    comment = make_comment(make_post(), status="waiting", held_for=[["unconfirmed", {}]])
    Commenter.objects.update(confirmed_at=timezone.now())

    assert FIRST in client.get(comment.own_url()).text


def test_what_was_on_the_page_before_was_taken_off_it(client: Client) -> None:
    comment = make_comment(make_post())
    comment.remove(make_staff())

    assert "Your comment was taken off the page" in client.get(comment.own_url()).text


def test_a_comment_under_a_post_that_is_not_public_has_no_link_to_it(client: Client) -> None:
    comment = make_comment(make_post(visibility="withdrawn"))

    page = client.get(comment.own_url()).text

    assert "The post itself is not public at the moment." in page
    assert "See it there" not in page


def test_the_page_follows_what_is_decided(client: Client, comment: Comment) -> None:
    address, moderator = comment.own_url(), make_staff()

    comment.approve(moderator)
    assert f'href="{comment.get_absolute_url()}"' in client.get(address).text

    comment.remove(moderator)
    assert f"#comment-{comment.pk}" not in client.get(address).text


def test_the_page_is_private(client: Client, comment: Comment) -> None:
    response = client.get(comment.own_url())

    assert '<meta name="robots" content="noindex">' in response.text
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "same-origin"
    assert not client.cookies


def test_the_page_shows_neither_the_address_nor_its_own_link(client: Client, comment: Comment) -> None:
    page = client.get(comment.own_url()).text

    assert comment.email not in page
    assert comment.own_url() not in page


def test_looking_changes_nothing(client: Client, comment: Comment) -> None:
    before = Comment.objects.values().get()

    client.get(comment.own_url())
    client.head(comment.own_url())

    assert client.post(comment.own_url()).status_code == 405
    assert Comment.objects.values().get() == before


def test_a_token_leads_to_one_comment_alone(client: Client, comment: Comment) -> None:
    other = make_comment(comment.post)
    token = Signer(Purpose.OWN_COMMENT).token(comment.pk)

    forged = token.replace(f"{comment.pk}~", f"{other.pk}~", 1)

    assert client.get(f"/comments/mine/{token}/").status_code == 200
    assert client.get(f"/comments/mine/{forged}/").status_code == 404


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.UNSUBSCRIBE])
def test_a_token_for_something_else_opens_nothing(client: Client, comment: Comment, purpose: Purpose) -> None:
    assert client.get(f"/comments/mine/{Signer(purpose).token(comment.pk)}/").status_code == 404


@pytest.mark.parametrize("change", [str.swapcase, lambda token: token[:-1], lambda token: token + "a", lambda _: "x"])
def test_a_token_that_was_tampered_with_opens_nothing(client: Client, comment: Comment, change) -> None:
    token = Signer(Purpose.OWN_COMMENT).token(comment.pk)

    assert client.get(f"/comments/mine/{change(token)}/").status_code == 404


def test_the_link_of_a_comment_that_is_gone_is_a_404(client: Client, comment: Comment) -> None:
    address = comment.own_url()

    comment.delete()

    assert client.get(address).status_code == 404
