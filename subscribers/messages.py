"""The mails to subscribers about their subscription. One function makes each; whoever called it sends it."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from blog import mail
from blog.mail import AUTOMATIC, message_id, site
from blog.models import Publication
from subscribers import links
from subscribers.models import Consent, Notice, Subscriber

Place = Consent.Place

# Where somebody gave the address, in the words of its owner's mail.
ASKED_AT = {
    Place.PAGE: _lazy("on the page for subscribing"),
    Place.POST: _lazy("with the form under a post"),
    Place.FOOTER: _lazy("with the form at the foot of a page"),
    Place.COMMENT: _lazy("with the form for comments"),
    Place.MAIL: _lazy("with a mail to the list’s address"),
}


def confirmation(notice: Notice) -> EmailMultiAlternatives:
    """Ask the owner of an address whether they want to be on the list. Holds nothing that the asker wrote."""
    subscriber = notice.subscriber
    links_in_it = {"confirm_url": links.confirmation(subscriber), "never_url": links.never(subscriber)}
    asked = subscriber.consents.filter(kind=Consent.Kind.ASKED).last()
    when = asked.at if asked else notice.created_at
    where = ASKED_AT.get(Place(asked.place) if asked else Place.STAFF, _("here"))
    context = {**links_in_it, "when": in_words(when), "where": where}
    return compose(notice, "subscription_confirm", _("Confirm your subscription to %(name)s"), context)


def already_subscribed(notice: Notice) -> EmailMultiAlternatives:
    """Tell the owner of an address that it is on the list, and how to change that."""
    context = ways_out(notice.subscriber)
    return compose(notice, "subscription_already", _("You are on the list of %(name)s"), context)


def own_link(notice: Notice) -> EmailMultiAlternatives:
    """Bring the link to all that is kept of a subscription to its owner, who asked for it."""
    context = {"own_url": links.own_data(notice.subscriber)}
    return compose(notice, "subscription_link", _("Your subscription to %(name)s"), context)


def new_address(notice: Notice) -> EmailMultiAlternatives:
    """Ask at a new address whether mails shall go there. Says nothing of the old one."""
    context = {"address_url": links.new_address(notice.subscriber)}
    return compose(notice, "subscription_new_address", _("Is this your new address for %(name)s?"), context)


def old_address(notice: Notice) -> EmailMultiAlternatives:
    """Tell the old address that mails may go to another one soon. It could be somebody else who wants that."""
    context = {"new_email": notice.subscriber.new_email, **ways_out(notice.subscriber)}
    return compose(notice, "subscription_old_address", _("Your address for %(name)s is about to change"), context)


def compose(notice: Notice, template: str, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Make the mail of a notice: to its own address, or to the one that the subscriber has now."""
    publication = Publication.load()
    return mail.compose(
        template,
        {"publication": publication, **context, **site()},
        to=notice.address or notice.subscriber.email,
        subject=subject % {"name": publication.name},
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("notice", notice.pk), **AUTOMATIC},
    )


def ways_out(subscriber: Subscriber) -> dict[str, str]:
    """Return the links by which a subscriber changes what they get, or leaves."""
    return {
        "manage_url": links.manage(links.manage_signer(), subscriber.pk, subscriber.email),
        "leave_url": links.unsubscribe(links.unsubscribe_signer(), subscriber.pk),
    }


def in_words(moment: Any) -> str:
    """Return a moment by the site's clock, with the name of its time."""
    return date_format(timezone.localtime(moment), "j F Y, H:i T")
