"""The mails to moderators. One function makes each; whoever called it sends it.

What readers wrote is in them as sanitised HTML, and in the text part as a quotation: no line of a comment can be taken
for one of the mail's own.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from blog import mail
from blog.address import absolute, absolute_reverse
from blog.mail import AUTOMATIC, message_id, site
from blog.markup import absolute_comment_html, clean_source, shorten
from blog.models import Publication
from comments import reasons
from comments.models import Comment, ConversationMail
from comments.moderation_links import LABELS, LASTS, OUTCOMES, Maker

MOST_LISTED = 20  # comments in one digest
MOST_COUNTED = 1000  # beyond it the mail says "1000+", so that a flood costs a mail no more
EXCERPT = 300  # characters of a comment in a digest


def about_one(comment: Comment, person: User) -> EmailMultiAlternatives:
    """Tell a moderator of one comment: all of it, why it is held, and a link for each verb."""
    publication = Publication.load()
    context = {
        **shared(publication, person),
        "comment": comment,
        "told": told(comment, Maker(person)),
        "text_html": absolute_comment_html(comment.rendered_html, settings.SITE_URL),
        "quoted": quoted(comment.source),
        "answered": shorten(mail.one_line(comment.parent.source), EXCERPT) if comment.parent else "",
        "answered_name": mail.one_line(comment.parent.name) if comment.parent else "",
    }
    # The mails about comments that answer one another are one conversation in the mail program, too.
    thread = {"In-Reply-To": identifier(person, comment.parent_id)} if comment.parent_id else {}
    return mail.compose(
        "moderation_held",
        context,
        to=person.email,
        subject=_("%(name)s on “%(title)s” waits for you") % {"name": comment.name, "title": comment.post.title},
        sender=mail.sender(publication.name),
        headers={"Message-ID": identifier(person, comment.pk), **thread, **AUTOMATIC},
    )


def about_all(row: ConversationMail, person: User) -> EmailMultiAlternatives:
    """Tell a moderator how much waits, with the newest of it: how each begins, and its links."""
    publication, make = Publication.load(), Maker(person)
    number = Comment.objects.waiting()[: MOST_COUNTED + 1].count()
    newest = Comment.objects.waiting().select_related("post").order_by("-created_at", "-pk")[:MOST_LISTED]
    context = {
        **shared(publication, person),
        "waiting": counted(number),
        "listed": [told(comment, make) for comment in newest],
        "more": number > MOST_LISTED,
        "reported": Comment.objects.approved().filter(reports__gt=0)[:MOST_COUNTED].count(),
    }
    subject = ngettext("%(number)s comment waits at %(name)s", "%(number)s comments wait at %(name)s", number)
    return mail.compose(
        "moderation_digest",
        context,
        to=person.email,
        subject=subject % {"number": counted(number), "name": publication.name},
        sender=mail.sender(publication.name),
        headers={"Message-ID": message_id("moderation-digest", row.pk), **AUTOMATIC},
    )


def shared(publication: Publication, person: User) -> dict[str, Any]:
    return {
        "publication": publication,
        "person": person,
        "days": LASTS.days,
        "queue_url": absolute_reverse("moderation"),
        "notices_url": absolute_reverse("moderation_notices"),
        **site(),
    }


def told(comment: Comment, make: Maker) -> dict[str, Any]:
    """Return what a mail says of a comment beside its text."""
    return {
        "comment": comment,
        "name": mail.one_line(comment.name),
        "post_url": absolute(comment.post.get_absolute_url()),
        "excerpt": shorten(mail.one_line(comment.source), EXCERPT),
        "reasons": reasons.sentences(comment.held_for),
        "links": [(LABELS[verb], absolute(make.path(verb, comment))) for verb in OUTCOMES],
    }


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in clean_source(text).splitlines())


def identifier(person: User, comment: int) -> str:
    return message_id(f"held-{person.pk}", comment)


def counted(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
