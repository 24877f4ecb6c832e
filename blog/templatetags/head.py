"""What a page's head says to machines: full addresses, the picture for social media, structured data."""

from typing import Any

from django import template
from django.template import Context

from blog import address, social, structured
from blog.lists import Page
from blog.models import Author, Post

register = template.Library()
register.filter("absolute", address.absolute)
register.simple_tag(social.picture_of, name="social_picture")


@register.simple_tag
def page_address(path: str, posts: Page) -> str:
    """Return the full address of one page of a list, free of whatever else the reader's address had in it."""
    return address.absolute(path if posts.number == 1 else f"{path}?page={posts.number}")


@register.simple_tag
def home_address(posts: Page) -> str:
    if posts.number == 1:
        return address.absolute_reverse("home")
    return address.absolute_reverse("home_page", posts.number)


@register.simple_tag(takes_context=True)
def home_data(context: Context) -> structured.DataBlock:
    return structured.home_data(context["publication"])


@register.simple_tag(takes_context=True)
def post_data(context: Context, post: Post) -> structured.DataBlock:
    return structured.post_data(post, context["publication"])


@register.simple_tag(takes_context=True)
def author_data(context: Context, author: Author) -> structured.DataBlock:
    return structured.author_data(author, context["publication"])


@register.simple_tag(takes_context=True)
def list_data(context: Context, subject: Any) -> structured.DataBlock:
    """Describe a page that lists the posts of a subject: a tag, say."""
    return structured.list_data(str(subject), subject.get_absolute_url(), context["publication"])
