"""What mail providers post, through django-anymail's own views: heard with the secret, and about our mails alone."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from blog.mail import message_id
from blog.routes import BackendRoute, ready
from operations import checks
from subscribers.inbound import provider
from subscribers.models import Bounce, Delivery, Subscriber
from tests.subscribers.inbound.mails import LIST, bounce_address, make_delivery

pytestmark = pytest.mark.django_db

SECRET = "provider:0123456789abcdef"
OTHER = "<issue-1.999999@elsewhere.example>"


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.subscribers.inbound.provider_addresses"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.INBOUND_ADDRESS = LIST


@pytest.fixture
def delivery() -> Delivery:
    return make_delivery()


def our_id(delivery: Delivery) -> str:
    return message_id(f"issue-{delivery.issue_id}", delivery.pk)


def post(name: str, payload: Any, secret: str = SECRET) -> int:
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    address = f"/webhooks/mail/{name}/tracking/"
    return Client().post(address, json.dumps(payload), "application/json", headers=headers).status_code


def postmark(kind: str, delivery: Delivery, words: str = "smtp;550 5.1.1 No such user") -> dict[str, Any]:
    return {
        "RecordType": "SpamComplaint" if kind == "SpamComplaint" else "Bounce",
        "Type": kind,
        "ID": 4323372036854775807,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "victim@example.org",
        "Details": words,
        "BouncedAt": "2026-12-01T16:33:54.0Z",
        "Metadata": {"message-id": our_id(delivery)},
    }


def brevo(event: str, delivery: Delivery, reason: str = "550 5.0.0 refused") -> dict[str, Any]:
    return {
        "event": event,
        "email": "victim@example.org",
        "id": 26224,
        "date": "2026-12-01 10:00:00",
        "message-id": our_id(delivery),
        "ts_epoch": 1780000000000,
        "reason": reason,
    }


@pytest.mark.parametrize("secret", ["", "provider:wrong-and-long-enough", "provider:", SECRET[:-1]])
@pytest.mark.parametrize("name", ["postmark", "brevo"])
def test_without_the_secret_nothing_is_heard(delivery: Delivery, name: str, secret: str) -> None:
    payload = postmark("HardBounce", delivery) if name == "postmark" else brevo("hard_bounce", delivery)

    assert post(name, payload, secret) == 400
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(
    ("kind", "noted"),
    [
        ("HardBounce", "hard"),
        ("SoftBounce", "soft"),
        ("BadEmailAddress", "hard"),
        ("SpamComplaint", "complaint"),
        ("SpamNotification", "complaint"),
        ("Transient", None),
        ("AutoResponder", None),
        ("Blocked", None),
        ("Unknown", None),
    ],
)
def test_what_postmark_tells(delivery: Delivery, kind: str, noted: str | None) -> None:
    assert [post("postmark", postmark(kind, delivery)) for _ in range(2)] == [200, 200]

    kept = [(bounce.delivery, bounce.kind, bounce.source) for bounce in Bounce.objects.all()]
    assert kept == ([(delivery, noted, "provider")] if noted else [])


@pytest.mark.parametrize(
    ("event", "noted"),
    [
        ("hard_bounce", "hard"),
        ("soft_bounce", "soft"),
        ("invalid_email", "hard"),
        ("spam", "complaint"),
        ("blocked", None),
        ("deferred", None),
        ("delivered", None),
        ("unsubscribe", None),
    ],
)
def test_what_brevo_tells(delivery: Delivery, event: str, noted: str | None) -> None:
    assert post("brevo", brevo(event, delivery)) == 200

    assert list(Bounce.objects.values_list("kind", flat=True)) == ([noted] if noted else [])


def test_a_providers_bounce_does_to_the_reader_what_any_other_does(delivery: Delivery) -> None:
    post("postmark", postmark("HardBounce", delivery))

    assert Bounce.objects.get().status == "5.1.1"
    assert delivery.subscriber
    assert Subscriber.objects.get(pk=delivery.subscriber.pk).status == Subscriber.Status.SUPPRESSED


def test_mails_of_others_and_nonsense_change_nothing(delivery: Delivery) -> None:
    told_by_the_mailbox = f"550 no such mail {our_id(delivery)}"
    payloads = [
        brevo("hard_bounce", delivery) | {"message-id": OTHER},
        brevo("hard_bounce", delivery, told_by_the_mailbox) | {"message-id": "<x@brevo.example>"},
        brevo("hard_bounce", delivery) | {"message-id": f"<issue-1.{10**17}@localhost>"},
        brevo("hard_bounce", delivery) | {"message-id": None, "sender": f"list+b{delivery.pk}-{'a' * 26}@example.org"},
    ]

    assert [post("brevo", payload) for payload in payloads] == [200] * 4
    assert not Bounce.objects.exists()


def test_only_what_the_provider_was_given_names_the_delivery(delivery: Delivery) -> None:
    def named(**values: Any) -> int | None:
        event = SimpleNamespace(**{"esp_event": {}, "metadata": {}, "message_id": None, **values})
        return provider.number(event)

    ours, address = our_id(delivery), bounce_address(delivery)

    assert named(message_id=ours) == delivery.pk
    assert named(metadata={"message-id": ours.strip("<>")}) == delivery.pk
    assert named(esp_event={"event-data": {"message": {"headers": {"Message-Id": ours}}}}) == delivery.pk
    assert named(esp_event={"mail": {"headers": [{"name": "Message-ID", "value": ours}]}}) == delivery.pk
    assert named(esp_event={"mail": {"source": address}}) == delivery.pk
    assert named(esp_event={"reason": ours, "diagnostic": address}) is None
    assert named(esp_event=["x", {"a": [[[[[[[{"message-id": ours}]]]]]]]}]) is None
    assert named(message_id="<notice.1@localhost>") is None


def test_a_provider_has_one_address_and_none_for_incoming_mail() -> None:
    assert [str(pattern.pattern) for pattern in provider.addresses("postmark")] == ["postmark/tracking/"]
    assert provider.addresses("nobody") == []


class Provider:
    """A backend that looks like one of django-anymail's."""

    __module__ = "anymail.backends.postmark"

    def open(self) -> None:
        pass


def test_a_provider_is_given_our_message_id_to_hand_back(settings: Any) -> None:
    sent = []
    backend: Any = Provider()
    backend.send_messages = sent.extend
    settings.MAIL_PROVIDER = "postmark"

    message = EmailMessage("Hello", "Hello", "a@example.org", ["b@example.org"], headers={"Message-ID": "<x@y>"})
    BackendRoute(backend).send(ready(message))

    assert [mail.metadata for mail in sent] == [{"message-id": "<x@y>"}]


def test_a_provider_without_a_secret_is_warned_about(settings: Any) -> None:
    settings.MAIL_PROVIDER, settings.WEBHOOK_SECRET = "postmark", ""
    assert [message.id for message in checks.check_provider()] == ["byline.W003"]

    settings.WEBHOOK_SECRET = SECRET
    assert checks.check_provider() == []
