"""When a comment is not taken just now: it comes too soon after another, or there were too many. Every word stays."""

import datetime
import math

from django.db.models import Q
from django.forms import Form, ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import limits as tallies
from comments import limits, policy
from comments.models import Comment

TOO_MANY = "too_many"  # the code of an error that is over when some seconds have passed


def refuse_haste(comment: Comment, pause: int) -> None:
    """Raise ValidationError if this comment, filled in and not stored, comes too soon.

    `pause` is how many seconds the post's conversation puts between two comments of one person; 0 for none.
    """
    seconds = pause_left(comment, datetime.timedelta(seconds=pause)) if pause else 0
    if seconds:
        said = _("You wrote here a moment ago. Your text is still in the form: send it again in %(time)s.")
        raise too_many(said, seconds)
    refuse_flood(limits.seconds_to_wait(comment.email, comment.network))


def count(comment: Comment) -> None:
    """Count a comment at the end of the transaction that stores it. Raise ValidationError if it is one too many."""
    refuse_flood(limits.count(comment.email, comment.network))


def refuse_flood(seconds: int) -> None:
    if seconds:
        said = _("That was a lot in a short time. Your text is still in the form: send it again in %(time)s.")
        raise too_many(said, seconds)


def pause_left(comment: Comment, pause: datetime.timedelta) -> int:
    """Return for how many seconds the comment's address or network has to wait under a post in slow mode."""
    own = Q(email__iexact=comment.email)
    if comment.network:
        own |= Q(network=comment.network)
    recent = Comment.objects.filter(own, post=comment.post, created_at__gt=timezone.now() - pause)
    last = recent.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is not None:
        return math.ceil((last + pause - timezone.now()).total_seconds())
    # Of two who were sent at the same moment neither sees the other; they meet in the tally.
    everybody = filter(None, (comment.email.strip().lower(), comment.network))
    what = f"slow mode under post {comment.post_id}"
    full = tallies.first_used_up([tallies.Allowance(what, who, 1, pause) for who in everybody])
    return tallies.seconds_left(pause) if full else 0


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
