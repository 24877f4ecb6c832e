import pytest
from django.db import IntegrityError, transaction

from subscribers.models import Delivery, Issue, Subscriber
from tests.factories import make_issue, make_post, make_subscriber

pytestmark = pytest.mark.django_db

PENDING, ACTIVE, UNSUBSCRIBED, SUPPRESSED = Subscriber.Status


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("confirm", PENDING, ACTIVE),
        ("confirm", ACTIVE, None),
        ("confirm", UNSUBSCRIBED, None),
        ("confirm", SUPPRESSED, None),
        ("leave", PENDING, UNSUBSCRIBED),
        ("leave", ACTIVE, UNSUBSCRIBED),
        ("leave", UNSUBSCRIBED, None),
        ("leave", SUPPRESSED, None),
        ("suppress", PENDING, SUPPRESSED),
        ("suppress", ACTIVE, SUPPRESSED),
        ("suppress", UNSUBSCRIBED, SUPPRESSED),
        ("suppress", SUPPRESSED, None),
    ],
)
def test_what_a_verb_does(verb: str, before: Subscriber.Status, after: Subscriber.Status | None) -> None:
    subscriber = make_subscriber(status=before)

    done = getattr(subscriber, verb)()

    assert done == (after is not None)
    assert subscriber.status == (after or before)


@pytest.mark.parametrize("verb", ["confirm", "leave", "suppress"])
def test_the_second_of_two_who_do_the_same_at_once_is_told_so(verb: str) -> None:
    first = make_subscriber(status=PENDING)
    second = Subscriber.objects.get()

    assert getattr(first, verb)()
    assert not getattr(second, verb)()
    assert second.status == first.status


def test_who_is_suppressed_meanwhile_cannot_confirm() -> None:
    seen_before = make_subscriber(status=PENDING)
    Subscriber.objects.get().suppress()

    assert not seen_before.confirm()
    assert seen_before.status == SUPPRESSED


def test_coming_back_forgets_when_one_left() -> None:
    subscriber = make_subscriber(status=ACTIVE)
    subscriber.leave()
    assert subscriber.left_at
    Subscriber.objects.update(status=PENDING)

    subscriber.confirm()

    assert subscriber.left_at is None


def test_an_address_is_there_once_in_whatever_case() -> None:
    make_subscriber("kim@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber("KIM@example.org")


def test_nobody_is_on_the_list_without_having_confirmed() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber(status=ACTIVE, confirmed_at=None)


def test_a_post_has_one_issue() -> None:
    issue = make_issue(make_post())

    with pytest.raises(IntegrityError), transaction.atomic():
        make_issue(issue.post)


def test_a_subscriber_gets_an_issue_once() -> None:
    delivery = Delivery.objects.create(issue=make_issue(make_post()), subscriber=make_subscriber())

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(issue=delivery.issue, subscriber=delivery.subscriber)


def test_an_issue_outlives_its_post_and_a_delivery_its_subscriber() -> None:
    delivery = Delivery.objects.create(issue=make_issue(make_post()), subscriber=make_subscriber())
    delivery.issue.post.delete()
    delivery.subscriber.delete()

    assert Issue.objects.get().post is None
    assert Delivery.objects.get().subscriber is None


@pytest.mark.parametrize(
    ("before", "done"), [("waiting", True), ("sending", True), ("sent", False), ("stopped", False)]
)
def test_an_issue_is_stopped_once_and_while_it_is_open(before: str, done: bool) -> None:
    issue = make_issue(make_post(), state=before)

    assert issue.stop() is done
    assert issue.state == ("stopped" if done else before)
    assert issue.stop() is False


@pytest.mark.parametrize("state", Delivery.State)
def test_an_issue_is_finished_when_nothing_is_open(state: Delivery.State) -> None:
    issue = make_issue(make_post(), state="sending")
    Delivery.objects.create(issue=issue, subscriber=make_subscriber(), state="sent")
    Delivery.objects.create(issue=issue, subscriber=make_subscriber(), state=state)

    assert issue.finish() is (state not in {"pending", "deferred", "claimed", "transmitting"})


@pytest.mark.parametrize("state", ["waiting", "sent", "stopped"])
def test_only_an_issue_that_is_being_sent_can_be_finished(state: str) -> None:
    assert not make_issue(make_post(), state=state).finish()
