"""The links that are mailed to commenters. Every purpose has tokens of its own; none acts when it is opened."""

import datetime

from django.http import Http404

from blog.address import absolute_reverse
from blog.keys import Purpose, Signer
from comments.models import Commenter, Follow

CONFIRMATION_LASTS = datetime.timedelta(days=14)
YOURS_LASTS = datetime.timedelta(days=30)


def confirmation(commenter: Commenter) -> str:
    """Return the address of the page on which somebody says that this mail address is theirs."""
    token = Signer(Purpose.COMMENTER_CONFIRM).token(f"{commenter.pk}.{confirmations(commenter)}")
    return absolute_reverse("commenter_confirm", token)


def confirming(token: str) -> tuple[Commenter, bool]:
    """Return whom a confirmation link is about, and whether it can still confirm: it is good for one time.

    Raises Http404 for one that is forged or older than two weeks, and for a person who was erased.
    """
    value = Signer(Purpose.COMMENTER_CONFIRM).value(token, max_age=CONFIRMATION_LASTS)
    number, _dot, before = value.partition(".")
    commenter = existing(number)
    return commenter, before == confirmations(commenter) and commenter.confirmed_at is None


def confirmations(commenter: Commenter) -> str:
    """A mark that changes with every confirmation, so that a used link stays used."""
    return str(int(commenter.confirmed_at.timestamp())) if commenter.confirmed_at else "0"


def yours(commenter: Commenter) -> str:
    """Return the address of a commenter's own page. It is mailed to them, or shown on a mailed page."""
    return absolute_reverse("your_comments", Signer(Purpose.COMMENTER).token(commenter.pk))


def owner(token: str) -> Commenter:
    """Return whose page this is. Raises Http404 for a link that is forged or a month old, and after erasing."""
    return existing(Signer(Purpose.COMMENTER).value(token, max_age=YOURS_LASTS))


def unfollow(follow: Follow) -> str:
    """Return the address at which somebody stops the mails about a conversation. It works for as long as a mail."""
    return absolute_reverse("unfollow", Signer(Purpose.UNFOLLOW).token(follow.pk))


def unfollowing(token: str) -> Follow:
    """Return which mails a link stops. Raises Http404 for a forged one, and for a person who was erased."""
    number = Signer(Purpose.UNFOLLOW).value(token)
    follow = Follow.objects.select_related("commenter", "post").filter(pk=number).first()
    if follow is None:
        raise Http404("Nobody with this link is known any more.")
    return follow


def existing(number: str) -> Commenter:
    commenter = Commenter.objects.filter(pk=number).first()
    if commenter is None:
        raise Http404("Nobody with this link is known any more.")
    return commenter
