import datetime
from itertools import count
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import search
from tests.factories import make_author, make_post, make_posts, make_tag

pytestmark = pytest.mark.django_db

# What a query might be made of: everything that means something to FTS5, to tsquery or to nobody.
SHORT = [
    "\x00",
    "\x00\x02\x03",
    '"',
    "'",
    '""" "" "',
    "' OR 1=1; --",
    "AND",
    "AND OR NOT",
    "NEAR(a b)",
    "title: x",
    "{title}: x",
    "^x",
    "x*",
    "-",
    "- - -",
    "--x",
    '-"',
    "-x",
    "& | ! <-> :*",
    "a & ! b",
    "(((",
    ")",
    "\\",
    "%s %(x)s",
    "{query}",
    "🦄",
    "\ud800",
    "क्षमा",
    "﷽",
]
LONG = [
    "a" * 10_000,
    "a " * 5_000,
    "-a " * 5_000,
    '"' * 10_000,
    '"a" -"b" ' * 1_000,
    "\u0301\u0316" * 5_000,
    " ".join(f"w{n} -v{n}" for n in range(60)),
]


def found(text: str) -> list[str]:
    return [hit.post.title for hit in search.find(text)[:100]]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("serum", "a serum"),
        ("SERUM", "a serum"),
        ("serum", "SERUM"),
        ("serums", "one serum"),
        ("testing", "it was tested"),
        ("zurich", "In Zürich"),
        ("Zürich", "in zurich"),
        ("creme brulee", "crème brûlée"),
        ("e\u0301clair", "an éclair"),
        ("eclair", "an e\u0301clair"),
        ("micro-needling", "micro needling"),
        ("micro needling", "Micro-Needling"),
        ("example.org", "see example.org/there"),
        ("example", "see example.org/there"),
        ("or", "and/or"),
        ("don't", "I don’t know"),
        ("spf 50", "SPF 50+"),
        ("quoted", "some “quoted” words"),
        ("the who", "who is the one"),
        ('"the who"', "it was The Who"),
        ('"to be or not to be"', "To be, or not to be."),
        ("“dry skin”", "on dry skin"),
        ('"dry skin', "on dry skin"),
        ("skin -oily", "dry skin"),
        ('skin -"very oily"', "oily, very dry skin"),
        ("!!! skin ???", "dry skin"),
        ("кожа", "Сухая кожа"),
    ],
)
def test_search_finds(query: str, text: str) -> None:
    make_post(title="It", source=text)

    assert found(query) == ["It"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("serum cream", "a serum"),
        ('"skin dry"', "dry skin"),
        ('"dry skin"', "dry and oily skin"),
        ("skin -dry", "dry skin"),
        ('skin -"dry skin"', "dry skin"),
        ("-oily", "dry skin"),
        ("", "dry skin"),
        ("ski", "dry skin"),
        ("dry OR oily", "dry skin"),
    ],
)
def test_search_does_not_find(query: str, text: str) -> None:
    make_post(title="It", source=text)

    assert found(query) == []


@pytest.mark.parametrize("query", ["sunscreen", "mild sunscreen", '"mild sunscreen"', "sunscreen -wild"])
def test_titles_come_first_then_subtitles_and_tags_then_texts(query: str) -> None:
    make_post(title="In the text", source="Mild sunscreen, mild sunscreen and again mild sunscreen. " * 30)
    make_post(title="In a tag", tags=[make_tag("Mild sunscreen")])
    make_post(title="Mild sunscreen in the title")

    assert found(query) == ["Mild sunscreen in the title", "In a tag", "In the text"]


def test_of_equals_the_newest_comes_first() -> None:
    now = timezone.now()
    for days in (2, 1, 3):
        make_post(title="Sunscreen", subtitle=f"{days}", published_at=now - datetime.timedelta(days=days))

    assert [hit.post.subtitle for hit in search.find("sunscreen")[:10]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"published_at": timezone.now() + datetime.timedelta(days=365)},
        {"visibility": "unlisted"},
        {"visibility": "withdrawn"},
    ],
    ids=["draft", "scheduled", "unlisted", "withdrawn"],
)
def test_what_is_not_listed_is_never_found(client: Client, values: dict[str, object]) -> None:
    make_post(title="Secret sunscreen", source="Sunscreen.", tags=[make_tag("Sunscreen")], **values)

    assert found("sunscreen") == []
    assert "Secret" not in client.get("/search/", {"q": "sunscreen"}).text


def test_hidden_posts_do_not_take_the_place_of_listed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    make_post(title="Sunscreen")
    for _ in range(3):
        make_post(title="Sunscreen draft", published_at=None)

    hits = search.find("sunscreen")

    assert [hit.post.title for hit in hits[:10]] == ["Sunscreen"]
    assert not hits.are_more


def test_a_scheduled_post_is_found_from_its_time_on() -> None:
    at = timezone.now() + datetime.timedelta(days=1)
    make_post(title="Tomorrow", published_at=at)

    with time_machine.travel(at - datetime.timedelta(seconds=1), tick=False):
        assert found("tomorrow") == []
    with time_machine.travel(at, tick=False):
        assert found("tomorrow") == ["Tomorrow"]


@pytest.mark.parametrize("text", [*SHORT, *LONG], ids=count())
def test_nothing_that_is_asked_is_an_error(client: Client, text: str) -> None:
    make_post(title="A post", source="a w1 x")

    assert client.get("/search/", {"q": text.encode(errors="replace").decode()}).status_code == 200
    search.find(text)[:10]


@given(st.text(max_size=400) | st.lists(st.sampled_from([*SHORT, "a", " "])).map("".join))
@hypothesis_settings(deadline=None, max_examples=150)
def test_no_text_is_an_error(text: str) -> None:
    hits = search.find(text)

    assert len(hits) == len(hits[:10]) == 0


def test_matches_are_marked_in_title_and_text() -> None:
    make_post(title="On Sunscreens", source="Before. " * 60 + "A **sunscreen** <b>works</b>. " + "After. " * 60)

    [hit] = search.find("sunscreen")[:1]

    assert hit.title == [("On ", False), ("Sunscreens", True)]
    assert ("sunscreen", True) in hit.text
    assert hit.text[0] == ("…", False)
    assert hit.text[-1] == ("…", False)


def test_a_short_text_is_shown_whole() -> None:
    make_post(source="Only sunscreen.")

    [hit] = search.find("sunscreen")[:1]

    assert hit.text == [("Only ", False), ("sunscreen", True), (".", False)]


def test_a_post_found_by_its_title_shows_its_standfirst() -> None:
    make_post(title="Sunscreen", subtitle="What it does.", source="Something else.")

    [hit] = search.find("sunscreen")[:1]

    assert hit.text == [("What it does.", False)]


def test_nothing_found_is_taken_for_html(client: Client) -> None:
    make_post(title="<script>alert(1)</script> sunscreen", source="`<img src=x onerror=alert(1)>` sunscreen")

    page = client.get("/search/", {"q": 'sunscreen <svg/onload=1> "'}).text + client.get("/search/?q=sunscreen").text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>sunscreen</mark>" in page


def test_only_the_newest_matches_are_ranked(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(search, "MOST", 3)
    for n in range(5):
        make_post(title=f"Sunscreen {n}")

    hits = search.find("sunscreen")

    assert (len(hits), hits.are_more) == (3, True)
    assert "More than 3 posts" in client.get("/search/?q=sunscreen").text
    assert "Sunscreen 0" not in found("sunscreen")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is large with more than six posts, of which three fill a page."""
    monkeypatch.setattr(search, "LARGE", 6)
    monkeypatch.setattr(search, "ENOUGH", 3)


def test_a_large_site_is_searched_where_it_is_newest(large: None, client: Client) -> None:
    for n in range(9):
        make_post(title=f"Sunscreen {n}")

    hits = search.find("sunscreen")

    assert (len(hits), hits.are_recent, hits.are_more) == (6, True, False)
    assert "Sunscreen 2" not in found("sunscreen")
    page = client.get("/search/?q=sunscreen").text
    assert "6 among the newest 6 posts." in page
    assert '<a href="/search/?q=sunscreen&amp;all=1">Search all posts</a>' in page


def test_of_a_large_site_only_so_many_matches_are_shown_at_first(
    large: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "AT_FIRST", 4)
    for n in range(9):
        make_post(title=f"Sunscreen {n}")

    hits = search.find("sunscreen")

    assert (len(hits), hits.are_recent, hits.are_more) == (4, True, True)
    page = client.get("/search/?q=sunscreen").text
    assert "More than 4 posts; these are the best of the newest 4." in page
    assert '<a href="/search/?q=sunscreen&amp;all=1">' in page


def test_all_of_a_large_site_is_searched_when_that_is_asked_for(large: None, client: Client) -> None:
    for n in range(9):
        make_post(title=f"Sunscreen {n}")

    assert len(search.find("sunscreen", everywhere=True)) == 9
    page = client.get("/search/?q=sunscreen&all=1").text
    assert "9 posts" in page
    assert "all=1" not in page


def test_what_is_rare_on_a_large_site_is_found_however_old_it_is(large: None, client: Client) -> None:
    for n in range(12):
        make_post(title="Sunscreen" if n in {0, 1, 11} else f"Post {n}")

    hits = search.find("sunscreen")

    assert (len(hits), hits.are_recent) == (3, False)
    assert "3 posts" in client.get("/search/?q=sunscreen").text


@pytest.mark.parametrize("query", ["sunscreen", "mild sunscreen", '"mild sunscreen"'])
def test_on_a_large_site_titles_come_first_and_then_tags(large: None, query: str) -> None:
    def written(days: int, **values: Any) -> None:
        make_post(published_at=timezone.now() - datetime.timedelta(days=days), **values)

    make_posts(9)
    written(1, title="In the text", source="Mild sunscreen, mild sunscreen and again mild sunscreen. " * 30)
    written(2, title="In a tag", tags=[make_tag("Mild sunscreen")])
    written(3, title="Mild sunscreen in the title")

    assert found(query) == ["Mild sunscreen in the title", "In a tag", "In the text"]


def test_a_large_site_asks_nothing_where_nothing_is_asked(large: None, django_assert_num_queries) -> None:
    make_posts(9)

    with django_assert_num_queries(0):
        assert list(search.find("-x")[:10]) == []


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_offers_a_form_and_is_not_indexed(client: Client) -> None:
    page = client.get("/search/").text

    assert '<meta name="robots" content="noindex">' in page
    assert 'action="/search/"' in page
    assert 'name="q"' in page
    assert "csrf" not in page


def test_without_hits_the_page_points_elsewhere(client: Client) -> None:
    page = client.get("/search/?q=xylophone").text

    assert "Nothing here is about xylophone." in page
    assert 'href="/tags/"' in page
    assert 'href="/archive/"' in page


def test_a_query_of_minus_words_alone_asks_for_one_more(client: Client) -> None:
    assert "Give at least one word" in client.get("/search/?q=-oily").text


def test_a_long_query_is_cut_and_the_page_says_so(client: Client) -> None:
    make_post(title="Sunscreen")

    page = client.get("/search/", {"q": "sunscreen " * 40}).text

    assert "only its first 300 characters" in page
    assert "1 post" in page
    assert "first 300" not in client.get("/search/", {"q": "s" * 300}).text


def test_results_have_pages_that_keep_the_query(client: Client) -> None:
    make_posts(25, title="Sunscreen")

    first = client.get("/search/?q=sunscreen").text
    second = client.get("/search/?q=sunscreen&page=2").text

    assert "25 posts" in first
    assert '<link rel="next" href="/search/?q=sunscreen&amp;page=2">' in first
    assert '<link rel="prev" href="/search/?q=sunscreen">' in second
    assert 'value="sunscreen"' in second
    assert client.get("/search/?q=sunscreen&page=4").status_code == 404


@pytest.mark.parametrize("posts", [2, 300])
def test_a_search_costs_the_same_queries_for_any_number_of_posts(
    client: Client, django_assert_num_queries, posts: int
) -> None:
    make_posts(posts, title="Sunscreen", authors=[make_author()])
    client.get("/")  # makes the publication's row

    with django_assert_num_queries(6):  # the last post, matches, the page's, their authors, publication, footer
        client.get("/search/?q=sunscreen")


def test_a_missing_page_offers_a_search(client: Client) -> None:
    response = client.get("/not/here/")

    assert response.status_code == 404
    assert 'action="/search/"' in response.text
