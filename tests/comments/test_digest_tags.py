"""What mails to the list show of conversations."""

import pytest
from pytest_django import DjangoAssertNumQueries

from blog.models import Post
from comments.models import Comment
from comments.templatetags.digest import comment_numbers, excerpt, most_answered
from tests.factories import make_comment, make_post


def test_an_excerpt_is_words_alone() -> None:
    assert excerpt("**Yes**, see [here](https://x.example)\n\n> quoted\n\nand\r\nBcc: kim@example.org") == (
        "Yes, see here and Bcc: kim@example.org"
    )
    assert excerpt("> quoted") == "quoted"
    assert len(excerpt("word " * 500)) <= 240


@pytest.mark.django_db
def test_the_most_answered_comments_are_those_that_readers_see(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    post, other = make_post(title="Five facts"), make_post()
    made = [make_comment(post, name=f"Reader {number}") for number in range(6)]
    for number, comment in enumerate(made):
        Comment.objects.filter(pk=comment.pk).update(answers=number)
    Comment.objects.filter(pk=made[5].pk).update(status=Comment.Status.SPAM)
    Comment.objects.filter(pk=make_comment(other).pk).update(answers=9)

    with django_assert_num_queries(1):
        found = most_answered([post])

    assert [comment.name for comment in found] == ["Reader 4", "Reader 3", "Reader 2"]
    assert (found[0].title, found[0].answers) == ("Five facts", 4)
    assert found[0].url.endswith(f"/comments/{made[4].pk}/")


@pytest.mark.django_db
def test_comments_that_wait_are_not_counted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    post, silent = make_post(), make_post()
    make_comment(post)
    make_comment(post, status=Comment.Status.WAITING)

    with django_assert_num_queries(1):
        assert comment_numbers([post, silent]) == {post.pk: 1}
    assert comment_numbers(list(Post.objects.none())) == {}
