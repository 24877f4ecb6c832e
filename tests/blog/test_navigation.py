import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from blog.models import NavigationLink
from tests.factories import make_page, make_person

pytestmark = pytest.mark.django_db

MASTHEAD, FOOTER = NavigationLink.Place.MASTHEAD, NavigationLink.Place.FOOTER


def link(place: str, label: str, address: str = "/", position: int = 0) -> NavigationLink:
    return NavigationLink.objects.create(place=place, label=label, address=address, position=position)


def part(page: str, tag: str) -> str:
    return page[page.index(f"<{tag}") : page.index(f"</{tag}>")]


def test_pages_are_linked_at_the_foot_while_nobody_has_chosen(client: Client) -> None:
    make_page(title="Privacy", slug="privacy")
    make_page(title="About", slug="about")

    footer = part(client.get("/").text, "footer")

    assert footer.index('href="/pages/about/"') < footer.index('href="/pages/privacy/"')


def test_links_at_the_foot_replace_the_list_of_pages(client: Client) -> None:
    make_page(title="Thanks", slug="thanks")
    link(FOOTER, "Elsewhere", "https://example.org/")

    footer = part(client.get("/").text, "footer")

    assert 'href="https://example.org/"' in footer
    assert "Thanks" not in footer


def test_links_at_the_top_leave_the_foot_as_it_is(client: Client) -> None:
    make_page(title="About", slug="about")
    link(MASTHEAD, "Start here", "/pages/about/")

    page = client.get("/").text

    assert "Start here" in part(page, "header")
    assert 'href="/pages/about/"' in part(page, "footer")


def test_links_stand_in_the_order_of_their_positions(client: Client) -> None:
    link(MASTHEAD, "Second", position=2)
    link(MASTHEAD, "Tenth", position=10)
    link(MASTHEAD, "First", position=1)

    header = part(client.get("/").text, "header")

    assert header.index("First") < header.index("Second") < header.index("Tenth")


def test_the_page_one_is_on_is_marked(client: Client) -> None:
    make_page(title="About", slug="about")

    assert 'href="/pages/about/" aria-current="page"' in client.get("/pages/about/").text


def test_a_label_is_text(client: Client) -> None:
    link(MASTHEAD, "<b>Bold</b>", '/"onmouseover="x')

    page = client.get("/").text

    assert "<b>Bold" not in page
    assert 'onmouseover="x' not in page.replace("&quot;", "'")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", ""]
)
def test_a_link_leads_to_a_path_or_a_web_address(address: str) -> None:
    with pytest.raises(ValidationError):
        NavigationLink(label="Bad", address=address).full_clean()


@pytest.mark.parametrize("links", [0, 12])
def test_links_cost_one_query_however_many(client: Client, django_assert_num_queries, links: int) -> None:
    for number in range(links):
        link(MASTHEAD, f"Link {number}")
        make_page()
    client.get("/subscribe/")  # makes the publication's row

    with django_assert_num_queries(2):  # publication, links
        client.get("/subscribe/")


def test_the_top_offers_moderation_to_moderators_only(client: Client) -> None:
    client.force_login(make_person("Author"))
    to_author = part(client.get("/").text, "header")
    client.force_login(make_person("Moderator"))
    to_moderator = part(client.get("/").text, "header")

    assert "/admin/moderation/" not in to_author
    assert "/admin/moderation/" in to_moderator
