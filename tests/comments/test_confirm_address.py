import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from blog.keys import Purpose, Signer
from blog.models import Post
from comments import links
from comments.models import Commenter, Follow
from tests.comments.conversing import last_mail, link_in, make_commenter, make_follow, send_mails
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def post() -> Post:
    return make_post(title="Five facts")


@pytest.fixture
def ann(post: Post) -> Commenter:
    """Somebody whose address is not confirmed, with a comment and a wish."""
    make_comment(post, email="ann@example.org", status="waiting")
    make_follow(post, confirmed_at=None)
    return make_commenter(confirmed_at=None)


def path(commenter: Commenter) -> str:
    return links.confirmation(commenter).removeprefix("http://localhost:8000")


def test_the_page_asks_and_lists_what_will_be_turned_on(client: Client, ann: Commenter) -> None:
    before = (Commenter.objects.values().get(), Follow.objects.values().get())

    page = client.get(path(ann)).text
    client.head(path(ann))

    assert "ann@example.org" in page
    assert "Every comment under this post" in page
    assert "Five facts" in page
    assert (Commenter.objects.values().get(), Follow.objects.values().get()) == before


def test_who_has_just_confirmed_gets_to_their_page_without_another_mail(client: Client, ann: Commenter) -> None:
    link = path(ann)

    with time_machine.travel(timezone.now(), tick=False):  # a link says the second in which it was made
        confirmed = client.post(link, {"do": "confirm"}).text

        ann.refresh_from_db()
        assert links.yours(ann) in confirmed
        assert links.yours(ann) not in client.get(link).text  # the mail may be forwarded later


def test_the_button_confirms_the_address_with_what_stood_on_the_page(client: Client, ann: Commenter) -> None:
    follow = Follow.objects.get()
    later = make_follow(make_post(), confirmed_at=None)  # somebody asks between looking and pressing
    make_commenter(confirmed_at=None)

    response = client.post(path(ann), {"do": "confirm", "follow": follow.pk})

    ann.refresh_from_db()
    assert "Your address is confirmed" in response.text
    assert ann.confirmed_at is not None
    assert list(Follow.objects.active()) == [follow]
    assert list(Follow.objects.pending()) == [later]


def test_the_address_can_be_confirmed_without_the_mails(client: Client, ann: Commenter) -> None:
    client.post(path(ann), {"do": "confirm"})

    assert Commenter.objects.get().confirmed_at is not None
    assert not Follow.objects.active().exists()


def test_nobody_accepts_the_follow_of_another(client: Client, ann: Commenter, post: Post) -> None:
    other = make_follow(post, "bob@example.org", confirmed_at=None)

    client.post(path(ann), {"do": "confirm", "follow": other.pk})

    assert not Follow.objects.active().exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "١", "1\0", "1 OR 1=1"])
def test_a_number_that_is_none_confirms_no_follow(client: Client, ann: Commenter, number: str) -> None:
    assert client.post(path(ann), {"do": "confirm", "follow": number}).status_code == 200
    assert not Follow.objects.active().exists()


def test_who_did_not_write_is_never_mailed_again(client: Client, ann: Commenter) -> None:
    page = client.post(path(ann), {"do": "never"}).text

    ann.refresh_from_db()
    assert "No mail goes to you any more" in page
    assert ann.muted_at is not None
    assert ann.confirmed_at is None
    assert not Follow.objects.current().exists()


def test_who_refused_by_mistake_can_confirm_after_all(client: Client, ann: Commenter) -> None:
    client.post(path(ann), {"do": "never"})
    client.post(path(ann), {"do": "confirm"})

    ann.refresh_from_db()
    assert ann.confirmed_at is not None
    assert ann.muted_at is None


def test_a_link_confirms_once(client: Client, ann: Commenter) -> None:
    link = path(ann)
    client.post(link, {"do": "confirm"})
    confirmed_at = Commenter.objects.get().confirmed_at

    assert "Your address is confirmed" in client.get(link).text
    client.post(link, {"do": "confirm", "follow": Follow.objects.get().pk})
    client.post(link, {"do": "never"})

    ann.refresh_from_db()
    assert (ann.confirmed_at, ann.muted_at) == (confirmed_at, None)
    assert not Follow.objects.active().exists()


def test_of_two_who_press_at_once_one_confirms(ann: Commenter) -> None:
    seen_by_both = Commenter.objects.get()

    assert ann.confirm()
    assert not seen_by_both.confirm()


@pytest.mark.parametrize("do", ["", "erase", "accept"])
def test_a_post_without_a_choice_changes_nothing(client: Client, ann: Commenter, do: str) -> None:
    before = Commenter.objects.values().get()

    assert client.post(path(ann), {"do": do} if do else {}).status_code == 200
    assert Commenter.objects.values().get() == before


def test_a_link_works_for_two_weeks(client: Client, ann: Commenter) -> None:
    link = path(ann)

    with time_machine.travel(timezone.now() + 14 * DAY - datetime.timedelta(minutes=1)):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + 14 * DAY + datetime.timedelta(minutes=1)):
        assert client.get(link).status_code == 404
        assert client.post(link, {"do": "confirm"}).status_code == 404


def test_the_pauses_begin_anew_for_who_has_confirmed(client: Client, ann: Commenter) -> None:
    Commenter.objects.update(times_asked=3, asked_at=timezone.now())

    client.post(path(ann), {"do": "confirm"})

    assert Commenter.objects.get().times_asked == 0


def test_another_site_cannot_press_the_button(client: Client, ann: Commenter) -> None:
    response = client.post(path(ann), {"do": "confirm"}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert Commenter.objects.get().confirmed_at is None


def test_the_link_of_the_mail_leads_there(client: Client, post: Post) -> None:
    words = {"name": "Ann", "email": "ann@example.org", "body": "Words.", "notify": "replies"}
    client.post(f"/posts/{post.slug}/comments/", words)
    send_mails()

    page = client.get(link_in(last_mail(), "confirm"))

    assert page.status_code == 200
    assert "Answers to me" in page.text


def test_nobody_stores_or_passes_on_the_page(client: Client, ann: Commenter) -> None:
    response = client.get(path(ann))

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.text
    assert not client.cookies


# --- Tokens are for one purpose -----------------------------------------------------------------------------------

PAGES = {
    Purpose.COMMENTER_CONFIRM: "/comments/confirm/{}/",
    Purpose.COMMENTER: "/comments/you/{}/",
    Purpose.UNFOLLOW: "/comments/unfollow/{}/",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_opens_the_page_of_its_purpose_alone(
    client: Client, ann: Commenter, purpose: Purpose, page: Purpose
) -> None:
    value = {Purpose.COMMENTER_CONFIRM: f"{ann.pk}.0", Purpose.UNFOLLOW: Follow.objects.get().pk}.get(page, ann.pk)

    address = PAGES[page].format(Signer(purpose).token(value))

    assert client.get(address).status_code == (200 if purpose == page else 404)
    if page == Purpose.COMMENTER:
        for part in ("export", "erase"):
            assert client.get(f"{address}{part}/").status_code == (200 if purpose == page else 404)


@pytest.mark.parametrize("page", PAGES.values())
@pytest.mark.parametrize("change", [str.swapcase, lambda token: token[:-1], lambda token: token + "a", lambda _: "x"])
def test_a_token_that_was_tampered_with_opens_nothing(client: Client, ann: Commenter, page: str, change) -> None:
    purpose = next(purpose for purpose, address in PAGES.items() if address == page)
    token = Signer(purpose).token(f"{ann.pk}.0" if purpose == Purpose.COMMENTER_CONFIRM else ann.pk)

    assert client.get(page.format(change(token))).status_code == 404
