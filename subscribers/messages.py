"""The mails to subscribers. One function makes each; whoever called it sends it."""

from email.header import Header

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from blog import mail
from blog.address import absolute
from blog.keys import Signer
from blog.mail import AUTOMATIC, message_id, site
from blog.markup import absolute_html, absolute_links
from blog.models import Post, Publication
from subscribers import links
from subscribers.models import Delivery, Issue, Notice


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
    leave_url = links.unsubscribe(links.unsubscribe_signer(), notice.subscriber)
    return mail.compose(
        "subscription_already",
        {"publication": publication, "leave_url": leave_url, **site()},
        to=notice.subscriber.email,
        subject=_("You are on the list of %(name)s") % {"name": publication.name},
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("notice", notice.pk), **AUTOMATIC},
    )


class PostMail:
    """The mail about one post: what all readers share is made once, each reader's own part per message."""

    def __init__(self, issue: Issue, post: Post, publication: Publication, signer: Signer) -> None:
        self.issue = issue
        self.publication = publication
        self.signer = signer
        prefetch_related_objects([post], "bylines__author")
        self.context = {
            "publication": publication,
            "post": post,
            "post_url": absolute(post.get_absolute_url()),
            "cover_url": absolute(post.cover.file.url) if post.cover else "",
            "text_html": absolute_html(post.rendered_html, settings.SITE_URL),
            "text": absolute_links(post.source, settings.SITE_URL),
            **site(),
        }

    def to(self, delivery: Delivery) -> EmailMultiAlternatives:
        """Return the message of one delivery, whose subscriber is there."""
        assert delivery.subscriber is not None  # noqa: S101  deliveries to erased people are skipped before this
        leave_url = links.unsubscribe(self.signer, delivery.subscriber)
        return mail.compose(
            "issue_post",
            {**self.context, "leave_url": leave_url},
            to=delivery.address,
            subject=self.issue.subject,
            sender=mail.sender(self.publication.name),
            headers={
                "Message-ID": message_id(f"issue-{self.issue.pk}", delivery.pk),
                "List-Id": list_id(self.publication.name),
                # RFC 2369 and RFC 8058: the mail program's own button posts to the first of these.
                "List-Unsubscribe": f"<{leave_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Precedence": "bulk",
                **AUTOMATIC,
            },
        )


def list_id(name: str) -> str:
    """Return the List-Id (RFC 2919). Only the phrase is encoded: encoding the whole would destroy the identifier."""
    phrase = mail.one_line(name).replace("\\", "").replace('"', "")
    shown = f'"{phrase}"' if phrase.isascii() else Header(phrase, "utf-8", maxlinelen=998).encode()
    return f"{shown} <posts.{settings.MAIL_DOMAIN}>"
