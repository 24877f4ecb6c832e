"""What pages say in JSON-LD. Required and recommended properties: developers.google.com/search, schema.org."""

import datetime
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Publication, Series
from tests.factories import make_author, make_image, make_post, make_tag

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><!-- <script> \u2028\u2029 ]]> & \"'\\"


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.SITE_URL = "https://byline.example"
    Publication(name="Journal", description="Notes").save()


def nodes(client: Client, address: str) -> dict[str, Any]:
    """The nodes of a page's one block of JSON-LD, by their type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).text, re.DOTALL)
    (data,) = [json.loads(block) for block in blocks]
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def test_a_post_says_what_it_is(client: Client) -> None:
    author = make_author("Ann", slug="ann", website="https://ann.example")
    post = make_post(
        title="Tea",
        subtitle="And cake",
        slug="tea",
        source="One two three.",
        search_description="For search.",
        language="de-CH",
        authors=[author, make_author("Bob")],
        tags=[make_tag("Drinks", slug="drinks")],
        cover=make_image(),
        series=Series.objects.create(title="At the table", slug="table"),
    )
    post.sources.create(text="A study", url="https://study.example/1")
    post.sources.create(text="A book")

    posting = nodes(client, "/posts/tea/")["BlogPosting"]

    assert posting["headline"] == "Tea"
    assert posting["alternativeHeadline"] == "And cake"
    assert posting["description"] == "For search."
    assert posting["url"] == posting["mainEntityOfPage"] == "https://byline.example/posts/tea/"
    assert posting["image"]["url"].startswith("https://byline.example/media/images/")
    assert (posting["image"]["width"], posting["image"]["height"]) == (8, 5)
    assert datetime.datetime.fromisoformat(posting["datePublished"]) <= timezone.now()
    assert datetime.datetime.fromisoformat(posting["dateModified"]).tzinfo is not None
    assert [person["name"] for person in posting["author"]] == ["Ann", "Bob"]
    assert posting["author"][0]["url"] == "https://byline.example/authors/ann/"
    assert posting["author"][0]["sameAs"] == ["https://ann.example"]
    assert posting["publisher"]["name"] == "Journal"
    assert posting["inLanguage"] == "de-CH"
    assert posting["wordCount"] == 3
    assert posting["keywords"] == ["Drinks"]
    assert posting["isPartOf"] == {
        "@type": "CreativeWorkSeries",
        "name": "At the table",
        "url": "https://byline.example/series/table/",
    }
    assert posting["citation"] == [
        {"@type": "CreativeWork", "name": "A study", "url": "https://study.example/1"},
        {"@type": "CreativeWork", "name": "A book"},
    ]


def test_a_review_belongs_to_the_page(client: Client) -> None:
    post = make_post(reviewed_by="Dr. Ada Roe, dermatologist", reviewed_on=datetime.date(2026, 3, 1))

    page = nodes(client, post.get_absolute_url())["WebPage"]

    assert page["reviewedBy"] == {"@type": "Person", "name": "Dr. Ada Roe, dermatologist"}
    assert page["lastReviewed"] == "2026-03-01"


def test_a_correction_is_named_and_moves_the_date(client: Client) -> None:
    post = make_post()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    post.corrections.create(text="It was green.", corrected_on=tomorrow)

    posting = nodes(client, post.get_absolute_url())["BlogPosting"]

    assert posting["correction"] == [
        {"@type": "CorrectionComment", "text": "It was green.", "datePublished": tomorrow.isoformat()}
    ]
    assert posting["dateModified"].startswith(tomorrow.isoformat())


def test_a_bare_post_leaves_out_what_it_has_not(client: Client) -> None:
    posting = nodes(client, make_post().get_absolute_url())["BlogPosting"]

    assert {"image", "author", "keywords", "isPartOf", "citation", "correction"} & posting.keys() == set()


def test_breadcrumbs_lead_from_the_front_page_to_the_post(client: Client) -> None:
    make_post(title="Tea", slug="tea", tags=[make_tag("Drinks", slug="drinks")])

    steps = nodes(client, "/posts/tea/")["BreadcrumbList"]["itemListElement"]

    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Journal", "https://byline.example/"),
        (2, "Drinks", "https://byline.example/tags/drinks/"),
        (3, "Tea", "https://byline.example/posts/tea/"),
    ]


def test_an_author_is_a_person(client: Client) -> None:
    make_author("Ann", slug="ann", website="https://ann.example", bio="Drinks tea.", portrait=make_image())

    found = nodes(client, "/authors/ann/")
    person = found["ProfilePage"]["mainEntity"]

    assert (person["@type"], person["name"], person["description"]) == ("Person", "Ann", "Drinks tea.")
    assert person["url"] == "https://byline.example/authors/ann/"
    assert person["sameAs"] == ["https://ann.example"]
    assert person["image"].startswith("https://byline.example/media/")
    assert [step["name"] for step in found["BreadcrumbList"]["itemListElement"]] == ["Journal", "Ann"]


def test_the_front_page_says_how_to_search(client: Client) -> None:
    site = nodes(client, "/")["WebSite"]

    assert (site["name"], site["url"]) == ("Journal", "https://byline.example/")
    assert site["potentialAction"]["target"]["urlTemplate"] == "https://byline.example/search/?q={search_term_string}"
    assert site["potentialAction"]["query-input"] == "required name=search_term_string"


def test_nothing_that_people_write_ends_the_script_element(client: Client) -> None:
    Publication(name=HOSTILE[:100], description=HOSTILE).save()
    author, tag = make_author(HOSTILE), make_tag(HOSTILE)
    post = make_post(
        title=HOSTILE,
        subtitle=HOSTILE,
        authors=[author],
        tags=[tag],
        reviewed_by=HOSTILE,
        reviewed_on=datetime.date(2026, 1, 1),
    )
    post.corrections.create(text=HOSTILE)
    post.sources.create(text=HOSTILE)

    for address in ["/", post.get_absolute_url(), author.get_absolute_url(), tag.get_absolute_url()]:
        page = client.get(address).text

        assert "<script>" not in page, address
        assert "<!-- <" not in page, address
        assert nodes(client, address), address

    assert nodes(client, post.get_absolute_url())["BlogPosting"]["headline"] == HOSTILE


def test_a_draft_says_nothing_to_machines(admin_client: Client) -> None:
    page = admin_client.get(make_post(published_at=None).get_absolute_url()).text

    assert "ld+json" not in page
    assert "og:title" not in page
    assert '<meta name="robots" content="noindex">' in page
