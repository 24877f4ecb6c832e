"""The calendar of posts: /admin/blog/post/calendar/."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from blog.admin.post_calendar import days_before, month_after, month_of
from blog.models import Author
from tests.factories import make_author, make_person, make_post

pytestmark = pytest.mark.django_db

CALENDAR = "/admin/blog/post/calendar/"


@pytest.fixture(autouse=True)
def _an_editor_looks(client: Client) -> None:
    client.force_login(make_person("Editor"))


def at(*moment: int) -> datetime.datetime:
    return datetime.datetime(*moment, tzinfo=datetime.UTC)  # type: ignore[misc,arg-type]


def test_a_month_shows_what_is_published_and_scheduled_in_it(client: Client) -> None:
    make_post(title="In it", published_at=at(2026, 12, 24, 18), authors=[make_author("Ann")])
    make_post(title="Before", published_at=at(2026, 11, 30, 23, 59))
    make_post(title="After", published_at=at(2027, 1, 1))
    make_post(title="Taken back", published_at=at(2026, 12, 3), visibility="withdrawn")
    make_post(title="Draft", published_at=None)

    page = client.get(CALENDAR, {"month": "2026-12"}).text

    assert "In it" in page
    assert "Ann" in page
    assert not {"Before", "After", "Taken back", "Draft"} & {
        word for word in ("Before", "After", "Taken back", "Draft") if f">{word}<" in page
    }


def test_a_post_stands_on_its_day_where_the_site_is(client: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"  # thirteen hours ahead in December
    make_post(title="New Year", published_at=at(2026, 12, 31, 12))

    with timezone.override("Pacific/Auckland"):
        december = client.get(CALENDAR, {"month": "2026-12"}).text
        january = client.get(CALENDAR, {"month": "2027-01"}).text

    assert "New Year" not in december
    assert january.index('datetime="2027-01-01"') < january.index("New Year") < january.index('datetime="2027-01-02"')


def test_a_scheduled_post_says_so(client: Client) -> None:
    make_post(published_at=timezone.now() + datetime.timedelta(days=40))
    later = timezone.now() + datetime.timedelta(days=40)

    page = client.get(CALENDAR, {"month": f"{later:%Y-%m}"}).text

    assert "calendar-scheduled" in page
    assert "· scheduled" in page


def test_an_empty_month_says_so_and_leads_on(client: Client) -> None:
    page = client.get(CALENDAR, {"month": "2026-12"}).text

    assert "Nothing is scheduled or published in this month." in page
    assert "?month=2026-11" in page
    assert "?month=2027-01" in page


@pytest.mark.parametrize(
    "words",
    ["", "nonsense", "2026-13", "2026-00", "0000-01", "9999-12", "2026-1", "٢٠٢٦-١٢", "2026-12\n", "\0", "1899-12"],
)
def test_what_is_no_month_shows_this_one(client: Client, words: str) -> None:
    with time_machine.travel(at(2026, 5, 9), tick=False):
        assert month_of(words) == datetime.date(2026, 5, 1)
    assert client.get(CALENDAR, {"month": words}).status_code == 200


@pytest.mark.parametrize("month", ["1900-01", "2200-12", "2024-02"])
def test_the_first_and_the_last_months_have_pages(client: Client, month: str) -> None:
    assert client.get(CALENDAR, {"month": month}).status_code == 200


@pytest.mark.parametrize(
    ("first", "after", "before"),
    [((2026, 11, 1), (2026, 12, 1), 0), ((2026, 12, 1), (2027, 1, 1), 2), ((2024, 2, 1), (2024, 3, 1), 4)],
)
def test_months_and_their_weeks(first: tuple[int, int, int], after: tuple[int, int, int], before: int) -> None:
    assert month_after(datetime.date(*first)) == datetime.date(*after)
    assert days_before(datetime.date(*first)) == before  # weeks begin on Sunday in English


def test_an_author_sees_their_own(client: Client) -> None:
    ann = make_person("Author")
    client.force_login(ann)
    make_post(title="Mine", published_at=at(2026, 12, 5), authors=[Author.of(ann)])
    make_post(title="Somebody else's", published_at=at(2026, 12, 5))

    page = client.get(CALENDAR, {"month": "2026-12"}).text

    assert "Mine" in page
    assert "Somebody else" not in page


@pytest.mark.parametrize("posts", [1, 20])
def test_a_month_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries: Any, posts: int
) -> None:
    author = make_author()
    for day in range(posts):
        make_post(authors=[author], published_at=at(2026, 12, day + 1))
    client.get("/")  # makes the publication's row

    with django_assert_num_queries(7):  # session, person, rights of group and person, posts, authors, publication
        client.get(CALENDAR, {"month": "2026-12"})
