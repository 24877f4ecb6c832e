from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Post
from subscribers import newsletter
from subscribers.desk import words
from subscribers.models import Issue

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands apart: 1,204."""
    return f"{number:,}"


@register.simple_tag
def delay_in_words() -> str:
    """Say when a letter goes out that is sent now."""
    minutes = settings.NEWSLETTER_DELAY
    if not minutes:
        return _("At once")
    return ngettext("In one minute", "In %(count)d minutes", minutes) % {"count": minutes}


@register.inclusion_tag("subscribers/desk/_post_mail.html", takes_context=True)
def post_mail(context: RequestContext, post: Post) -> dict[str, Any]:
    """Say whether a post was mailed, and why; while its issue waits, who would get it, with a button that stops it."""
    issue = Issue.objects.filter(post=post).first()
    waits = issue is not None and issue.state == Issue.State.WAITING
    audience = newsletter.audience_of(issue).count() if issue and waits else None
    sentence = newsletter.why(post)
    return {
        "issue": issue,
        "audience": audience,
        "sentence": sentence if audience is None else f"{sentence} {words.would_get(audience)}",
        "may_send": context["request"].user.has_perm("subscribers.send_issue"),
        "csrf_token": context.get("csrf_token"),
    }
