"""The list in numbers: /admin/newsletter/numbers/."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog.models import Publication
from subscribers import numbers
from subscribers.models import Bounce, Consent, Delivery, Issue, Leaving, ListSize, MailVisits, Subscriber
from tests.factories import make_issue, make_person, make_post, make_subscriber

pytestmark = pytest.mark.django_db

PAGE = "/admin/newsletter/numbers/"
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 5, 20, 12, 0, tzinfo=datetime.UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def kim(client: Client) -> User:
    person = make_person("Publisher", "kim")
    client.force_login(person)
    return person


def make_sent(states: dict[str, int], **values: Any) -> Issue:
    issue = make_issue(make_post(), state=Issue.State.SENT, started_at=NOON, **values)
    Delivery.objects.bulk_create(
        Delivery(issue=issue, state=state, address="") for state, number in states.items() for _ in range(number)
    )
    return issue


def note(subscriber: Subscriber, kind: str, at: datetime.datetime = NOON) -> None:
    subscriber.consents.create(kind=kind, place=Consent.Place.PAGE, at=at)


# --- The page -----------------------------------------------------------------------------------------------------


def test_an_empty_list_says_so_and_draws_nothing(client: Client, kim: User) -> None:
    page = client.get(PAGE).text

    for words in ("Nobody was on the list in these days.", "No issue went out", "Nobody left in these days."):
        assert words in page
    assert "<svg" not in page


def test_the_drawing_and_the_table_say_the_same(client: Client, kim: User) -> None:
    ListSize.objects.create(date=TODAY - DAY, active=1_000_000, pending=0)
    ListSize.objects.create(date=TODAY, active=1_234_567, pending=0)

    page = client.get(PAGE).text

    drawing = page[page.index("<figure") : page.index("</figure>")]
    assert re.findall(r"<title>(\d+ May) 2026: (\d+)</title>", drawing) == [
        ("19 May", "1000000"),
        ("20 May", "1234567"),
    ]
    assert re.findall(r"<td>([\d,]+)</td>", page)[:3] == ["1,234,567", "1,000,000", "0"]
    assert "style=" not in page


@pytest.mark.parametrize(("days", "shown"), [("30", 30), ("90", 90), ("", 30), ("1e9", 30)])
def test_the_window_is_one_of_two(client: Client, kim: User, days: str, shown: int) -> None:
    assert len(client.get(PAGE, {"days": days}).context["sizes"]) == shown


def test_what_leavers_wrote_is_shown_as_words_the_newest_first(client: Client, kim: User) -> None:
    Leaving.objects.create(reason="many", words="First", at=NOON - DAY)
    Leaving.objects.create(reason="many", words="<b>Then</b>", at=NOON)
    Leaving.objects.create()

    page = client.get(PAGE)

    assert [one.words for one in page.context["words"]] == ["<b>Then</b>", "First"]
    assert "<b>Then</b>" not in page.text
    assert page.context["reasons"] == [numbers.Reason("Too many mails", 2), numbers.Reason("", 1)]
    assert page.context["left"] == 3


@pytest.mark.parametrize("number", [1, 4])
def test_the_page_costs_the_same_queries_for_any_number(
    client: Client, kim: User, django_assert_num_queries, number: int
) -> None:
    for _ in range(number):
        make_sent({"sent": 2})
        Leaving.objects.create(words="Too many")
        note(make_subscriber(), Consent.Kind.ASKED)
    Publication.load()

    # session, user, two for permissions; sizes, what came back, issues with states and visits, leavers, how many now,
    # two for the confirmed, words; publication, pages in the footer
    with django_assert_num_queries(16):
        client.get(PAGE)


# --- What is counted ----------------------------------------------------------------------------------------------


def test_of_who_asked_so_many_confirmed() -> None:
    for n in range(12):
        subscriber = make_subscriber()
        note(subscriber, Consent.Kind.ASKED)
        note(subscriber, Consent.Kind.ASKED)
        if n < 9:
            note(subscriber, Consent.Kind.CONFIRMED)
    note(make_subscriber(), Consent.Kind.IMPORTED)
    note(make_subscriber(), Consent.Kind.ASKED, at=NOON - 40 * DAY)

    share = numbers.confirmed_share(numbers.start_of(30))

    assert (share.part, share.whole, share.percent) == (9, 12, 75)


def test_few_cases_say_nothing() -> None:
    assert numbers.Share(9, 9).percent is None
    assert numbers.Share(0, 9).per_thousand is None
    assert numbers.Share(1, 400).per_thousand == 2.5


def test_an_issue_shows_what_became_of_its_mails() -> None:
    issue = make_sent({"sent": 5, "failed": 2, "unknown": 1, "skipped": 4})
    first, second = issue.deliveries.all()[:2]
    Bounce.objects.create(delivery=first, kind=Bounce.Kind.HARD, source=Bounce.Source.REPORT)
    Bounce.objects.create(delivery=first, kind=Bounce.Kind.COMPLAINT, source=Bounce.Source.REPORT)
    Bounce.objects.create(delivery=second, kind=Bounce.Kind.SOFT, source=Bounce.Source.REPORT)
    MailVisits.objects.create(issue=issue, date=TODAY, count=3)
    MailVisits.objects.create(issue=issue, date=TODAY - DAY, count=4)
    make_issue(make_post())  # waits

    returned = numbers.came_back(numbers.start_of(30))

    assert numbers.issues(numbers.start_of(30), returned) == [
        numbers.Sent(issue, sent=5, failed=2, unknown=1, came_back=2, complaints=1, visits=7)
    ]
    assert [one.number for one in numbers.by_kind(returned)] == [1, 1, 1]


def test_a_day_without_a_count_is_as_the_one_before() -> None:
    ListSize.objects.create(date=TODAY - 2 * DAY, active=7, pending=0)

    assert [day.active for day in numbers.sizes(numbers.start_of(30))][-4:] == [0, 7, 7, 7]


def test_the_clock_writes_todays_size_and_the_first_time_those_before() -> None:
    make_subscriber(confirmed_at=NOON - 200 * DAY)
    make_subscriber(confirmed_at=NOON - 2 * DAY)
    make_subscriber(confirmed_at=NOON - 3 * DAY, left_at=NOON - DAY, status=Subscriber.Status.UNSUBSCRIBED)
    make_subscriber(status=Subscriber.Status.PENDING)

    assert numbers.note_size() == 2

    last = ListSize.objects.order_by("-date").values_list("active", flat=True)
    assert list(last[:5]) == [2, 2, 3, 2, 1]
    assert len(last) == numbers.REACH
    assert ListSize.objects.get(date=TODAY).pending == 1
    make_subscriber()
    numbers.note_size()
    assert (ListSize.objects.count(), ListSize.objects.get(date=TODAY).active) == (numbers.REACH, 3)


def test_a_day_begins_at_midnight_where_the_site_is() -> None:
    with timezone.override("America/New_York"):
        Leaving.objects.create(at=datetime.datetime(2026, 5, 20, 3, 59, tzinfo=datetime.UTC))
        Leaving.objects.create(at=datetime.datetime(2026, 5, 20, 4, 0, tzinfo=datetime.UTC))

        days, _reasons = numbers.leavers(numbers.start_of(30))

    assert [(day.date.day, day.left) for day in days[-2:]] == [(19, 1), (20, 1)]
