import datetime

import pytest
from django.test import Client
from django.utils import timezone

from blog import archive
from tests.factories import make_post, make_posts

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def test_the_archive_counts_months_newest_first(client: Client) -> None:
    for day in ("2023-05-01", "2024-02-29", "2024-02-01", "2024-12-31T23:59:59.999999"):
        make_post(published_at=at(day))
    make_post(published_at=at("2022-01-01"), visibility="unlisted")

    years = archive.years()

    assert [year.year for year in years] == [2024, 2023]
    assert [(month.year, month.month, month.count) for month in archive.months(years)] == [
        (2024, 12, 1),
        (2024, 2, 2),
        (2023, 5, 1),
    ]
    page = client.get("/archive/").text
    assert page.index('href="/archive/2024/"') < page.index('href="/archive/2024/2/"') < page.index("/archive/2023/")
    assert "2022" not in page


def test_a_months_page_shows_its_posts_and_no_others(client: Client) -> None:
    make_post(title="Last of January", published_at=at("2024-01-31T23:59:59.999999"))
    make_post(title="First of February", published_at=at("2024-02-01"))
    make_post(title="Last of February", published_at=at("2024-02-29T23:59:59.999999"))
    make_post(title="First of March", published_at=at("2024-03-01"))
    make_post(title="Hidden in February", published_at=at("2024-02-02"), visibility="unlisted")

    page = client.get("/archive/2024/2/").text

    assert page.index("Last of February") < page.index("First of February")
    assert not [title for title in ("Last of January", "First of March", "Hidden") if title in page]
    assert "February 2024" in page


def test_months_are_those_of_the_sites_time_zone(client: Client, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    make_post(title="New year's eve in London", published_at=at("2023-12-31T23:30"))

    assert [(month.year, month.month, month.count) for month in archive.months(archive.years())] == [(2024, 1, 1)]
    assert "New year&#x27;s eve" in client.get("/archive/2024/1/").text
    assert client.get("/archive/2023/12/").status_code == 404


def test_a_years_page_shows_its_months_and_posts(client: Client) -> None:
    make_post(title="In June", published_at=at("2024-06-01"))
    make_post(title="In May", published_at=at("2024-05-01"))

    page = client.get("/archive/2024/").text

    assert 'href="/archive/2024/5/"' in page
    assert page.index("In June") < page.index("In May")


def test_a_long_year_has_pages(client: Client) -> None:
    make_posts(101, published_at=at("2024-06-01"))

    assert '<link rel="next" href="/archive/2024/?page=2">' in client.get("/archive/2024/").text
    assert client.get("/archive/2024/?page=2").text.count("<li>\n        <time") == 1


def test_an_empty_archive_says_so(client: Client) -> None:
    assert "Nothing is published here yet." in client.get("/archive/").text


@pytest.mark.parametrize(
    "address", ["0/", "1/", "2023/", "9999/", "10000/", "99999999999999999999/", "2024/0/", "2024/13/", "2024/7/"]
)
def test_a_time_without_posts_is_a_404(client: Client, address: str) -> None:
    make_post(published_at=at("2024-06-01"))

    assert client.get(f"/archive/{address}").status_code == 404


def test_a_slip_of_the_pen_in_a_date_is_no_error(client: Client) -> None:
    make_post(published_at=at("0024-06-01"))
    make_post(published_at=timezone.now())

    page = client.get("/archive/").text

    assert 'href="/archive/24/6/"' in page
    assert client.get("/archive/24/6/").status_code == 200
