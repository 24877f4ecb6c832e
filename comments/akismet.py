"""Akismet's opinion of a comment, where the operator has given a key for it; docs/decisions/0022."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from blog.address import absolute
from comments.models import Comment
from comments.spam_rules import Finding

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

TIMEOUT = 3.0  # seconds: for the connection, and for each silence after it
SPAM = Finding("akismet", 0.95)


@dataclass(frozen=True)
class Sender:
    """What a request says about who sent it. Akismet wants to know; it is stored nowhere."""

    address: str = ""  # of the network, not of mail
    browser: str = ""


def sender_of(request: HttpRequest) -> Sender:
    return Sender(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_USER_AGENT", ""))


def takes_for_spam(comment: Comment, sender: Sender) -> bool:
    """Say whether Akismet, asked now, takes a comment for spam; no without a key, and no if it does not answer.

    Raises nothing, since whatever goes wrong out there must not cost a reader the comment. Waits for the answer, and so
    is called outside transactions.
    """
    if not settings.AKISMET_KEY:
        return False
    try:
        return asked(comment, sender)
    except Exception as error:
        # The kind of error alone: messages can repeat what was sent. The cause is what httpx met.
        kind = type(error.__cause__ or error).__name__
        logger.warning("Akismet gave no opinion of a comment, which was judged without it: %s.", kind)
        return False


def asked(comment: Comment, sender: Sender) -> bool:
    """Ask, and return the answer. Raises what the `akismet` package does, and anything that a network can do."""
    import akismet  # an extra, and 11 MB of memory, which only those who use it shall spend

    with http_client() as client:
        service = akismet.SyncClient(akismet.Config(settings.AKISMET_KEY, settings.SITE_URL), client)
        answer = service.comment_check(
            user_ip=sender.address,
            user_agent=sender.browser,
            permalink=absolute(comment.post.get_absolute_url()),
            comment_type="comment",
            comment_author=comment.name,
            comment_author_email=comment.email,
            comment_content=comment.source,
        )
    return answer != akismet.CheckResponse.HAM  # spam, or so plainly spam that it would discard it


def http_client() -> "httpx.Client":
    """Return what speaks to Akismet, named as its own package names itself."""
    import akismet
    import httpx

    return httpx.Client(headers={"User-Agent": akismet.USER_AGENT}, timeout=TIMEOUT)
