"""When a comment is not taken just now: it comes too soon after another, or there were too many. Every word stays."""

import datetime
import math

from django.db.models import Q
from django.forms import Form, ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import limits as tallies
from blog.models import Publication
from comments import limits, policy
from comments.models import Comment

TOO_MANY = "too_many"  # the code of an error that is over when some seconds have passed


def refuse_haste(comment: Comment) -> None:
    """Raise ValidationError if this comment, filled in and not stored, comes too soon; else count it."""
    seconds = pause_left(comment)
    if seconds:
        said = _("You wrote here a moment ago. Your text is still in the form: send it again in %(time)s.")
        raise too_many(said, seconds)
    seconds = limits.seconds_to_wait(comment.email, comment.network)
    if seconds:
        said = _("That was a lot in a short time. Your text is still in the form: send it again in %(time)s.")
        raise too_many(said, seconds)


def pause_left(comment: Comment) -> int:
    """Return for how many seconds an address or a network has to wait under a post in slow mode; 0 if not at all."""
    pause = policy.terms(comment.post, Publication.load()).pause
    if not pause:
        return 0
    within = datetime.timedelta(seconds=pause)
    own = Q(email__iexact=comment.email)
    if comment.network:
        own |= Q(network=comment.network)
    recent = Comment.objects.filter(own, post=comment.post, created_at__gt=timezone.now() - within)
    last = recent.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is not None:
        return math.ceil((last + within - timezone.now()).total_seconds())
    # Of two who were sent at the same moment neither sees the other; they meet in the tally.
    for who in filter(None, (comment.email.strip().lower(), comment.network)):
        if not tallies.count(f"slow mode under post {comment.post_id}", who, 1, within):
            return tallies.seconds_left(within)
    return 0


def too_many(said: str, seconds: int) -> ValidationError:
    return ValidationError(said, code=TOO_MANY, params={"time": policy.in_words(seconds), "seconds": seconds})


def refuse(page: HttpResponse, form: Form) -> HttpResponse:
    """Give the page that shows a refused form again its status, and the seconds after which it will be taken."""
    page.status_code = 422
    for error in form.non_field_errors().as_data():
        if error.code == TOO_MANY and error.params:
            put_off(page, error.params["seconds"])
    return page


def put_off(page: HttpResponse, seconds: int) -> HttpResponse:
    """Let a page say that there were too many requests, and in how many seconds the next will be taken; 0 for now."""
    if seconds:
        page.status_code = 429
        page["Retry-After"] = str(seconds)
    return page
