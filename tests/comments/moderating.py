"""What the tests of moderation share."""

from typing import Any

from django.test import Client

from accounts.models import User
from comments.models import Action, Comment
from tests.factories import make_person

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
