"""What the welcome says: the words of the staff, and the newest posts."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from blog.markup_mail import mail_html, mail_text
from blog.models import Post
from subscribers.digest_matter import line
from subscribers.models import Issue

if TYPE_CHECKING:
    from subscribers.letters import Reader

NEWEST = 3  # posts


class WelcomeMatter:
    """The same for everybody whom one pass of the sender greets. Costs four queries."""

    template = "issue_welcome"

    def __init__(self, issue: Issue) -> None:
        posts = list(Post.objects.listed().for_lists()[:NEWEST])
        self._context = {
            "text_html": mail_html(issue.rendered_html, settings.SITE_URL),
            "text": mail_text(issue.source, settings.SITE_URL),
            "posts": posts,
            "lines": [line(post) for post in posts],
        }

    def key(self, reader: "Reader") -> Hashable:
        return None

    def context(self, key: Hashable) -> dict[str, Any]:
        return self._context
