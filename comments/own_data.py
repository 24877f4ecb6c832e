"""Everything that is held under an address, for its owner to read and to take along."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from blog.address import absolute
from comments.models import Comment, Commenter

STATES = {
    Comment.Status.WAITING: _("It waits for a person to read it."),
    Comment.Status.SPAM: _("It waits for a person to read it."),  # as on its own page: who sends spam learns nothing
    Comment.Status.APPROVED: _("It is on the page."),
    Comment.Status.REMOVED: _("It was not published, or taken off the page."),
}


def export(commenter: Commenter) -> dict[str, Any]:
    """Return what is held under the address, in words and numbers that JSON knows; times are ISO 8601, in UTC.

    Left out are digests, which say nothing to anybody without this site's key, and what the spam filter thinks.
    """
    comments = commenter.comments.select_related("post").order_by("created_at", "pk")
    return {
        "address": commenter.email,
        "first_wrote": moment(commenter.created_at),
        "confirmed": moment(commenter.confirmed_at),
        "wants_no_mail_since": moment(commenter.muted_at),
        "last_mail_on_asking": moment(commenter.asked_at),
        "mails_on_asking": commenter.times_asked,
        "comments": [comment_as_data(comment) for comment in comments],
        "follows": [
            {
                "post": absolute(follow.post.get_absolute_url()),
                "about": follow.scope,
                "asked": moment(follow.asked_at),
                "confirmed": moment(follow.confirmed_at),
                "ended": moment(follow.ended_at),
            }
            for follow in commenter.follows.select_related("post")
        ],
        "mails": [
            {"kind": mail.kind, "state": mail.state, "written": moment(mail.created_at), "sent": moment(mail.sent_at)}
            for mail in commenter.mails.all()
        ],
    }


def comment_as_data(comment: Comment) -> dict[str, Any]:
    return {
        "number": comment.pk,
        "post": absolute(comment.post.get_absolute_url()),
        "answers": comment.parent_id,
        "name": comment.name,
        "address": comment.email,
        "website": comment.website,
        "text": comment.source,
        "state": str(STATES[Comment.Status(comment.status)]),
        "written": moment(comment.created_at),
        "first_shown": moment(comment.published_at),
        "edited": moment(comment.edited_at),
        "thumbs_up": comment.thumbs,
    }


def moment(value: Any) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
