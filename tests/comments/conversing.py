"""People who follow conversations, and the mails that come of it, for tests."""

import datetime
import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from django.core import mail
from django.utils import timezone

from blog.models import Post
from comments import mails
from comments.commenters import find_or_add
from comments.models import Comment, Commenter, Follow
from tests.factories import make_comment

AGES_AGO = datetime.timedelta(days=2)


def make_commenter(address: str = "ann@example.org", **values: Any) -> Commenter:
    """Make somebody who has confirmed their address, unless `confirmed_at` says otherwise."""
    commenter = find_or_add(address)
    Commenter.objects.filter(pk=commenter.pk).update(**{"confirmed_at": timezone.now() - AGES_AGO, **values})
    commenter.refresh_from_db()
    return commenter


def make_follow(post: Post, address: str = "ann@example.org", scope: str = "thread", **values: Any) -> Follow:
    """Make a follow that counts since long ago, unless `values` say otherwise."""
    said_yes = {"confirmed_at": timezone.now() - AGES_AGO, **values}
    return Follow.objects.create(commenter=make_commenter(address), post=post, scope=scope, **said_yes)


def make_settled(post: Post, **values: Any) -> Comment:
    """Make a comment that has been on the page for two minutes."""
    then = timezone.now() - datetime.timedelta(minutes=2)
    return make_comment(post, **{"created_at": then, "published_at": then, **values})


def send_mails() -> list[str]:
    """Let the worker have its turn; return whom it mailed."""
    before = len(mail.outbox)
    mails.run_once()
    return [address for message in mail.outbox[before:] for address in message.to]


def last_mail() -> EmailMessage:
    """Read the last mail as a mail program does."""
    return email.message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    return str(message.get_body((kind,)).get_content())  # type: ignore[union-attr]


def link_in(message: EmailMessage, path: str) -> str:
    """Return the path of the link in a mail's text that begins like this."""
    found = re.search(rf"https?://[^/\s]+(/comments/{path}/\S+)", part(message, "plain"))
    assert found, part(message, "plain")
    return found[1]
