"""What the tests of moderation share."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.models import User
from comments.models import Action, Comment, NoticePreference
from tests.factories import make_comment, make_person, make_post

QUEUE = "/admin/moderation/"


def signed_in(client: Client, name: str = "") -> User:
    """Sign a new moderator in."""
    moderator = make_person("Moderator", name)
    client.force_login(moderator)
    return moderator


def decide(client: Client, comment: Comment, verb: str, **values: Any) -> Any:
    """Press a comment's button, as it stood on the page; return the page that follows."""
    data = {"verb": verb, "was": comment.status, **values}
    return client.post(f"{QUEUE}{comment.pk}/", data, follow=True)


def decide_many(client: Client, comments: list[Comment], verb: str, query: str = "") -> Any:
    """Tick these comments, as they stood on the page, and press a button for all of them."""
    ticked = [f"{comment.pk}:{comment.status}" for comment in comments]
    return client.post(f"{QUEUE}many/{query}", {"verb": verb, "comment": ticked}, follow=True)


def undo(client: Client, action: Action | None = None, **options: Any) -> Any:
    """Undo an action, the latest if none is named."""
    action = action or Action.objects.latest("pk")
    return client.post(f"{QUEUE}actions/{action.pk}/undo/", follow=True, **options)


def ask(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    """Post as the page's script does; return the answer."""
    return client.post(f"{QUEUE}{path}", data or {}, headers={"Accept": "application/json"})


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


def make_waiting(number: int = 1, **values: Any) -> list[Comment]:
    post = make_post()
    return [make_comment(post, **{"status": "waiting", **values}) for _ in range(number)]


def make_moderator(pace: str = "now", **values: Any) -> User:
    person = make_person("Moderator", **values)
    NoticePreference.objects.create(user=person, pace=pace)
    return person


def told() -> list[tuple[str, str]]:
    """What was sent: to whom, and about what."""
    return [(message.to[0].partition("@")[0], message.subject) for message in mail.outbox]


def parse(message: EmailMultiAlternatives) -> EmailMessage:
    """Read a mail as a mail program does."""
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def parts(message: EmailMultiAlternatives) -> tuple[str, str]:
    parsed = parse(message)
    return tuple(parsed.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr,return-value]
