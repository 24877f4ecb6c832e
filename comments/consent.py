"""How an address becomes known without an account: a comment comes with it, a mail asks, its owner says yes."""

from django.db import transaction
from django.utils import timezone

from blog import mailboxes
from blog.models import Post
from blog.waking import wake
from comments import commenters
from comments.models import Comment, Commenter, ConversationMail, Follow
from comments.tasks import send_conversation_mails

COUNT_MAIL = mailboxes.mail_counter(lambda pk: (Commenter.objects.filter(pk=pk, muted_at=None), {}))


def welcome(comment: Comment, notify: str = "") -> None:
    """Take note of a new comment: who wrote it is asked by mail whether the address is theirs, unless that is known.

    `notify` is what they want to be told about, one of Follow.Scope or nothing. Everybody can type anybody's address,
    so it counts once the owner has said yes on a page that only a mail leads to. Staff and spam get no mail.
    """
    commenter = comment.commenter
    if commenter is None or comment.status == Comment.Status.SPAM:
        return
    asked = bool(notify) and remember(commenter, comment.post, notify)
    if commenter.confirmed_at is None:
        queue(ConversationMail.Kind.CONFIRM, commenter, comment)
    elif asked:
        queue(ConversationMail.Kind.LINK, commenter)


def remember(commenter: Commenter, post: Post, scope: str) -> bool:
    """Keep a wish to follow a conversation; return whether it waits for the owner's yes.

    What the owner has said yes to stays as it is: only they may change it.
    """
    follow, created = Follow.objects.get_or_create(commenter=commenter, post=post, defaults={"scope": scope})
    if created:
        return True
    open_to_change = Follow.objects.filter(pk=follow.pk).exclude(confirmed_at__isnull=False, ended_at__isnull=True)
    return open_to_change.update(scope=scope, asked_at=timezone.now(), confirmed_at=None, ended_at=None) == 1


def ask_for_link(email: str) -> None:
    """Take note that somebody asked for the page of this address.

    Does the same for every address, so that neither the answer nor its time says who has written here; the worker looks
    whether anybody did (comments/mails.py). An address that nobody has written under is forgotten again.
    """
    with transaction.atomic():
        queue(ConversationMail.Kind.LINK, commenters.find_or_add(email))


def queue(kind: ConversationMail.Kind, commenter: Commenter, comment: Comment | None = None) -> None:
    """Write the row of a mail that anybody could have caused, unless its address, mailbox or hour has had enough."""
    if may_be_mailed(commenter):
        ConversationMail.objects.create(kind=kind, commenter=commenter, comment=comment)
        wake(send_conversation_mails)


def may_be_mailed(commenter: Commenter) -> bool:
    """Count one mail to the address, the mailbox and the hour; return False, and count nothing, if one is full."""
    return mailboxes.may_be_mailed(COUNT_MAIL, commenter.pk, email=commenter.email, sort="commenter mails")
