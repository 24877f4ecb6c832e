"""An issue as mail: what all its readers share, and each reader's own part."""

from collections.abc import Callable, Hashable
from email.header import Header
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects

from blog import mail
from blog.address import absolute
from blog.keys import Purpose
from blog.mail import AUTOMATIC, message_id, site
from blog.markup import absolute_html, absolute_links
from blog.models import Publication
from subscribers import links, visits
from subscribers.models import Issue
from subscribers.return_addresses import ReturnAddresses


class Reader(NamedTuple):
    """To whom a delivery goes."""

    delivery: int  # number of the row
    subscriber: int
    address: str
    plain_text: bool = False


class Matter(Protocol):
    """What an issue says. Readers with the same key are told the same, in the words of one template."""

    template: str  # mail/<template>.html and .txt

    def key(self, reader: Reader) -> Hashable:
        """Return what decides which text this reader gets; None where there is one for all."""

    def context(self, key: Hashable) -> dict[str, Any]:
        """Return what the template needs to know, beside the publication, the site and the reader's links."""


class PostMatter:
    """A post, whole."""

    template = "issue_post"

    def __init__(self, issue: Issue) -> None:
        post = issue.post
        assert post is not None  # noqa: S101  an issue whose post is gone is stopped before
        prefetch_related_objects([post], "bylines__author")
        self._context = {
            "post": post,
            "post_url": visits.marked(absolute(post.get_absolute_url())),
            "cover_url": absolute(post.cover.file.url) if post.cover else "",
            "text_html": absolute_html(post.rendered_html, settings.SITE_URL),
            "text": absolute_links(post.source, settings.SITE_URL),
        }

    def key(self, reader: Reader) -> Hashable:
        return None

    def context(self, key: Hashable) -> dict[str, Any]:
        return self._context


MATTERS: dict[str, Callable[[Issue], Matter]] = {Issue.Kind.POST: PostMatter}


class Letter:
    """The mail of one issue, made for one reader after the other."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.matter = MATTERS[issue.kind](issue)
        self.publication = Publication.load()
        self._leaving = links.unsubscribe_signer()
        self._leaving_by_mail = ReturnAddresses(Purpose.LEAVE_BY_MAIL)

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        """Return the message to one reader."""
        leave_url = links.unsubscribe(self._leaving, reader.subscriber)
        context = {
            **self.matter.context(self.matter.key(reader)),
            "issue": self.issue,
            "publication": self.publication,
            "leave_url": leave_url,
            **site(),
        }
        return mail.compose(
            self.matter.template,
            context,
            to=reader.address,
            subject=self.issue.subject,
            sender=mail.sender(self.publication.name),
            headers={
                "Message-ID": message_id(f"issue-{self.issue.pk}", reader.delivery),
                "List-Id": list_id(self.publication.name),
                **self._ways_to_leave(leave_url, reader),
                "Precedence": "bulk",
                **AUTOMATIC,
            },
        )

    def _ways_to_leave(self, leave_url: str, reader: Reader) -> dict[str, str]:
        """RFC 2369 and RFC 8058: the mail program's own button posts to the first of these."""
        by_mail = self._leaving_by_mail.of(reader.subscriber)
        return {
            "List-Unsubscribe": f"<{leave_url}>, <mailto:{by_mail}>" if by_mail else f"<{leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


def list_id(name: str) -> str:
    """Return the List-Id (RFC 2919). Only the phrase is encoded: encoding the whole would destroy the identifier."""
    phrase = mail.one_line(name).replace("\\", "").replace('"', "")
    shown = f'"{phrase}"' if phrase.isascii() else Header(phrase, "utf-8", maxlinelen=998).encode()
    return f"{shown} <posts.{settings.MAIL_DOMAIN}>"
