"""The mails to subscribers. One function makes each; whoever called it sends it."""

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from blog import mail
from blog.mail import AUTOMATIC, message_id, site
from blog.models import Publication
from subscribers import links
from subscribers.models import Notice


def confirmation(notice: Notice) -> EmailMultiAlternatives:
    """Ask the owner of an address whether they want to be on the list. Holds nothing that the asker wrote."""
    publication = Publication.load()
    return mail.compose(
        "subscription_confirm",
        {"publication": publication, "confirm_url": links.confirmation(notice.subscriber), **site()},
        to=notice.subscriber.email,
        subject=_("Confirm your subscription to %(name)s") % {"name": publication.name},
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("notice", notice.pk), **AUTOMATIC},
    )


def already_subscribed(notice: Notice) -> EmailMultiAlternatives:
    """Tell the owner of an address that it is on the list, and how to leave."""
    publication = Publication.load()
    leave_url = links.unsubscribe(links.unsubscribe_signer(), notice.subscriber.pk)
    return mail.compose(
        "subscription_already",
        {"publication": publication, "leave_url": leave_url, **site()},
        to=notice.subscriber.email,
        subject=_("You are on the list of %(name)s") % {"name": publication.name},
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("notice", notice.pk), **AUTOMATIC},
    )
