"""The mails to commenters. One function makes each; whoever called it sends it.

Each takes a row whose commenter and comment have just been read (comments/mails.py). What somebody typed into the form
is only in mails to addresses whose owners have confirmed them.
"""

from html import unescape
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from blog import mail
from blog.address import absolute
from blog.mail import AUTOMATIC, message_id, one_line, site
from blog.markup import absolute_comment_html, absolute_links, shorten
from blog.models import Publication
from comments import links
from comments.models import Comment, Commenter, ConversationMail

LONGEST_QUOTATION = 300  # characters of what is answered


def confirmation(row: ConversationMail) -> EmailMultiAlternatives:
    """Ask the owner of an address whether they wrote a comment. Holds nothing that its writer typed."""
    publication, commenter, comment = Publication.load(), addressee(row), subject_of(row)
    context = {
        "title": one_line(comment.post.title),
        "confirm_url": links.confirmation(commenter),
        "days": links.CONFIRMATION_LASTS.days,
    }
    subject = _("Confirm your address for %(name)s") % {"name": publication.name}
    headers = {"Message-ID": message_id("asked", row.pk)}
    return compose("conversation_confirm", publication, context, commenter, subject, headers)


def link(row: ConversationMail) -> EmailMultiAlternatives:
    """Bring the owner of an address the link to their own page. Holds nothing that anybody typed."""
    publication, commenter = Publication.load(), addressee(row)
    context = {
        "yours_url": links.yours(commenter),
        "days": links.YOURS_LASTS.days,
        "waiting": commenter.follows.pending().count(),
    }
    subject = _("Your comments at %(name)s") % {"name": publication.name}
    headers = {"Message-ID": message_id("link", row.pk)}
    return compose("conversation_link", publication, context, commenter, subject, headers)


def answer(row: ConversationMail) -> EmailMultiAlternatives:
    """Tell a follower of a new comment: who wrote it, what it answers, and all of it."""
    commenter, comment = addressee(row), subject_of(row)
    stop_url = links.unfollow(commenter.follows.get(post=comment.post))
    context = {
        "title": one_line(comment.post.title),
        "writer": one_line(comment.name),
        "to_me": comment.parent is not None and comment.parent.commenter_id == commenter.pk,
        "answered": answered(comment),
        "answer_url": absolute(comment.get_absolute_url()),
        "answer_html": absolute_comment_html(comment.rendered_html, settings.SITE_URL),
        "answer_lines": absolute_links(comment.source, settings.SITE_URL).splitlines(),
        "stop_url": stop_url,
    }
    headers = {
        **thread_headers(comment, commenter),
        # RFC 2369 and RFC 8058: the mail program's own button posts to the first of these.
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    # The same for all mails about a post: mail programs show them as one conversation.
    subject = _("Re: %(title)s") % {"title": comment.post.title}
    return compose("conversation_answer", Publication.load(), context, commenter, subject, headers)


def answered(comment: Comment) -> dict[str, Any] | None:
    """Return whose words a comment answers and how they begin, if they are on the page."""
    parent = comment.parent
    if parent is None or parent.status != Comment.Status.APPROVED:
        return None
    text = one_line(unescape(strip_tags(parent.rendered_html)))
    return {"name": one_line(parent.name), "text": shorten(text, LONGEST_QUOTATION)}


def thread_headers(comment: Comment, commenter: Commenter) -> dict[str, str]:
    """Return what makes the mails about one post a thread in the reader's mail program (RFC 5322 section 3.6.4).

    Each mail answers the one about the comment above, if this reader got that, or else a first one that never was.
    """
    root = message_id("conversation", f"{comment.post_id}-{commenter.pk}")
    above = ConversationMail.objects.filter(
        kind=ConversationMail.Kind.ANSWER, commenter=commenter, comment=comment.parent_id or 0
    )
    sent = above.filter(state=ConversationMail.State.SENT).exists()
    parents = [root, about(comment.parent_id, commenter)] if sent else [root]
    return {
        "Message-ID": about(comment.pk, commenter),
        "In-Reply-To": parents[-1],
        "References": " ".join(parents),
    }


def about(comment: int | None, commenter: Commenter) -> str:
    return message_id("answer", f"{comment}-{commenter.pk}")


def addressee(row: ConversationMail) -> Commenter:
    assert row.commenter is not None  # noqa: S101  else the row was skipped
    return row.commenter


def subject_of(row: ConversationMail) -> Comment:
    assert row.comment is not None  # noqa: S101  else the row was skipped
    return row.comment


def compose(
    template: str,
    publication: Publication,
    context: dict[str, Any],
    commenter: Commenter,
    subject: str,
    headers: dict[str, str],
) -> EmailMultiAlternatives:
    return mail.compose(
        template,
        {"publication": publication, **context, **site()},
        to=commenter.email,
        subject=subject,
        sender=mail.sender(publication.name),
        headers={**headers, **AUTOMATIC},
    )
