import datetime
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from blog.models import Post
from comments import threads
from comments.models import Comment
from comments.templatetags.conversation import disc_colour, initials
from tests.comments.test_threads import make_comments
from tests.factories import make_author, make_comment, make_person, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post()


def section(client: Client, post: Post) -> Tag:
    """Return the conversation as it stands on the post's page."""
    found = BeautifulSoup(client.get(post.get_absolute_url()).content, "html.parser").find(id="comments")
    assert isinstance(found, Tag)
    return found


# --- What is shown ------------------------------------------------------------------------------------------------


def test_the_page_shows_approved_comments_alone(client: Client, post: Post) -> None:
    make_comment(post, name="Ann", source="For *everybody*.")
    for status in ("waiting", "spam", "removed"):
        make_comment(post, name=f"N{status}", source=f"T{status}", status=status)

    page = client.get(post.get_absolute_url()).text

    assert "For <em>everybody</em>." in page
    assert "One comment" in page
    for status in ("waiting", "spam", "removed"):
        assert f"N{status}" not in page
        assert f"T{status}" not in page


def test_staff_sees_the_same_conversation_as_readers(client: Client, post: Post) -> None:
    make_comment(post, source="Not yet.", status="waiting")
    client.force_login(make_staff())

    assert "Not yet." not in client.get(post.get_absolute_url()).text


def test_no_address_is_ever_on_the_page(client: Client, post: Post) -> None:
    make_comment(post, email="ann@private.example")
    make_comment(post, email="kim@private.example", status="waiting")
    client.force_login(make_staff(email="staff@private.example"))
    client.post(f"/posts/{post.slug}/comments/", {"body": "Thanks."})

    assert "private.example" not in client.get(post.get_absolute_url()).text
    assert "private.example" not in Client().get(post.get_absolute_url()).text


def test_comments_are_in_reading_order_and_indented(client: Client, post: Post) -> None:
    first, second = make_comment(post, source="One"), make_comment(post, source="Four")
    answer = make_comment(post, source="Two", parent=first)
    make_comment(post, source="Three", parent=answer)

    comments = section(client, post).select("article.comment")

    assert [comment.select_one(".comment-text").text.strip() for comment in comments] == ["One", "Two", "Three", "Four"]
    assert [comment["class"][1] for comment in comments] == [f"comment-indent-{depth}" for depth in (0, 1, 2, 0)]
    assert comments[3]["id"] == f"comment-{second.pk}"
    assert [len(comment.find_parents("li")) for comment in comments] == [1, 2, 2, 1]


def test_an_answer_names_whom_it_answers_and_leads_there(client: Client, post: Post) -> None:
    comment = make_comment(post, name="Reader 0")
    for depth in range(1, 6):
        comment = make_comment(post, name=f"Reader {depth}", parent=comment)

    comments = section(client, post).select("article.comment")

    words = [found.text.strip() if (found := comment.select_one(".comment-answers")) else "" for comment in comments]
    assert words == ["", "", *(f"in reply to Reader {depth}" for depth in (1, 2, 3, 4))]
    assert comments[5].select_one(".comment-answers a")["href"] == f"#{comments[4]['id']}"
    assert comments[5]["class"][1] == "comment-indent-3"
    # where there is room to indent, the first levels need no words
    hidden = [bool(comment.select_one(".comment-answers-shown")) for comment in comments]
    assert hidden == [False, False, True, True, False, False]


def test_what_is_answered_on_another_page_is_reached_by_its_permalink(
    client: Client, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PER_PAGE", 3)
    _first, _answer, deeper, last = make_comments(post, 4, chain=True)

    page = client.get(post.get_absolute_url(), {"comments": "2", "order": "newest"}).text
    (shown,) = BeautifulSoup(page, "html.parser").select("article.comment")

    assert shown["id"] == f"comment-{last.pk}"
    assert shown.select_one(".comment-answers a")["href"] == f"/comments/{deeper.pk}/?order=newest"


def test_an_answer_to_a_comment_that_never_was_public_says_so(client: Client, post: Post) -> None:
    make_comment(post, parent=make_comment(post, name="Gone", status="removed"))

    text = section(client, post).text

    assert "in reply to a comment that is no longer here" in text
    assert "Gone" not in text


@pytest.mark.parametrize(
    ("take_away", "words"),
    [
        (lambda gone: gone.remove(make_staff()), "This comment was removed."),
        (Comment.withdraw, "Removed by its author."),
    ],
    ids=["removed", "withdrawn"],
)
def test_what_was_taken_away_leaves_an_empty_place(
    client: Client, post: Post, take_away: Callable[[Comment], bool], words: str
) -> None:
    gone = make_comment(post, name="Gone", source="Secret.", website="https://gone.example/")
    make_comment(post, parent=gone, name="Ann")
    take_away(gone)

    found = section(client, post)
    place, answer = found.select("article.comment")

    assert " ".join(place.text.split()) == words
    assert place["id"] == f"comment-{gone.pk}"
    assert not place.select(".disc, a, button, time")
    assert not place.has_attr("data-shown")
    assert not any(word in str(found) for word in ("Gone", "Secret", "gone.example"))
    assert answer.select_one(".comment-name").text == "Ann"
    assert "One comment" in found.h2.text


def test_a_thread_with_answers_can_be_folded(client: Client, post: Post) -> None:
    first, lonely = make_comment(post), make_comment(post)
    for _ in range(3):
        make_comment(post, parent=first)
    make_comment(post, parent=lonely)
    Comment.objects.count_answers()

    folded = section(client, post).select("details")

    assert [details.summary.text for details in folded] == ["3 answers"]
    assert folded[0].has_attr("open")
    assert len(folded[0].select("article")) == 3


def test_an_edited_and_a_pinned_comment_say_so(client: Client, post: Post) -> None:
    comment = make_comment(post, edited_at=datetime.datetime(2026, 3, 1, 12, 5, tzinfo=datetime.UTC))
    make_comment(post)
    comment.pin(make_staff())

    first, second = section(client, post).select(".comment-head")

    assert "Pinned" in first.text
    assert "edited 1 March 2026, 12:05" in " ".join(first.text.split())
    assert "Pinned" not in second.text
    assert "edited" not in second.text


def test_a_long_conversation_has_pages_and_one_canonical_address(
    client: Client, monkeypatch: pytest.MonkeyPatch, post: Post
) -> None:
    monkeypatch.setattr(threads, "PER_PAGE", 3)
    comments = make_comments(post, 7)

    page = BeautifulSoup(client.get(post.get_absolute_url(), {"comments": "2"}).text, "html.parser")

    assert [found["id"] for found in page.select("article.comment")] == [comment.anchor for comment in comments[3:6]]
    assert "7 comments" in page.select_one("#comments h2").text
    assert "Page 2 of 3" in page.select_one("#comments .pager").text
    previous, following = page.select("#comments .pager a")
    assert (previous["href"], following["href"]) == (
        f"{post.get_absolute_url()}#comments",
        f"{post.get_absolute_url()}?comments=3#comments",
    )
    assert page.select_one('link[rel="canonical"]')["href"] == f"http://localhost:8000{post.get_absolute_url()}"


@pytest.mark.parametrize("query", ["comments=2", "comments=0", "comments=x", "comments=" + "9" * 40, "comments=%00"])
def test_a_page_of_comments_that_there_is_not_is_a_404(client: Client, post: Post, query: str) -> None:
    make_comment(post)

    assert client.get(f"{post.get_absolute_url()}?{query}").status_code == 404


def test_the_order_is_chosen_where_there_is_something_to_order(client: Client, post: Post) -> None:
    make_comments(post, 2)
    assert not section(client, post).select(".tabs")
    make_comment(post)

    links = section(client, post).select(".tabs a")

    assert [(link.text, link["href"].removeprefix(post.get_absolute_url())) for link in links] == [
        ("Oldest first", "#comments"),
        ("Newest first", "?order=newest#comments"),
        ("Most answers first", "?order=replies#comments"),
    ]
    assert [link.get("aria-current") for link in links] == ["true", None, None]


def test_a_name_leads_to_the_website_that_was_given(client: Client, post: Post) -> None:
    make_comment(post, name="Ann", website="https://example.org/")
    make_comment(post, name="Kim")

    first, second = section(client, post).select(".comment-name")

    assert (first.name, first["href"], first["rel"]) == ("a", "https://example.org/", ["nofollow", "ugc", "noopener"])
    assert second.name == "b"


def test_who_wrote_the_post_and_who_else_is_staff_have_badges(client: Client) -> None:
    writer, staff = make_staff(), make_staff()
    post = make_post([make_author(), make_author(user=writer)])
    for user in (writer, staff, None):
        make_comment(post, user=user)

    heads = section(client, post).select(".comment-head")

    assert [badge.text if (badge := head.select_one(".badge")) else "" for head in heads] == ["Author", "Staff", ""]


def test_a_moderator_finds_each_comment_in_the_queue(client: Client, post: Post) -> None:
    comment = make_comment(post)
    link = f'href="/admin/moderation/?comment={comment.pk}"'
    assert link not in client.get(post.get_absolute_url()).text

    client.force_login(make_person("Author"))
    assert link not in client.get(post.get_absolute_url()).text

    client.force_login(make_person("Moderator"))
    assert link in client.get(post.get_absolute_url()).text


def test_a_post_without_comments_invites_the_first(client: Client, post: Post) -> None:
    found = section(client, post)

    assert "Nobody has written yet. Be the first." in found.text
    assert found.form is not None
    assert found.form["action"] == f"/posts/{post.slug}/comments/"


def test_a_closed_conversation_stays_but_takes_nothing_more(client: Client) -> None:
    post = make_post(allow_comments=False)
    make_comment(post, source="It was good.")

    found = section(client, post)

    assert "It was good." in found.text
    assert "The conversation under this post is closed." in found.text
    assert found.find(id="comment-form") is None
    assert not found.select(".comment-reply")


def test_an_answer_needs_no_javascript(client: Client, post: Post) -> None:
    comment = make_comment(post, name="Ann")

    link = section(client, post).select_one(".comment-reply")

    assert "Reply to Ann" in " ".join(link.text.split())
    assert f'value="{comment.pk}"' in client.get(link["href"]).text


def test_a_thread_of_a_thousand_answers_is_a_page_like_any_other(client: Client, post: Post) -> None:
    make_comments(post, 1_000, chain=True)

    response = client.get(post.get_absolute_url(), {"comments": "10"})

    assert response.status_code == 200
    assert response.text.count('<article class="comment ') == 100


@pytest.mark.parametrize("comments", [1, 130])
def test_a_page_costs_the_same_queries_for_any_number_of_comments(
    client: Client, django_assert_num_queries, post: Post, comments: int
) -> None:
    staff = make_staff()
    for _ in range(comments):
        make_comment(post, user=staff, parent=post.comments.first())
    client.get(post.get_absolute_url())  # makes the publication's row

    # post, authors, tags, sources, corrections, comments, publication, pages in the footer
    with django_assert_num_queries(8):
        client.get(post.get_absolute_url())


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Other", "AO"),
        ("ann", "A"),
        ("Ann van der Other", "AO"),
        ("Ærø", "Æ"),
        ("李 明", "李明"),
        ("<b> *", "?"),
        ("", "?"),
    ],
)
def test_a_disc_has_the_initials_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_disc_has_the_same_colour_for_the_same_name() -> None:
    assert disc_colour("Ann Other") == disc_colour("Ann Other")
    assert {disc_colour(name) for name in "abcdefghijkl"} == set(range(6))
