from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext

from blog.models import Post
from blog.readers import staff_user
from blog.self_changing import page_changes_at
from comments.forms import CommentForm
from comments.policy import closes_at, is_open, promise
from comments.threads import conversation

register = template.Library()


@register.inclusion_tag("comments/_comment_section.html", takes_context=True)
def comment_section(context: RequestContext, post: Post) -> dict[str, Any]:
    """Show the page of a post's conversation that the address asks for, and the form to join it. Costs one query.

    For a post that comes with its authors. Raises Http404 for a page that is not there.
    """
    request: HttpRequest = context["request"]
    staff = staff_user(request)
    if closing := closes_at(post, context["publication"]):
        page_changes_at(request, closing)
    return {
        **cast(dict[str, Any], context.flatten()),
        "post": post,
        "conversation": conversation(post, request.GET),
        "writers": {byline.author.user_id for byline in post.bylines.all()},
        "may_moderate": staff is not None and staff.has_perm("comments.moderate_comment"),
        "is_open": is_open(post, context["publication"]),
        "form": CommentForm(post=post, user=staff),
    }


@register.simple_tag(takes_context=True)
def comment_promise(context: RequestContext, post: Post) -> str:
    """Say what will happen to a comment that is written under this post."""
    return promise(post, context["publication"])


@register.filter
def initials(name: str) -> str:
    """One or two letters for the disc beside a comment."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


@register.filter
def disc_colour(name: str) -> int:
    """A number from 0 to 5 that is always the same for the same name; the style sheet has a colour for each."""
    return sum(name.encode()) % 6
