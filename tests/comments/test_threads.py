import pytest

from blog.models import Post
from comments.models import Comment
from comments.threads import thread
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post()


def make_chain(post: Post, length: int) -> list[Comment]:
    """Make a thread in which every comment answers the one before, in two queries."""
    first = make_comment(post).pk + 1
    return Comment.objects.bulk_create(
        Comment(
            pk=first + n,
            post=post,
            parent_id=first + n - 1,
            name=f"Reader {n}",
            source="x",
            rendered_html="<p>x</p>",
            digest=str(n),
            path=f"{n:014d}",
            status=Comment.Status.APPROVED,
            published_at=post.published_at,
        )
        for n in range(length - 1)
    )


def test_answers_stand_below_what_they_answer_oldest_first(post: Post) -> None:
    first, second = make_comment(post), make_comment(post)
    late_answer_to_first = make_comment(post, parent=first)
    answer_to_second = make_comment(post, parent=second)
    deeper = make_comment(post, parent=late_answer_to_first)
    another_to_first = make_comment(post, parent=first)

    entries = thread(post)

    assert [(entry.comment, entry.depth) for entry in entries] == [
        (first, 0),
        (late_answer_to_first, 1),
        (deeper, 2),
        (another_to_first, 1),
        (second, 0),
        (answer_to_second, 1),
    ]


def test_a_thread_has_the_approved_comments_of_its_own_post_alone(post: Post) -> None:
    approved = make_comment(post)
    make_comment(make_post())
    for status in ("waiting", "spam", "removed"):
        make_comment(post, status=status)

    assert [entry.comment for entry in thread(post)] == [approved]


def test_an_answer_to_a_comment_that_was_removed_moves_to_the_top_and_says_so(post: Post) -> None:
    removed = make_comment(post, status="removed")
    make_comment(post, parent=removed)
    make_comment(post)

    first, second = thread(post)

    assert (first.depth, first.answers, first.answers_removed) == (0, None, True)
    assert (second.depth, second.answers, second.answers_removed) == (0, None, False)


def test_only_what_the_indentation_cannot_show_is_said_in_words(post: Post) -> None:
    make_chain(post, 6)

    entries = thread(post)

    assert [entry.indent for entry in entries] == [0, 1, 2, 3, 3, 3]
    assert [entry.names_whom_it_answers for entry in entries] == [False, False, False, False, True, True]
    assert entries[5].answers == entries[4].comment


def test_a_thread_may_be_a_thousand_answers_deep(post: Post, django_assert_num_queries) -> None:
    make_chain(post, 1_000)

    with django_assert_num_queries(1):
        entries = thread(post)

    assert [entry.depth for entry in entries] == list(range(1_000))
