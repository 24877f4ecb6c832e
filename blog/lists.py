"""Pages of posts."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from blog.models import Post

POSTS_PER_PAGE = 12


def page_of(posts: QuerySet[Post], number: str | int) -> "Page[Post]":
    """Return one page of posts. Raises Http404 for a page that is not there (the first always is)."""
    try:
        return Paginator(posts, POSTS_PER_PAGE).page(number)
    except InvalidPage as error:
        raise Http404("There is no such page.") from error
