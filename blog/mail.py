"""Composing and sending mails. One function elsewhere makes each message; what all of them share is here."""

import logging
import re
from collections.abc import Callable, Mapping
from email.charset import QP, Charset
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

from blog import routes, themes
from blog.address import absolute_reverse
from blog.models import QueuedMail
from blog.models.mail import QueuedMailQuerySet
from blog.routes import Outcome, Route, Unreachable, Verdict, open_route

logger = logging.getLogger(__name__)

BATCH = 100  # single mails looked at in one go

# RFC 3834 section 5: nobody's holiday reply should answer these.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


# Mails are 7-bit, whatever they say: no server on the way has to offer more, and none re-encodes what was signed.
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP


JOINERS = "\u200c\u200d"  # within words of some languages, and within pictures of several people
ENCODED_WORD = re.compile(r"=\?(?=[^?\s]+\?[bq]\?)", re.IGNORECASE)  # where one begins (RFC 2047 section 2)


def compose(
    template: str,
    context: dict[str, Any],
    *,
    to: str,
    subject: str,
    sender: str,
    headers: Mapping[str, str],
    html: bool = True,
) -> EmailMultiAlternatives:
    """Make a message from `mail/<template>.txt` and, with `html`, a second part from `.html`.

    Every header value loses its line breaks, so that no title or name can begin a header of its own.
    """
    message = EmailMultiAlternatives(
        subject=plain_words(subject),
        body=text_part(template, context),
        from_email=sender,
        to=[to],
        reply_to=[settings.REPLY_TO] if settings.REPLY_TO else None,
        headers={name: one_line(value) for name, value in headers.items()},
    )
    message.encoding = SEVEN_BIT  # the way of Django's documentation
    if html:
        message.attach_alternative(html_part(template, context), "text/html")
    return message


def text_part(template: str, context: dict[str, Any]) -> str:
    return render_to_string(f"mail/{template}.txt", context).strip() + "\n"


def html_part(template: str, context: dict[str, Any]) -> str:
    """Render a mail's HTML, with the style sheet in its tags."""
    return inline_styles(render_to_string(f"mail/{template}.html", context)).strip() + "\n"


def message_id(kind: str, number: int | str) -> str:
    """Return the same identifier for the same row at every try, so that a second copy can be recognised as one."""
    return f"<{kind}.{number}@{settings.MAIL_DOMAIN}>"


def site() -> dict[str, str]:
    """What every mail's template knows of the site beside its publication."""
    return {"site_url": absolute_reverse("home")}


def one_line(text: str) -> str:
    """Return the text with every run of white space and control characters as one space."""
    return " ".join("".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in text).split())


def plain_words(text: str) -> str:
    """Return the text as one line that no program decodes: somebody may write what looks like an encoded word."""
    return ENCODED_WORD.sub("= ?", one_line(text))


def sender(name: str) -> str:
    """Return the From header: the publication's name, and the address in DEFAULT_FROM_EMAIL."""
    if "<" in settings.DEFAULT_FROM_EMAIL:
        return str(settings.DEFAULT_FROM_EMAIL)
    quoted = plain_words(name).replace("\\", "").replace('"', "")
    return f'"{quoted}" <{settings.DEFAULT_FROM_EMAIL}>'


def style_sheet() -> str:
    """The style sheet of mails in the theme's colours."""
    path = finders.find("css/mail.css")
    return themes.active().resolve(Path(path).read_text(), "light") if isinstance(path, str) else ""


def inline_styles(html: str) -> str:
    """Put the mail style sheet into the tags, for the clients that drop style elements.

    The one place where HTML is edited after the sanitiser. It adds style attributes that this project wrote, and
    tests/blog/test_mail_styles.py holds that it changes nothing else.
    """
    import css_inline  # 3 MB of memory that no web process needs

    inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False, extra_css=style_sheet())
    return str(inliner.inline(html))


def send_due(rows: QueuedMailQuerySet, send_claimed: Callable[[Any, Route], bool], stopped: Callable[[], bool]) -> int:
    """Claim and send the mails among `rows` that are due; return how many a server took.

    Safe to run in several places at once. `send_claimed` looks whether there is still a reason to send the row that was
    claimed for it, and sends it with `send`.
    """
    rows.note_lost_senders()
    sent = 0
    with open_route() as lent:
        for row in rows.due().order_by("pk")[:BATCH]:
            if stopped():
                break
            if row.claim():
                sent += send_claimed(row, lent)
    return sent


def send(row: QueuedMail, compose_message: Callable[[], EmailMessage], route: Route) -> bool:
    """Send the message of a row that this process has claimed, and record in the row what came of it.

    Return whether the server took it. Raises nothing for what may happen to a single mail: a refusal, a broken
    connection, a text that cannot be made each have a state of their own, and the next row has its turn.
    """
    try:
        ready = routes.ready(compose_message())
    except Exception as error:
        logger.exception("A mail could not be made: %r %s", row, row.pk)
        row.fail(f"The message could not be made: {error}")
        return False
    try:
        route.open()
    except Unreachable as error:
        row.put_back(f"No connection: {error}")
        return False
    return row.begin() and record(row, route.send(ready))


def record(row: QueuedMail, verdict: Verdict) -> bool:
    """Write into a row what came of handing it over; return whether the server took it."""
    match verdict.outcome:
        case Outcome.TAKEN:
            return row.succeed()
        case Outcome.LATER | Outcome.BROKE:
            row.retry(str(verdict))
        case Outcome.LOST:
            row.lose_track(str(verdict))
        case _:
            row.fail(str(verdict))
    return False
