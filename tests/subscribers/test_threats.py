"""Threats to the mails and links of a subscription that no single page can answer for (T5, T9, T28, T39).

T6 is in test_unsubscribe.py, T8 in test_manage.py and tests/comments/test_threats.py, T17 in test_subscribe.py, T20 in
test_subscribing_at_once.py.
"""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import consent, links, newsletter, notices, welcome
from subscribers.models import Issue, Notice, Subscriber
from tests.factories import make_author, make_issue, make_post, make_subscriber, make_tag
from tests.subscribers.everything import everything

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
LOOKERS: list[dict[str, str]] = [
    {},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)", "Accept": "*/*"},
]


def mails_of_each_kind(settings: Any) -> list[Any]:
    """Have the list send one mail of each kind, in its usual way."""
    settings.INBOUND_ADDRESS = "list@example.org"
    tag = make_tag()
    post = make_post(authors=[make_author("Kim")], tags=[tag])
    Client().post("/subscribe/", {"email": "new@example.org", "place": "post"})
    ann = make_subscriber("ann@example.org")
    for kind, address in [("already", ""), ("manage", ""), ("new", "moved@example.org"), ("old", "ann@example.org")]:
        Notice.objects.create(subscriber=ann, kind=kind, address=address)
    Subscriber.objects.filter(pk=ann.pk).update(new_email="moved@example.org")
    notices.send_due()
    make_issue(post)
    Issue.draft("A letter", "Hello. [About](/pages/about/)", None).schedule(timezone.now())
    welcome.switch_on(welcome.write("Welcome", "Hello.", None))
    welcome.greet(ann)
    make_subscriber("weekly@example.org", cadence="weekly")
    week = {"period_start": timezone.now() - 7 * DAY, "period_end": timezone.now() + DAY}
    Issue.objects.create(kind="digest", cadence="weekly", subject="The week", send_at=timezone.now(), **week)
    newsletter.run_once()
    assert set(Issue.objects.exclude(deliveries__state="sent").values_list("kind", flat=True)) == set()
    assert set(Notice.objects.filter(state="sent").values_list("kind", flat=True)) == set(Notice.Kind.values)
    return list(mail.outbox)


def paths_in(text: str) -> set[str]:
    own = set(re.findall(r"http://localhost:8000(/[^\s\"'<>#)]*)", text))
    return own | set(re.findall(r"(?:href|src|action)=\"(/(?!/)[^\"#]*)\"", text))


def test_no_link_of_any_mail_or_of_its_page_does_anything_when_it_is_opened(settings: Any) -> None:
    sent = mails_of_each_kind(settings)
    assert len(sent) == 10  # five notices, a post, a letter to two, a welcome, a digest
    paths = paths_in("\n".join(f"{one.body}\n{one.alternatives[0][0]}\n{[*one.message().values()]}" for one in sent))
    for part in ("confirm", "never", "unsubscribe", "manage", "address"):
        assert [path for path in paths if path.startswith(f"/subscriptions/{part}/")], part
    Client().get("/")  # makes the rows that the site has one of
    before = everything()

    pages = {path for path in paths if Client().get(path).get("Content-Type", "").startswith("text/html")}
    behind = set().union(*(paths_in(Client().get(path).text) for path in pages if "/subscriptions/" in path))
    for path in sorted(paths | {path for path in behind if "/subscriptions/" in path}):
        for headers in LOOKERS * 2:
            assert Client().head(path, headers=headers).status_code in {200, 302, 404}, path
            assert Client().get(path, headers=headers).status_code in {200, 302, 404}, path
            assert Client().options(path, headers=headers).status_code in {200, 302, 404, 405}, path

    assert everything() == before
    for part in ("export", "address", "erase"):
        assert [path for path in behind if path.endswith(f"/{part}/")], part


def test_a_mailbox_cannot_be_bombed_from_many_networks() -> None:
    noon = datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC)

    with time_machine.travel(noon, tick=False) as clock:
        for number in range(100):
            tag = f"+{number}" if number % 2 else ""
            words = {"email": f"k.im{tag}@example.org", "do": "link" if number % 3 == 0 else ""}
            network = {"REMOTE_ADDR": f"10.1.{number}.1", "headers": {"X-Forwarded-For": f"203.0.113.{number}"}}
            assert Client().post("/subscribe/", words, **network).status_code == 303  # type: ignore[arg-type]
            clock.shift(60)
        notices.send_due()

    assert len(mail.outbox) <= 3


def test_who_has_not_confirmed_gets_no_post_and_who_left_or_is_gone_gets_none() -> None:
    post = make_post()
    for status in ("pending", "unsubscribed", "suppressed"):
        make_subscriber(f"{status}@example.org", status=status)
    make_subscriber("paused@example.org", paused_until=timezone.now() + datetime.timedelta(days=1))
    consent.ask("asked@example.org")
    reader = make_subscriber("reader@example.org")

    newsletter.start_issue(make_issue(post))
    newsletter.run_once()

    assert [message.to for message in mail.outbox] == [[reader.email]]


def test_the_mail_that_asks_holds_nothing_the_asker_wrote_and_says_when_and_for_what() -> None:
    noon = datetime.datetime(2030, 1, 1, 12, 1, tzinfo=datetime.UTC)
    words = {"email": "kim@example.org", "place": "footer", "name": "<b>Offer</b>", "subscribe": "http://spam/"}
    with time_machine.travel(noon, tick=False), timezone.override("Europe/Berlin"):
        Client().post("/subscribe/", words, headers={"User-Agent": "http://spam/", "Referer": "http://spam/"})
        notices.send_due()

    (message,) = mail.outbox
    assert "On 1 January 2030, 13:01 CET somebody, we think you, asked with the form at the foot" in message.body
    assert "spam" not in message.message().as_string()
    assert "Offer" not in message.message().as_string()


# --- This was not me ----------------------------------------------------------------------------------------------


def test_who_was_not_asking_is_never_mailed_again_and_can_take_it_back(client: Client) -> None:
    consent.ask("kim@example.org")
    subscriber = Subscriber.objects.get()
    link, confirm = links.never(subscriber), links.confirmation(subscriber)

    assert "Never mail you again?" in client.get(link).text
    assert "No mail goes to you any more" in client.post(link, {"do": "never"}).text
    consent.ask("kim@example.org")
    assert notices.send_due() == 0
    assert "This link has done its work" in client.post(confirm).text

    assert "Mails may come again" in client.post(link, {"do": "lift"}).text
    assert Subscriber.objects.get().status == "unsubscribed"
    assert [line.kind for line in subscriber.consents.all()] == ["asked", "suppressed", "lifted"]


def test_another_site_cannot_press_that_button(client: Client) -> None:
    link = links.never(make_subscriber())

    assert client.post(link, headers={"Origin": "https://evil.example"}).status_code == 403
    assert Subscriber.objects.get().status == "active"
