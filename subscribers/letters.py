"""An issue as mail: what all its readers share, and each reader's own part."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping
from email.header import Header
from email.utils import formatdate
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.db.models import prefetch_related_objects

from blog import mail
from blog.address import absolute
from blog.keys import Purpose
from blog.mail import AUTOMATIC, message_id, site
from blog.markup_mail import beginning, count_blocks, mail_html, mail_text, picture_in_mail
from blog.models import Post, Publication
from blog.routes import Ready, bare
from subscribers import links, visits
from subscribers.digest_matter import DigestMatter
from subscribers.letter_form import MARKS, Form, Slot, folded, letter_form
from subscribers.letter_matter import LetterMatter
from subscribers.models import Issue
from subscribers.return_addresses import ReturnAddresses
from subscribers.welcome_matter import WelcomeMatter

# One of the biggest providers shows the first 102 kB of a mail's HTML; what a reader's own links add is left free.
MOST_BYTES = 101_000
ALWAYS_FITS = 8_000  # characters of a post's HTML, which the style sheet makes ten times longer at the worst
FORMS_KEPT = 64  # texts of one issue that are kept filled in but for their readers: a digest has many


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
    """A post, whole, or as much of it as programs show."""

    template = "issue_post"

    def __init__(self, issue: Issue) -> None:
        post = issue.post
        assert post is not None  # noqa: S101  an issue whose post is gone is stopped before
        prefetch_related_objects([post], "bylines__author")
        text_html = mail_html(post.rendered_html, settings.SITE_URL)
        self._context: dict[str, Any] = {
            "post": post,
            "post_url": visits.marked(absolute(post.get_absolute_url())),
            "cover": picture_in_mail(post.cover),
            "text_html": text_html,
            "text": mail_text(post.source, settings.SITE_URL),
        }
        if len(text_html) > ALWAYS_FITS:
            self._shorten(post)

    def key(self, reader: Reader) -> Hashable:
        return None

    def context(self, key: Hashable) -> dict[str, Any]:
        return self._context

    def _shorten(self, post: Post) -> None:
        """Leave away as many of the last blocks as it takes. Costs a rendering, and about ten where that is needed."""
        marks = {slot.value: mark for slot, mark in MARKS.items()}
        context = {**self._context, "publication": Publication.load(), **marks, **site()}

        def is_too_long(blocks: int) -> bool:
            html = mail_html(beginning(post.source, blocks), settings.SITE_URL)
            changed = {**context, "text_html": html, "is_shortened": True}
            return len(mail.html_part(self.template, changed).encode()) > MOST_BYTES

        if len(mail.html_part(self.template, context).encode()) > MOST_BYTES:
            blocks = bisect_left(range(count_blocks(post.source)), True, key=is_too_long) - 1
            html = mail_html(beginning(post.source, max(blocks, 0)), settings.SITE_URL)
            self._context |= {"text_html": html, "is_shortened": True}


MATTERS: dict[str, Callable[[Issue], Matter]] = {
    Issue.Kind.POST: PostMatter,
    Issue.Kind.DIGEST: DigestMatter,
    Issue.Kind.WELCOME: WelcomeMatter,
    Issue.Kind.LETTER: LetterMatter,
}


class Letter:
    """The mail of one issue, made for one reader after the other. Several threads may share one."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.matter = MATTERS[issue.kind](issue)
        self.publication = Publication.load()
        self._sender = mail.sender(self.publication.name)
        self._leaving = links.unsubscribe_signer()
        self._managing = links.manage_signer()
        self._leaving_by_mail = ReturnAddresses(Purpose.LEAVE_BY_MAIL)
        self._bouncing = ReturnAddresses(Purpose.BOUNCE)
        self._form = lru_cache(maxsize=FORMS_KEPT)(self._make_form)

    def ready(self, reader: Reader, *, takes_bytes: bool) -> Ready:
        """Return the mail to one reader for a route: filled-in bytes, or Django's message where it wants that.

        The bytes take about 50 microseconds, once the first reader of the same text was served.
        """
        address = bare(reader.address)
        if not takes_bytes:
            return Ready(self.envelope_sender(reader), address, self.message(reader))
        form = self._form(self.matter.key(reader), reader.plain_text)
        return Ready(self.envelope_sender(reader), address, form.filled({**self._own(reader), Slot.TO: address}))

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        """Return the message to one reader, for a preview or another backend than a mail server's."""
        own = self._own(reader)
        return mail.compose(
            self.matter.template,
            self._context(self.matter.key(reader), own),
            to=reader.address,
            subject=self.issue.subject,
            sender=self.envelope_sender(reader),
            headers={
                "From": self._sender,
                "Message-ID": own[Slot.MESSAGE_ID],
                "Date": own[Slot.DATE],
                "List-Unsubscribe": "".join(own[part] if isinstance(part, Slot) else part for part in ways_to_leave()),
                **self._shared_headers(),
            },
            html=not reader.plain_text,
        )

    def envelope_sender(self, reader: Reader) -> str:
        """Return where servers report what they cannot deliver: an address of this delivery's own, if there are any."""
        return self._bouncing.of(reader.delivery) or bare(settings.DEFAULT_FROM_EMAIL)

    def _own(self, reader: Reader) -> dict[Slot, str]:
        """Return what is this reader's own, beside the address."""
        return {
            Slot.MESSAGE_ID: message_id(f"issue-{self.issue.pk}", reader.delivery),
            Slot.DATE: formatdate(),
            Slot.LEAVE: links.unsubscribe(self._leaving, reader.subscriber),
            Slot.LEAVE_BY_MAIL: self._leaving_by_mail.of(reader.subscriber),
            Slot.MANAGE: links.manage(self._managing, reader.subscriber, reader.address),
        }

    def _make_form(self, key: Hashable, plain_text: bool) -> Form:
        context = self._context(key, MARKS)
        template = self.matter.template
        sender = " ".join(sanitize_address(self._sender, "utf-8").split())
        shared = {name: mail.one_line(value) for name, value in self._shared_headers().items()}
        reply_to = {"Reply-To": sanitize_address(settings.REPLY_TO, "utf-8")} if settings.REPLY_TO else {}
        return letter_form(
            [
                ("From", [folded("From", sender)]),
                ("To", [Slot.TO]),
                ("Subject", [folded("Subject", mail.plain_words(self.issue.subject))]),
                ("Date", [Slot.DATE]),
                ("Message-ID", [Slot.MESSAGE_ID]),
                ("List-Unsubscribe", ways_to_leave(fold="\r\n")),
                *((name, [folded(name, value)]) for name, value in {**reply_to, **shared}.items()),
            ],
            mail.text_part(template, context),
            None if plain_text else mail.html_part(template, context),
        )

    def _context(self, key: Hashable, own: Mapping[Slot, str]) -> dict[str, Any]:
        return {
            **self.matter.context(key),
            "issue": self.issue,
            "publication": self.publication,
            "leave_url": own[Slot.LEAVE],
            "manage_url": own[Slot.MANAGE],
            **site(),
        }

    def _shared_headers(self) -> dict[str, str]:
        return {
            "List-Id": list_id(self.publication.name),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": f"{self.issue.pk}:{self.issue.kind}:list:byline",
            "Precedence": "bulk",
            **AUTOMATIC,
        }


def size_of(issue: Issue) -> int:
    """Return how many bytes of HTML a reader of the issue gets. Costs a rendering and a few queries."""
    message = Letter(issue).message(Reader(0, 0, settings.DEFAULT_FROM_EMAIL))
    return len(str(message.alternatives[0][0]).encode())


def ways_to_leave(fold: str = "") -> list[str | Slot]:
    """Return the parts of List-Unsubscribe (RFC 2369). A mail program's own button posts to the first (RFC 8058)."""
    if not settings.INBOUND_ADDRESS:
        return ["<", Slot.LEAVE, ">"]
    return ["<", Slot.LEAVE, f">,{fold} <mailto:", Slot.LEAVE_BY_MAIL, ">"]


def list_id(name: str) -> str:
    """Return the List-Id (RFC 2919). Only the phrase is encoded: encoding the whole would destroy the identifier."""
    phrase = mail.plain_words(name).replace("\\", "").replace('"', "")
    shown = f'"{phrase}"' if phrase.isascii() else Header(phrase, "utf-8", maxlinelen=998).encode()
    return f"{shown} <posts.{settings.MAIL_DOMAIN}>"
