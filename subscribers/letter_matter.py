"""What a letter says: an issue that somebody wrote by hand, with no post behind it."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from blog.markup_mail import mail_html, mail_text
from subscribers.models import Issue

if TYPE_CHECKING:
    from subscribers.letters import Reader


class LetterMatter:
    """The subject, and the text that was rendered when it was saved; pictures and links with whole addresses."""

    template = "issue_letter"

    def __init__(self, issue: Issue) -> None:
        self._context = {
            "text_html": mail_html(issue.rendered_html, settings.SITE_URL),
            "text": mail_text(issue.source, settings.SITE_URL),
        }

    def key(self, reader: "Reader") -> Hashable:
        return None

    def context(self, key: Hashable) -> dict[str, Any]:
        return self._context
