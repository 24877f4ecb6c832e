"""The conversation in numbers: /admin/moderation/numbers/."""

import datetime
import re
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog.models import Publication
from comments import numbers
from comments.models import Comment, Filters
from tests.factories import make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db

PAGE = "/admin/moderation/numbers/"
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 5, 20, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def kim(client: Client) -> User:
    person = make_person("Moderator", "kim")
    client.force_login(person)
    return person


instant = count()


def make_comments(number: int, created_at: datetime.datetime = NOON, **values: Any) -> None:
    """Make so many comments of that time, none at the very same instant as another."""
    post = make_post()
    for _ in range(number):
        make_comment(post, created_at=created_at + next(instant) * datetime.timedelta(microseconds=1), **values)


def decided(number: int, status: str, by: User, minutes: int = 60, **values: Any) -> None:
    """Comments of yesterday that somebody decided so many minutes after they came."""
    came = NOON - DAY
    moment = came + datetime.timedelta(minutes=minutes, seconds=1)
    make_comments(number, status=status, decided_by=by, decided_at=moment, created_at=came, **values)


def start() -> datetime.datetime:
    return NOON - 29 * DAY


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_queue_leads_here(client: Client, kim: User) -> None:
    assert f'href="{PAGE}"' in client.get("/admin/moderation/").text


def test_an_empty_conversation_says_so_and_draws_nothing(client: Client, kim: User) -> None:
    page = client.get(PAGE).text

    assert "Nobody has written in these 30 days." in page
    assert "<svg" not in page
    assert "<table" not in page


def test_the_drawing_and_the_table_say_the_same(client: Client, kim: User) -> None:
    make_comments(3, status="approved", created_at=NOON)
    make_comments(1, status="spam", created_at=NOON - DAY)

    page = client.get(PAGE).text

    drawing = page[page.index("<figure") : page.index("</figure>")]
    assert [f"{block}: {n}" for block, n in re.findall(r"<title>(\d+ May) 2026: (\d+)</title>", drawing)] == [
        "19 May: 1",
        "20 May: 3",
    ]
    assert re.findall(r'<rect class="plot-(\w+)" fill="url\(#plot-\w+\)" x="[\d.]+%"', drawing) == ["spam", "approved"]
    rows = re.findall(r'<time datetime="2026-0[45]-(\d\d)".*?</tr>', page, re.DOTALL)
    assert rows[:2] == ["20", "19"]
    assert len(rows) == 30
    first_row = page[page.index('datetime="2026-05-20"') :]
    assert re.findall(r"<td>(\d+)</td>", first_row)[:5] == ["3", "0", "0", "0", "3"]
    assert "<caption>" in page
    assert 'scope="row"' in page


@pytest.mark.parametrize(
    ("days", "shown"), [("30", 30), ("90", 90), ("", 30), ("31", 30), ("1e9", 30), ("\0", 30), ("９０", 30)]
)
def test_the_window_is_one_of_two(client: Client, kim: User, days: str, shown: int) -> None:
    assert len(client.get(PAGE, {"days": days}).context["days"]) == shown


def test_the_page_needs_no_style_of_its_own_and_is_private(client: Client, kim: User) -> None:
    make_comments(1)

    page = client.get(PAGE)

    assert "style=" not in page.text
    assert "<style" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert 'content="noindex"' in page.text


def test_numbers_are_written_for_machines_in_every_language(client: Client, kim: User, settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"
    make_comments(3)

    drawing = client.get(PAGE).text

    assert not re.search(r'(x|y|width|height)="[^"]*,', drawing)


@pytest.mark.parametrize("number", [1, 5])
def test_the_page_costs_the_same_queries_for_any_number_of_comments(
    client: Client, kim: User, django_assert_num_queries, number: int
) -> None:
    for by in (kim, make_staff()):
        decided(number * numbers.FEW, "approved", by, score=0.1)
    Publication.load()
    Filters.load()

    # session, user, two for permissions; days, filter's threshold, its accuracy, who decided, their names, the median;
    # publication, pages in the footer
    with django_assert_num_queries(12):
        client.get(PAGE)


# --- What is counted ----------------------------------------------------------------------------------------------


def test_a_day_begins_at_midnight_where_the_site_is() -> None:
    with timezone.override("America/New_York"):
        make_comments(1, created_at=datetime.datetime(2026, 5, 20, 3, 59, tzinfo=datetime.UTC))
        make_comments(1, status="waiting", created_at=datetime.datetime(2026, 5, 20, 4, 0, tzinfo=datetime.UTC))

        days = numbers.by_day(start(), datetime.date(2026, 5, 20))

    assert [(day.date.day, day.approved, day.waiting) for day in days[-2:]] == [(19, 1, 0), (20, 0, 1)]


def test_what_came_before_the_window_is_not_counted(client: Client, kim: User) -> None:
    make_comments(1, created_at=NOON - 30 * DAY)
    make_comments(1, created_at=NOON - 29 * DAY)

    assert client.get(PAGE).context["total"] == 1
    assert client.get(PAGE, {"days": 90}).context["total"] == 2


def test_the_filter_is_compared_with_what_people_decided(kim: User) -> None:
    decided(7, "spam", kim, score=0.99)
    make_comments(2, status="spam", score=0.95)  # left where the filter put them
    decided(1, "approved", kim, score=0.97)
    decided(3, "spam", kim, score=0.5)
    decided(5, "approved", kim, score=0.2)
    # of these nobody can say whether they were spam, or the filter never saw them
    make_comments(4, status="waiting", score=0.99)
    make_comments(4, status="spam", score=0.3)
    decided(4, "removed", kim, score=0.3)
    decided(4, "spam", kim, score=None)

    found = numbers.accuracy(start(), threshold=0.95)

    assert found == numbers.Accuracy(caught=9, wronged=1, missed=3)
    assert (found.precision, found.recall) == (90, 75)


def test_few_cases_say_nothing(client: Client, kim: User) -> None:
    decided(numbers.FEW - 1, "spam", kim, score=1.0)

    page = client.get(PAGE)

    assert page.context["accuracy"].precision is None
    assert page.context["accuracy"].recall is None
    assert page.context["half_within"] == ""
    assert page.text.count("Not enough yet") == 3


def test_who_decided_how_many(kim: User) -> None:
    lee = make_staff("lee", first_name="Lee", last_name="Low")
    decided(1, "approved", kim)
    decided(2, "approved", lee)
    decided(1, "spam", lee)
    make_comments(5)  # appeared by themselves

    assert numbers.deciders(start()) == [numbers.Decider("Lee Low", 2, 1, 0), numbers.Decider("kim", 1, 0, 0)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [([5] * 5 + [180] * 5, "5 minutes"), ([5] * 4 + [180] * 6, "3 hours"), ([180] * 11, "3 hours")],
)
def test_half_of_the_decisions_were_taken_within(kim: User, minutes: list[int], words: str) -> None:
    for number in minutes:
        decided(1, "approved", kim, minutes=number)

    assert numbers.half_within(start(), len(minutes)).replace("\xa0", " ") == words


def test_the_counts_are_taken_from_the_index_of_statuses(kim: User) -> None:
    make_comments(3)
    days = numbers.written_since(start()).values_list("status")

    if connection.vendor == "sqlite":
        plan = days.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # three rows are read faster without any index
        plan = days.explain()

    assert "comment_by_status" in plan
    assert Comment.objects.count() == 3
