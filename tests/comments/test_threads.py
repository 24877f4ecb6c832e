import datetime
from itertools import pairwise

import pytest
from django.http import Http404
from django.utils import timezone

from blog.models import Post
from comments import threads
from comments.models import Comment
from comments.threads import ORDERS, Conversation, Entry, conversation, page_of
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post()


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PER_PAGE", 3)


def make_comments(post: Post, count: int, *, chain: bool = False) -> list[Comment]:
    """Make approved comments a second apart in a few queries; as a chain, each answers the one before."""
    began = timezone.now()
    comments: list[Comment] = []
    for n in range(count):
        comment = Comment(
            post=post,
            name=f"Reader {n}",
            source="x",
            rendered_html="<p>x</p>",
            digest=f"{post.pk} {n}",
            status=Comment.Status.APPROVED,
            created_at=began + datetime.timedelta(seconds=n),
            published_at=began,
        )
        comment.parent = comments[-1] if chain and comments else None
        comment.place()
        comment.parent = None  # until it has a number
        comments.append(comment)
    Comment.objects.bulk_create(comments)
    for before, comment in pairwise(comments) if chain else ():
        comment.parent = before
    Comment.objects.bulk_update(comments, ["parent"])
    return comments


def entries_of(shown: Conversation) -> list[Entry]:
    return [entry for thread in shown.threads for entry in [thread.first, *thread.answers] if entry is not None]


def shown(post: Post, **asked: str) -> list[Comment]:
    return [entry.comment for entry in entries_of(conversation(post, asked))]


# --- The order ----------------------------------------------------------------------------------------------------


def test_answers_stand_below_what_they_answer_oldest_first(post: Post) -> None:
    first, second = make_comment(post), make_comment(post)
    late_answer_to_first = make_comment(post, parent=first)
    answer_to_second = make_comment(post, parent=second)
    deeper = make_comment(post, parent=late_answer_to_first)
    another_to_first = make_comment(post, parent=first)

    found = conversation(post, {})

    assert [(entry.comment, entry.comment.depth) for entry in entries_of(found)] == [
        (first, 0),
        (late_answer_to_first, 1),
        (deeper, 2),
        (another_to_first, 1),
        (second, 0),
        (answer_to_second, 1),
    ]
    assert [len(thread.answers) for thread in found.threads] == [3, 1]


@pytest.fixture
def three_threads(post: Post) -> list[Comment]:
    """A first comment without an answer, one with two, one with one; each with its answers after it."""
    comments = []
    for answers in (0, 2, 1):
        first = make_comment(post)
        comments += [first, *(make_comment(post, parent=first) for _ in range(answers))]
    Comment.objects.count_answers()
    return comments


@pytest.mark.parametrize(
    ("order", "places"),
    [("oldest", [0, 1, 2, 3, 4, 5]), ("newest", [4, 5, 1, 2, 3, 0]), ("replies", [1, 2, 3, 4, 5, 0])],
)
def test_threads_are_ordered_and_answers_stay_in_reading_order(
    post: Post, three_threads: list[Comment], order: str, places: list[int]
) -> None:
    assert shown(post, order=order) == [three_threads[place] for place in places]


@pytest.mark.parametrize("order", ORDERS)
def test_a_pinned_thread_comes_first_in_every_order(post: Post, three_threads: list[Comment], order: str) -> None:
    usual = shown(post, order=order)
    pinned = usual[-1].thread

    assert Comment.objects.get(path=pinned).pin(make_staff())

    found = shown(post, order=order)
    assert found == sorted(usual, key=lambda comment: comment.thread != pinned)
    assert found != usual


def test_a_pinned_comment_that_was_taken_away_is_not_first(post: Post) -> None:
    first, second = make_comment(post), make_comment(post)
    second.pin(make_staff())
    answer = make_comment(post, parent=second)
    second.remove(make_staff())

    assert shown(post) == [first, second, answer]


@pytest.mark.parametrize("order", ["", "newest ", "-path", "source", "\x00", "oldest' OR 1=1 --"])
def test_an_order_that_there_is_not_is_the_usual_one(post: Post, order: str) -> None:
    comments = [make_comment(post) for _ in range(2)]

    found = conversation(post, {"order": order})

    assert (found.order, [entry.comment for entry in entries_of(found)]) == ("oldest", comments)


# --- Who is in it -------------------------------------------------------------------------------------------------


def test_a_conversation_has_the_approved_comments_of_its_own_post_alone(post: Post) -> None:
    approved = make_comment(post)
    make_comment(make_post())
    for status in ("waiting", "spam", "removed"):
        make_comment(post, status=status)

    assert shown(post) == [approved]


@pytest.mark.parametrize("verb", [Comment.remove, Comment.mark_spam, Comment.hold])
def test_what_was_taken_away_leaves_its_place_for_the_answers_below(post: Post, verb) -> None:
    first = make_comment(post)
    gone = make_comment(post, parent=first)
    deeper = make_comment(post, parent=gone)
    without_answers = make_comment(post, parent=first)
    for comment in (first, gone, without_answers):
        verb(comment, make_staff())

    found = conversation(post, {})

    assert [(entry.comment, entry.is_gone) for entry in entries_of(found)] == [
        (first, True),
        (gone, True),
        (deeper, False),
    ]
    assert (found.count, found.places) == (1, 3)


def test_a_place_goes_with_the_last_answer_below_it(post: Post) -> None:
    gone = make_comment(post)
    answer = make_comment(post, parent=make_comment(post, parent=gone))
    for comment in (gone, answer.parent, answer):
        comment.remove(make_staff())

    assert shown(post) == []
    assert conversation(post, {}).count == 0


def test_an_answer_to_what_never_was_public_says_that_it_is_not_here(post: Post) -> None:
    never = make_comment(post, status="waiting")
    answer = make_comment(post, parent=never)

    (entry,) = entries_of(conversation(post, {}))

    assert (entry.comment, entry.answered, entry.misses_answered) == (answer, None, True)


def test_an_answer_whose_parent_was_erased_keeps_its_place_and_says_so(post: Post) -> None:
    first = make_comment(post)
    middle = make_comment(post, parent=first)
    answer = make_comment(post, parent=middle)
    middle.delete()

    _first, entry = entries_of(conversation(post, {}))

    assert (entry.comment, entry.indent, entry.misses_answered) == (answer, 2, True)


# --- In words -----------------------------------------------------------------------------------------------------


def test_what_the_indentation_cannot_show_is_said_in_words(post: Post) -> None:
    make_comments(post, 6, chain=True)

    entries = entries_of(conversation(post, {}))

    assert [entry.indent for entry in entries] == [0, 1, 2, 3, 3, 3]
    assert [entry.names_answered for entry in entries] == [False, False, True, True, True, True]
    assert [entry.indent_shows_answered for entry in entries] == [False, True, True, True, False, False]
    assert entries[5].answered == (entries[4].comment.pk, entries[4].comment.name)


@pytest.mark.usefixtures("short_pages")
def test_a_page_that_begins_within_a_thread_says_whose_it_is(post: Post) -> None:
    first = make_comment(post)
    answers = [make_comment(post, parent=first) for _ in range(3)]
    deeper = make_comment(post, parent=answers[0])

    (thread,) = conversation(post, {"comments": "2"}).threads

    assert (thread.first, thread.first_elsewhere) == (None, (first.pk, first.name))
    assert [entry.comment for entry in thread.answers] == [answers[1], answers[2]]
    assert deeper in shown(post)


# --- Pages --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("order", ORDERS)
def test_the_pages_together_have_every_comment_once(post: Post, three_threads: list[Comment], order: str) -> None:
    three_threads.append(make_comment(post))

    pages = [conversation(post, {"order": order, "comments": str(number)}) for number in (1, 2, 3)]

    found = [entry.comment for page in pages for entry in entries_of(page)]
    assert len(found) == 7
    assert set(found) == set(three_threads)
    assert {(page.pages, page.count, page.places) for page in pages} == {(3, 7, 7)}


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("order", ORDERS)
def test_the_page_of_every_comment_is_the_one_it_is_on(post: Post, three_threads: list[Comment], order: str) -> None:
    three_threads[3].pin(make_staff())  # an answer: refused
    three_threads[4].pin(make_staff())
    three_threads[1].remove(make_staff())

    for comment in three_threads[:1] + three_threads[2:]:
        number = page_of(comment, order)
        assert comment in shown(post, order=order, comments=str(number))


@pytest.mark.usefixtures("short_pages")
def test_neighbouring_pages_are_in_the_same_order(post: Post) -> None:
    make_comments(post, 7)

    first, middle, last = (conversation(post, {"order": "newest", "comments": str(n)}) for n in (1, 2, 3))

    path = post.get_absolute_url()
    assert (first.previous_path, first.next_path) == ("", f"{path}?order=newest&comments=2#comments")
    assert middle.previous_path == f"{path}?order=newest#comments"
    assert (last.previous_path, last.next_path) == (middle.previous_path.replace("#", "&comments=2#"), "")


@pytest.mark.parametrize("number", ["2", "0", "-1", "", "1.0", "one", "01", "9" * 30, "٣", "1\n", "\x00"])
def test_a_page_that_there_is_not_is_a_404(post: Post, number: str) -> None:
    make_comment(post)

    with pytest.raises(Http404):
        conversation(post, {"comments": number})


def test_the_first_page_is_always_there(post: Post) -> None:
    found = conversation(post, {"comments": "1"})

    assert (found.threads, found.count, found.pages) == ([], 0, 1)


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("chain", [False, True], ids=["flat", "a chain"])
def test_one_query_fetches_a_page_of_a_thousand(post: Post, django_assert_num_queries, order: str, chain: bool) -> None:
    comments = make_comments(post, 1_000, chain=chain)
    make_comment(post, parent=comments[0]).remove(make_staff())

    with django_assert_num_queries(1):
        found = conversation(post, {"order": order, "comments": "10"})
        answered = [entry.answered.name for entry in entries_of(found) if entry.answered]

    assert len(entries_of(found)) == 100
    assert len(answered) == (100 if chain else 0)
    assert (found.count, found.pages) == (1_000, 10)


@pytest.mark.parametrize("order", ORDERS)
def test_one_query_finds_the_page_of_a_comment(post: Post, django_assert_num_queries, order: str) -> None:
    comment = make_comments(post, 250, chain=True)[-1]

    with django_assert_num_queries(1):
        assert page_of(comment, order) == 3


def test_what_was_taken_away_meanwhile_leads_to_the_first_page(post: Post) -> None:
    comment = make_comments(post, 250)[-1]
    Comment.objects.get(pk=comment.pk).remove(make_staff())

    assert page_of(comment, "oldest") == 1


def test_only_the_texts_of_one_page_are_fetched(post: Post, django_assert_num_queries) -> None:
    make_comments(post, 5)

    with django_assert_num_queries(1) as asked:
        conversation(post, {})

    assert "source" not in asked.captured_queries[0]["sql"]
    assert asked.captured_queries[0]["sql"].count("rendered_html") == 1
