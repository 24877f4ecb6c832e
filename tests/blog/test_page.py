import pytest
from django.test import Client

from tests.factories import make_page

pytestmark = pytest.mark.django_db


def test_a_page_shows_its_text(client: Client) -> None:
    page = make_page(title="About & more", source="We *write*.\n\n<script>alert(1)</script>")

    response = client.get(page.get_absolute_url())

    assert "<h1>About &amp; more</h1>" in response.text
    assert "<p>We <em>write</em>.</p>" in response.text
    assert '<meta name="description" content="We write.">' in response.text
    assert "alert" not in response.text
    assert not response.cookies


def test_a_page_has_no_comments_and_no_date(client: Client) -> None:
    text = client.get(make_page().get_absolute_url()).text

    assert "comment-form" not in text
    assert "<time" not in text


def test_pages_stand_in_the_footer_by_title(client: Client) -> None:
    privacy, about = make_page(title="Privacy"), make_page(title="About")

    footer = client.get("/").text.partition("<footer")[2]

    assert footer.index(about.get_absolute_url()) < footer.index(privacy.get_absolute_url())


def test_a_page_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get("/pages/nothing/").status_code == 404


def test_readers_can_only_read(client: Client) -> None:
    assert client.post(make_page().get_absolute_url()).status_code == 405


@pytest.mark.parametrize("others", [0, 10])
def test_a_page_costs_the_same_queries_beside_any_number_of_others(
    client: Client, django_assert_num_queries, others: int
) -> None:
    page = make_page()
    for _ in range(others):
        make_page()
    client.get(page.get_absolute_url())  # makes the publication's row

    with django_assert_num_queries(3):  # page, publication, pages in the footer
        client.get(page.get_absolute_url())
