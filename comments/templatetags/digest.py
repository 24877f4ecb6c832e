"""What a digest of posts shows of their conversations: the list's mails know of comments by these tags alone."""

from collections.abc import Sequence
from typing import NamedTuple

from django import template
from django.db.models import Count

from blog import mail
from blog.address import absolute_reverse
from blog.markup import clean_source, comment_parser, plain_text, shorten
from blog.models import Post
from comments.models import Comment

register = template.Library()

MOST = 3  # comments in a digest
EXCERPT = 240  # characters


class Answered(NamedTuple):
    """A comment that many answered, as a mail shows it."""

    name: str
    title: str  # of the post
    excerpt: str  # without marks
    answers: int
    url: str


@register.simple_tag
def most_answered(posts: Sequence[Post]) -> list[Answered]:
    """Return the comments under these posts with the most approved answers, the most answered first. One query."""
    titles = {post.pk: post.title for post in posts}
    rows = Comment.objects.public().filter(post__in=titles, depth=0, answers__gt=0)
    shown = rows.order_by("-answers", "published_at", "pk").only("name", "source", "answers", "post_id")[:MOST]
    return [
        Answered(
            name=mail.one_line(comment.name),
            title=titles[comment.post_id],
            excerpt=excerpt(comment.source),
            answers=comment.answers,
            url=absolute_reverse("comment", comment.pk),
        )
        for comment in shown
    ]


@register.simple_tag
def comment_numbers(posts: Sequence[Post]) -> dict[int, int]:
    """Count the comments that readers see under each of these posts. One query."""
    shown = Comment.objects.approved().filter(post__in=[post.pk for post in posts]).order_by()
    return dict(shown.values_list("post").annotate(number=Count("pk")))


@register.filter
def number_of(numbers: dict[int, int], post: Post) -> int:
    """Look up the number of comments under a post."""
    return numbers.get(post.pk, 0)


def excerpt(source: str) -> str:
    """Return how a comment begins, as words without marks; what it quotes is left out, if anything else is said."""
    tokens = comment_parser().parse(clean_source(source))
    depth = 0
    quoted: list[str] = []
    said: list[str] = []
    for token in tokens:
        if token.type in {"blockquote_open", "blockquote_close"}:
            depth += token.nesting
        elif token.type == "inline":
            (quoted if depth else said).append(plain_text(token))
    return shorten(mail.one_line(" ".join(said or quoted)), EXCERPT)
