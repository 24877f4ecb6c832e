"""What a mail provider tells of single mails, by django-anymail: bounces and complaints.

The secret in the address it posts to is the proof that it is the provider. Which delivery it means is read from the
Message-ID that we gave the mail, and from nothing that a reader's mail server could have written.
"""

import importlib
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import URLPattern

from blog.keys import Purpose
from subscribers import bouncing
from subscribers.models import Bounce, Delivery
from subscribers.return_addresses import read

logger = logging.getLogger(__name__)

# Where providers keep the headers and the envelope of the mail that they were given, in whatever letters.
MESSAGE_ID_NAMES = frozenset({"message-id", "message_id", "messageid", "smtp-id", "smtp_id"})
SENDER_NAMES = frozenset({"source", "sender", "return-path", "mail_from", "envelope_from", "msg_from"})
DEEPEST = 6

# anymail's words: what the provider tried and the other side refused for good, or what it will not even try again.
REFUSALS = frozenset({"bounced", "rejected"})
FOR_NOW = frozenset({"timed_out", "blocked", "other"})  # reasons that say nothing about the mailbox itself
NO_NEWS = frozenset({"unsubscribed", "spam"})  # they left, or complained, earlier: that was told then
KIND_NAMES = frozenset({"type", "event", "bounce_type", "bouncetype", "severity"})
SOFT_WORDS = re.compile(r"soft[\w ]*|transient|temporary", re.IGNORECASE)


def addresses(provider: str) -> list[URLPattern]:
    """Return the address that this provider posts to, and have what it says heard.

    It is one of anymail's own, by anymail's name: postmark/tracking/. Needs the package (the extra `anymail`).
    """
    known = importlib.import_module("anymail.urls").urlpatterns
    importlib.import_module("anymail.signals").tracking.connect(hear, dispatch_uid="subscribers.provider")
    names = {f"{provider}_tracking_webhook", f"{provider}_webhook"}
    return [pattern for pattern in known if pattern.name in names and "inbound" not in pattern.name]


def hear(sender: object, event: Any, esp_name: str, **kwargs: object) -> None:
    """Note a bounce or complaint. Receiver of anymail's `tracking` signal; an error here makes the provider repeat."""
    kind = kind_of(event)
    if kind is None:
        return
    named = number(event)
    delivery = None if named is None else Delivery.objects.filter(pk=named).first()
    if delivery is None:
        logger.info("%s tells of a mail that is no delivery of ours.", esp_name)
        return
    words = str(event.mta_response or event.description or "")
    bouncing.note(delivery, kind, Bounce.Source.PROVIDER, words=words[:2000])


def kind_of(event: Any) -> str | None:
    """Say what an event of anymail's is to us; None for what is no bounce and no complaint."""
    if event.event_type == "complained":
        return Bounce.Kind.COMPLAINT
    if event.event_type not in REFUSALS or event.reject_reason in NO_NEWS:
        return None
    if event.event_type == "rejected" and event.reject_reason not in {"bounced", "invalid"}:
        return None
    return Bounce.Kind.SOFT if event.reject_reason in FOR_NOW or is_soft(event.esp_event) else Bounce.Kind.HARD


def is_soft(payload: object) -> bool:
    """Say whether the provider itself calls a bounce soft; anymail has one word for both."""
    kinds = [(name.lower(), value) for name, value in named_values(payload)]
    words = (value for name, value in kinds if name in KIND_NAMES and isinstance(value, str))
    return ("hard_bounce", False) in kinds or any(SOFT_WORDS.fullmatch(word) for word in words)


def number(event: Any) -> int | None:
    """Return the number of the delivery that an event is about."""
    ours = re.compile(rf"<?issue-\d+\.(\d{{1,18}})@{re.escape(settings.MAIL_DOMAIN)}>?", re.ASCII)
    given = [(str(name).lower(), value) for name, value in named_values(event.esp_event)]
    given += [(str(name).lower(), value) for name, value in (event.metadata or {}).items()]
    given.append(("message-id", event.message_id))
    for name, value in given:
        if name in MESSAGE_ID_NAMES and isinstance(value, str) and (found := ours.fullmatch(value.strip())):
            return int(found[1])
    for name, value in given:
        meant = read(value.strip(" <>")) if name in SENDER_NAMES and isinstance(value, str) else None
        if meant is not None and meant.purpose == Purpose.BOUNCE:
            return meant.number
    return None


def named_values(payload: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield what an event of a provider's holds, of any depth, with its name: of a mail's headers their own."""
    if depth > DEEPEST:
        return
    if isinstance(payload, Mapping):
        if isinstance(payload.get("name", payload.get("Name")), str):
            yield str(payload.get("name", payload.get("Name"))), payload.get("value", payload.get("Value"))
        for name, value in payload.items():
            yield str(name), value
            yield from named_values(value, depth + 1)
    elif isinstance(payload, list):
        for value in payload[:100]:
            yield from named_values(value, depth + 1)
