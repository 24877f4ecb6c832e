"""Reading the queue: what stands beside a comment, what can be chosen, and what it costs."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.models import Action, Comment
from comments.moderation.choice import PER_PAGE, TABS, Choice, Place
from tests.comments.moderating import QUEUE, ask, decide, signed_in
from tests.factories import make_comment, make_person, make_post

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def moderator(client: Client) -> User:
    return signed_in(client)


def make_many(count: int, **values: Any) -> list[Comment]:
    """Make waiting comments under one post, a minute between each and the next, in a few queries."""
    start = NOW - datetime.timedelta(days=30)
    post = values.pop("post", None) or make_post()
    rows = [
        Comment(
            **{
                "post": post,
                "name": "Reader",
                "email": f"reader{n}@example.org",
                "source": f"Number {n:04}.",
                "status": "waiting",
                "created_at": start + datetime.timedelta(minutes=n),
                **values,
            }
        )
        for n in range(count)
    ]
    for row in rows:
        row.prepare()
    return Comment.objects.bulk_create(rows, batch_size=100)


def values_for(tab: str) -> dict[str, Any]:
    """Return what a comment has that stands under a tab."""
    shown = {"published_at": NOW} if tab in {"approved", "reported"} else {}
    return {**shown, **({"status": "approved", "reports": 2} if tab == "reported" else {"status": tab})}


def shown(page: str) -> list[int]:
    """Return the numbers of the comments on a page of the queue."""
    return [int(number) for number in re.findall(r'data-comment="(\d+)"', page)]


# --- What is shown ------------------------------------------------------------------------------------------------


def test_a_comment_is_shown_as_it_will_look_with_what_it_answers(client: Client, moderator: User) -> None:
    post = make_post(title="The post")
    parent = make_comment(post, name="Ann", source="Well *said*. " * 30)
    make_comment(post, parent=parent, source="I *agree*. <script>alert(1)</script>", status="waiting")

    page = client.get(QUEUE).text

    assert "I <em>agree</em>. &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert f'href="{post.get_absolute_url()}">The post</a>' in page
    quoted = page[page.index('class="comment-quoted"') :].partition("</blockquote>")[0]
    assert "Ann: Well *said*." in quoted
    assert len(quoted) < 220


def test_it_says_in_words_why_a_comment_is_held(client: Client, moderator: User) -> None:
    reasons = [["first", {}], ["links", {"count": 3}], ["repeated", {"count": 2}]]
    make_comment(make_post(), status="waiting", held_for=reasons)

    assert "First comment from this address · 3 links · same text as 2 others" in client.get(QUEUE).text


def test_it_tells_what_is_known_of_the_person(client: Client, moderator: User) -> None:
    post = make_post()
    for status, count in {"approved": 2, "spam": 25, "removed": 1, "waiting": 1}.items():
        for _ in range(count):
            comment = make_comment(post, email="ann@example.org", status=status)
    make_comment(post, status="spam")

    page = client.get(QUEUE).text
    commenter = comment.commenter
    assert commenter
    assert "Address not confirmed" in page
    for status, words in {"approved": "2 approved", "spam": "20+ spam", "removed": "1 removed"}.items():
        link = f'<a href="{QUEUE}?status={status}&amp;person={comment.pk}">{words}</a>'
        assert link in page
        assert len(shown(client.get(f"{QUEUE}?status={status}&person={comment.pk}").text)) == (
            25 if status == "spam" else int(words[0])
        )
    commenter.confirmed_at = NOW
    commenter.save()
    assert "Address confirmed" in client.get(QUEUE).text


def test_it_names_the_neighbours_by_network_and_by_text(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting", network="d1gest", source="Buy now.")
    same_network = make_comment(make_post(), network="d1gest")
    same_text = make_comment(make_post(), source="buy  NOW.", status="spam")

    page = client.get(QUEUE).text

    assert f'<a href="{QUEUE}?status=all&amp;network={comment.pk}">1 other from this network</a>' in page
    assert f'<a href="{QUEUE}?status=all&amp;text={comment.pk}">1 other with this text</a>' in page
    assert "d1gest" not in page
    assert set(shown(client.get(f"{QUEUE}?status=all&network={comment.pk}").text)) == {comment.pk, same_network.pk}
    assert set(shown(client.get(f"{QUEUE}?status=all&text={comment.pk}").text)) == {comment.pk, same_text.pk}


def test_what_has_no_network_and_no_address_has_no_neighbours(client: Client, moderator: User) -> None:
    post = make_post()
    comments = [make_comment(post, status="waiting", commenter=None) for _ in range(2)]

    assert "others" not in client.get(QUEUE).text
    for way in ("person", "network"):
        assert shown(client.get(f"{QUEUE}?status=all&{way}={comments[0].pk}").text) == []


def test_it_shows_what_was_decided_before(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    faster = make_person("Moderator", "dana")
    comment.mark_spam(faster)
    comment.hold(faster)

    page = client.get(QUEUE).text

    assert page.index("put back into the queue by dana") < page.index("marked as spam by dana")
    assert f'href="{QUEUE}log/?comment={comment.pk}"' in page


def test_an_erased_person_leaves_a_readable_row(client: Client, moderator: User) -> None:
    make_comment(make_post(), name="", email="", source="", commenter=None, status="removed", withdrawn_at=NOW)

    page = client.get(QUEUE, {"status": "removed"}).text

    assert "Somebody who erased their name" in page


def test_hostile_words_stay_words(client: Client, moderator: User) -> None:
    hostile = "'\"><svg onload=alert(1)>"
    reasons = [["words", {"word": hostile}], [hostile, {}], ["links", {}], ["score", {"score": "x"}]]
    parent = make_comment(make_post(title=hostile), name=hostile, source=hostile)
    make_comment(
        parent.post,
        parent=parent,
        name=hostile,
        website="javascript:alert(1)",
        source=hostile,
        status="waiting",
        held_for=reasons,
    )

    page = client.get(QUEUE, {"q": "svg"}).text

    assert "<svg" not in page
    assert 'href="javascript' not in page


# --- What can be chosen -------------------------------------------------------------------------------------------


def test_the_oldest_waits_at_the_top_and_elsewhere_the_newest(client: Client, moderator: User) -> None:
    post = make_post()
    for status in Comment.Status.values:
        early, late = (make_comment(post, status=status) for _ in range(2))
        pair = [early.pk, late.pk]
        assert shown(client.get(QUEUE, {"status": status}).text) == (pair if status == "waiting" else pair[::-1])


def test_the_most_reported_stands_first(client: Client, moderator: User) -> None:
    post = make_post()
    once, thrice, _never = (make_comment(post, reports=reports) for reports in (1, 3, 0))

    assert shown(client.get(QUEUE, {"status": "reported"}).text) == [thrice.pk, once.pk]


def test_a_post_a_comment_and_words_can_be_chosen(client: Client, moderator: User) -> None:
    first = make_comment(make_post(), name="Zoe", status="waiting")
    second = make_comment(make_post(), email="zoe@example.net", status="waiting")
    third = make_comment(second.post, source="I saw ZOE there.", status="spam")

    assert shown(client.get(QUEUE, {"post": second.post_id}).text) == [second.pk]
    assert shown(client.get(QUEUE, {"comment": third.pk}).text) == [third.pk]
    assert shown(client.get(QUEUE, {"q": " zoe "}).text) == [first.pk, second.pk]
    assert shown(client.get(QUEUE, {"q": "zoe", "status": "spam"}).text) == [third.pk]
    assert shown(client.get(QUEUE, {"q": "zoe", "post": first.post_id}).text) == [first.pk]


def test_what_an_entry_of_the_log_was_about_can_be_looked_at(client: Client, moderator: User) -> None:
    comment, _other = make_comment(make_post(), status="waiting"), make_comment(make_post(), status="waiting")
    decide(client, comment, "spam")

    assert shown(client.get(QUEUE, {"status": "all", "action": Action.objects.get().pk}).text) == [comment.pk]


def test_a_search_reads_so_many_rows_and_says_so(client: Client, moderator: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("comments.moderation.choice.SEARCHED", 2)
    monkeypatch.setattr("comments.moderation.views.SEARCHED", 2)
    comments = make_many(3, name="Zoe")

    page = client.get(QUEUE, {"q": "zoe"}).text

    assert shown(page) == [comment.pk for comment in comments[:2]]
    assert "Looked through the first 2 comments of this list." in page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="What SQLite does is what is wanted")
def test_a_search_looks_at_the_first_of_a_tab_and_walks_through_no_more_of_it() -> None:
    plan = Choice("approved", q="sunscreen").comments().explain()

    assert plan.splitlines()[0].endswith("SEARCH comments_comment USING INTEGER PRIMARY KEY (rowid=?)")


@pytest.mark.parametrize(
    "query",
    [
        "status=everything",
        "status=all",
        "status=waiting&post=x&person=-1&network=1e9&text=%00&comment=&action=1.5",
        "post=" + "9" * 30,
        "post=" + "9" * 18,
        "person=٣",
        "after=-&q=%00",
        "after=999999999999999999-1",
        "after=" + "9" * 400,
        "after=1-1-1",
        "status=reported&after=999999999999999999-999999999999999999",
        "done=x&told=x",
        "done=999999999999999999&skipped=-1",
        "q=" + "%25%27%22%5C_" * 50,
        "q=%ED%A0%80",
    ],
)
def test_an_address_that_makes_no_sense_shows_what_it_can(client: Client, moderator: User, query: str) -> None:
    make_comment(make_post(), status="waiting")

    for address in (f"{QUEUE}?{query}", f"{QUEUE}log/?{query}"):
        assert client.get(address).status_code == 200


def test_a_choice_is_read_back_from_its_own_address() -> None:
    choice = Choice("spam", "a&b=c é", post=1, person=2, network=3, text=4, action=5)

    assert Choice.read(QueryDict(choice.query).dict()) == choice
    assert Choice().query == ""


def test_an_empty_queue_says_that_all_is_done(client: Client, moderator: User) -> None:
    assert "Nothing is waiting. You are done." in client.get(QUEUE).text
    assert "There is nothing here." in client.get(QUEUE, {"status": "spam"}).text
    assert "You are done" not in client.get(QUEUE, {"q": "zoe"}).text


# --- Pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["waiting", "spam", "reported"])
def test_the_pages_follow_one_another_without_gap_or_repetition(client: Client, moderator: User, status: str) -> None:
    comments = make_many(2 * PER_PAGE + 5, **values_for(status))
    Comment.objects.update(created_at=NOW)  # all of one moment: only their numbers differ

    seen: list[int] = []
    address = f"{QUEUE}?status={status}"
    while address:
        page = client.get(address).text
        seen += shown(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""

    assert sorted(seen) == [comment.pk for comment in comments]
    assert len(seen) == len(set(seen))
    assert "From the start" in page


def test_a_place_outlives_the_comment_it_was_at(client: Client, moderator: User) -> None:
    comments = make_many(PER_PAGE + 3)
    place = Place.of(comments[PER_PAGE - 1], TABS["waiting"])
    comments[PER_PAGE - 1].delete()

    page = client.get(QUEUE, {"after": str(place)}).text

    assert shown(page) == [comment.pk for comment in comments[PER_PAGE:]]


# --- Costs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("comments", [31, 3000])
def test_the_first_page_costs_the_same_queries_for_any_number_of_comments(
    client: Client, moderator: User, django_assert_num_queries: Any, comments: int
) -> None:
    person = make_comment(make_post(), status="approved").commenter
    make_many(comments, commenter=person, network="d1gest", source="The same.", held_for=[["first", {}]])
    client.get(QUEUE)  # makes the publication's row

    # session, user, two for permissions, the page, its comments with all counts, their decisions, the tabs' counts,
    # how many match, publication, links
    with django_assert_num_queries(11):
        page = client.get(QUEUE).text
    assert len(shown(page)) == 30
    assert "20+ waiting" in page
    assert "20+ others from this network" in page
    assert f'data-count="waiting">{"1,000+" if comments == 3000 else "31"}<' in page


@pytest.mark.parametrize("comments", [0, 1, 30])
def test_a_search_that_one_page_answers_is_made_once(
    client: Client, moderator: User, django_assert_num_queries: Any, comments: int
) -> None:
    make_many(comments, source="Salt.")
    make_comment(make_post(), source="Pepper.", status="waiting")
    client.get(QUEUE)

    with django_assert_num_queries(10 if comments else 8) as queries:
        page = client.get(f"{QUEUE}?q=salt").text

    assert len(shown(page)) == comments
    assert sum("LIKE" in query["sql"].upper() for query in queries) == 1
    assert "Or all" not in page


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("waiting", "1700000000000000-1"),
        ("spam", "4000000000000000-1"),
        ("approved", "4000000000000000-1"),
        ("reported", "5-1"),
    ],
)
@pytest.mark.parametrize("further", [False, True])
def test_a_page_is_read_from_the_index_of_its_tab(
    client: Client, moderator: User, status: str, after: str, further: bool
) -> None:
    make_many(300, **values_for(status))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of 300 rows needs no index
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{QUEUE}?status={status}&after={after if further else ''}")
    page, around = [query["sql"] for query in queries if '"comments_comment"."id"' in query["sql"]][:2]
    plan, plan_around = plan_of(page), plan_of(around)

    assert ("comment_reported" if status == "reported" else "comment_by_status") in plan
    for index in ("comment_by_commenter", "comment_by_network", "comment_by_text"):
        assert index in plan_around
    assert "SCAN comments_comment\n" not in plan
    assert "ORDER BY" not in plan
    assert "Sort" not in plan


def test_the_queue_is_private_and_looking_changes_nothing(client: Client, moderator: User) -> None:
    comment = make_comment(make_post(), status="waiting")
    before = Comment.objects.values().get()

    response = client.get(QUEUE, {"verb": "approve"})
    client.head(QUEUE)

    for path in (f"{comment.pk}/", f"{comment.pk}/reply/", "many/", "actions/1/undo/"):
        assert client.get(QUEUE + path, {"verb": "approve"}).status_code == 405
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert 'content="noindex"' in response.text
    assert Comment.objects.values().get() == before


def test_the_live_count_stops_at_a_thousand(client: Client, moderator: User, django_assert_num_queries: Any) -> None:
    make_many(1200)
    make_comment(make_post(), reports=1)

    with django_assert_num_queries(5):
        answer = client.get(f"{QUEUE}counts/", headers={"Accept": "application/json"})

    assert answer.json() == {"waiting": "1,000+", "reported": "1", "spam": "0"}
    assert ask(client, "counts/").status_code == 405
