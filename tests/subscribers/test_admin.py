from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.admin import paging
from subscribers import consent, suppressing
from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import make_issue, make_post, make_staff, make_subscriber

pytestmark = pytest.mark.django_db

LISTS = {
    "subscriber": "/admin/subscribers/subscriber/",
    "delivery": "/admin/subscribers/delivery/",
}
HOSTILE = '"<script>alert(1)</script>"@x.org'


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def sign_in_with(client: Client, *permissions: str) -> None:
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)


def make_delivery(address: str = "") -> Delivery:
    subscriber = make_subscriber(address)
    return Delivery.objects.create(issue=make_issue(make_post()), subscriber=subscriber, address=subscriber.email)


def act(client: Client, kind: str, action: str, *rows: Any) -> Any:
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(LISTS[kind], form, follow=True)


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_nothing_is_added_by_hand(staff: Client, path: str) -> None:
    assert staff.get(f"{path}add/").status_code == 403
    assert staff.post(f"{path}add/", {"email": "new@example.org", "status": "active"}).status_code == 403
    assert not Subscriber.objects.exists()


def test_nobody_is_put_on_the_list_by_editing(staff: Client) -> None:
    subscriber = make_subscriber("kim@example.org", status=Subscriber.Status.PENDING)

    staff.post(f"{LISTS['subscriber']}{subscriber.pk}/change/", {"email": "lee@example.org", "status": "active"})

    subscriber.refresh_from_db()
    assert (subscriber.email, subscriber.status) == ("kim@example.org", Subscriber.Status.PENDING)


def test_the_account_of_what_was_mailed_cannot_be_deleted(staff: Client) -> None:
    delivery = make_delivery()

    assert staff.post(f"{LISTS['delivery']}{delivery.pk}/delete/", {"post": "yes"}).status_code == 403
    act(staff, "delivery", "delete_selected", delivery)

    assert Delivery.objects.count() == 1


def test_a_post_can_be_deleted_and_its_account_stays(staff: Client) -> None:
    post = make_delivery().issue.post

    staff.post(f"/admin/blog/post/{post.pk}/delete/", {"post": "yes"})

    assert Issue.objects.get().post is None
    assert Delivery.objects.count() == 1


def test_addresses_are_suppressed(staff: Client) -> None:
    one, two, other = make_subscriber(), make_subscriber(status=Subscriber.Status.SUPPRESSED), make_subscriber()

    page = act(staff, "subscriber", "suppress", one, two).text

    assert "1 address will not be mailed again." in page
    suppressed = Subscriber.objects.filter(status=Subscriber.Status.SUPPRESSED)
    assert set(suppressed) == {one, two}
    assert other not in suppressed


def test_a_suppression_by_hand_is_noted_and_lifted_by_hand(staff: Client) -> None:
    subscriber = make_subscriber("kim@example.org")
    act(staff, "subscriber", "suppress", subscriber)
    assert suppressing.is_suppressed("kim@example.org")

    page = act(staff, "subscriber", "lift", subscriber).text

    assert "1 address may ask again." in page
    assert not suppressing.is_suppressed("kim@example.org")
    assert [(line.kind, line.place) for line in subscriber.consents.all()] == [
        ("suppressed", "staff"),
        ("lifted", "staff"),
    ]


def test_people_are_erased_after_a_question(staff: Client) -> None:
    subscriber, other = make_subscriber("kim@example.org"), make_subscriber("lee@example.org")

    asked = act(staff, "subscriber", "erase", subscriber).text
    assert "nobody can undo it" in asked
    assert Subscriber.objects.count() == 2
    sure = {"action": "erase", "_selected_action": [subscriber.pk], "sure": "yes"}
    page = staff.post(LISTS["subscriber"], sure, follow=True).text

    assert "1 person was erased." in page
    assert Subscriber.objects.get() == other
    assert staff.post(f"{LISTS['subscriber']}{other.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_ledger_of_one_person_is_shown_and_taken_along_as_proof(staff: Client) -> None:
    consent.ask("kim@example.org", "post", "a" * 64)
    subscriber = Subscriber.objects.get()
    consent.confirm(subscriber)
    change = f"{LISTS['subscriber']}{subscriber.pk}/change/"

    page = staff.get(change).text
    data = staff.get(f"{LISTS['subscriber']}{subscriber.pk}/proof/").json()
    text = staff.get(f"{LISTS['subscriber']}{subscriber.pk}/proof/?form=text").text

    words = "New posts by mail Your mail address Subscribe"
    assert [line["what"] for line in data["lines"]] == ["asked", "confirmed"]
    for shown in (page, text, data["lines"][0]["form"]):
        assert words in shown
    assert "kim@example.org" in text
    assert "a" * 64 not in page + text + str(data)


def test_a_list_counts_no_further_than_anybody_turns_pages(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    for _ in range(5):
        make_subscriber()

    with CaptureQueriesContext(connection) as queries:
        page = staff.get(LISTS["subscriber"]).text

    counts = [
        query["sql"] for query in queries if "COUNT(" in query["sql"] and "subscribers_subscriber" in query["sql"]
    ]
    assert "2 subscribers" in page
    assert counts
    assert all("LIMIT 2" in sql for sql in counts)


def test_who_may_only_look_cannot_act(client: Client) -> None:
    sign_in_with(client, "view_subscriber")

    act(client, "subscriber", "suppress", make_subscriber())

    assert Subscriber.objects.get().status == Subscriber.Status.ACTIVE


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_who_may_not_see_addresses_does_not(client: Client, path: str) -> None:
    sign_in_with(client, "change_post")

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_readers_are_sent_to_the_sign_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/admin/login/")


def test_a_hostile_address_is_escaped_everywhere(staff: Client) -> None:
    delivery = make_delivery(HOSTILE)
    subscriber = delivery.subscriber
    assert subscriber
    pages = [
        staff.get(LISTS["subscriber"]).text,
        staff.get(f"{LISTS['subscriber']}{subscriber.pk}/change/").text,
        staff.post(LISTS["subscriber"], {"action": "erase", "_selected_action": [subscriber.pk]}).text,
        staff.get(LISTS["delivery"]).text,
        staff.get(f"{LISTS['delivery']}{delivery.pk}/change/").text,
        staff.get(LISTS["subscriber"], {"q": HOSTILE}).text,
    ]

    for page in pages:
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


def test_an_address_is_found(staff: Client) -> None:
    make_subscriber("kim@example.org")
    make_subscriber("lee@example.org")

    page = staff.get(LISTS["subscriber"], {"q": "KIM@"}).text

    assert "kim@example.org" in page
    assert "lee@example.org" not in page


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_a_list_costs_the_same_queries_for_any_number_of_rows(
    staff: Client, django_assert_max_num_queries: Any, path: str
) -> None:
    for _ in range(5):
        make_delivery()
    staff.get(path)
    with django_assert_max_num_queries(15) as few:
        staff.get(path)

    for _ in range(45):
        make_delivery()
    with django_assert_max_num_queries(15) as many:
        staff.get(path)

    assert len(many) == len(few)
