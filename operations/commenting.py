"""A comment, and with it the wish to be told of new posts by mail: what neither app below can do alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.views.decorators.http import require_http_methods

from blog.kept import reading_once
from blog.networks import network_digest
from blog.origins import reader_form
from comments import views as comments
from comments.models import Comment
from subscribers import consent
from subscribers.models import Consent
from subscribers.templatetags.subscription import CHOICE


@reading_once()
@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def write_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a comment as `comments.views.write_comment` does; with the box ticked, also ask for the mailing list."""
    response = comments.write_comment(request, slug)
    if response.status_code == 303 and request.POST.get(CHOICE):
        comment = comments.own(resolve(response["Location"]).kwargs["token"])
        if may_subscribe(comment):
            consent.ask(comment.email, Consent.Place.COMMENT, network_digest(request))
    return response


def may_subscribe(comment: Comment) -> bool:
    """Say whether this comment can be a wish for mails: spam has nobody mailed, and staff fill in no address."""
    return comment.user_id is None and comment.status != Comment.Status.SPAM
