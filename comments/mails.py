"""Sending the mails to commenters."""

from collections.abc import Callable
from functools import partial

from blog import mail
from blog.models import Post
from blog.routes import Route
from comments import messages
from comments.following import followers_of, tell_followers
from comments.models import Comment, Commenter, ConversationMail

Kind = ConversationMail.Kind


def run_once(stopped: Callable[[], bool] = lambda: False) -> int:
    """Look whom to tell of new comments, then send what is due; return how many mails a server took."""
    tell_followers(stopped)
    return send_due(stopped)


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send every mail to a commenter that is due; return how many a server took."""
    return mail.send_due(ConversationMail.objects.filter(kind__in=MAILS), send, stopped)


def send(row: ConversationMail, route: Route) -> bool:
    """Send a claimed mail, unless what it is about has changed since the row was written."""
    reason_not_to, message = MAILS[Kind(row.kind)]
    reason = look_anew(row) or reason_not_to(row)
    if reason:
        row.skip(reason)
        return False
    return mail.send(row, partial(message, row), route)


def look_anew(row: ConversationMail) -> str:
    """Read whom and what the mail is about; return why it has become pointless, or nothing."""
    row.commenter = Commenter.objects.filter(mails=row).first()
    row.comment = Comment.objects.select_related("post", "parent").filter(mails=row).first()
    if row.commenter is None:
        return "The person was erased."
    return "The person wants no mail." if row.commenter.muted_at else ""


def why_not_ask(row: ConversationMail) -> str:
    assert row.commenter is not None  # noqa: S101  look_anew saw to it
    if row.commenter.confirmed_at:
        return "The address was confirmed since."
    if row.comment is None or row.comment.withdrawn_at or row.comment.status == Comment.Status.SPAM:
        return "The comment was taken back, or is spam."
    return ""


def why_not_link(row: ConversationMail) -> str:
    """Nobody is mailed because somebody typed their address, or because of spam under it."""
    written = Comment.objects.filter(commenter=row.commenter).exclude(status=Comment.Status.SPAM)
    return "" if written.exists() else "Nobody has written under this address."


def why_not_tell(row: ConversationMail) -> str:
    comment = row.comment
    if comment is None or comment.status != Comment.Status.APPROVED:
        return "The comment is not on the page any more."
    if not Post.objects.published().filter(pk=comment.post_id).exists():
        return "The post is not public any more."
    return "" if followers_of(comment).filter(commenter=row.commenter).exists() else "The person follows it no more."


# For each kind: what says why a mail has become pointless, and what makes it.
MAILS = {
    Kind.CONFIRM: (why_not_ask, messages.confirmation),
    Kind.LINK: (why_not_link, messages.link),
    Kind.ANSWER: (why_not_tell, messages.answer),
}
