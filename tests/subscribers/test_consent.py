import datetime
import html

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult

from blog import mailboxes
from subscribers import consent, notices, suppressing, wording
from subscribers.models import Consent, FormText, Notice, Subscriber, Suppression
from tests.factories import make_post, make_subscriber

pytestmark = pytest.mark.django_db

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def ask_at(moment: datetime.datetime, email: str = "kim@example.org") -> bool:
    """Ask, and say whether that made a mail."""
    before = Notice.objects.count()
    with time_machine.travel(moment, tick=False):
        consent.ask(email)
    return Notice.objects.count() > before


def test_an_address_is_left_alone_longer_after_every_mail() -> None:
    first = timezone.now()

    assert ask_at(first)
    assert not ask_at(first + 14 * MINUTE)
    second = first + 15 * MINUTE
    assert ask_at(second)
    assert not ask_at(second + DAY - MINUTE)
    third = second + DAY
    assert ask_at(third)
    assert not ask_at(third + 30 * DAY - MINUTE)
    fourth = third + 30 * DAY
    assert ask_at(fourth)
    assert not ask_at(fourth + 29 * DAY)
    assert ask_at(fourth + 30 * DAY)


def test_asking_in_vain_does_not_make_the_pause_longer() -> None:
    first = timezone.now()
    ask_at(first)

    for minute in range(1, 15):
        ask_at(first + minute * MINUTE)

    assert ask_at(first + 15 * MINUTE)


def test_the_pause_of_one_address_is_not_that_of_another() -> None:
    now = timezone.now()
    ask_at(now)

    assert ask_at(now, "lee@example.org")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Subscriber.Status.PENDING, Notice.Kind.CONFIRM),
        (Subscriber.Status.UNSUBSCRIBED, Notice.Kind.CONFIRM),
        (Subscriber.Status.ACTIVE, Notice.Kind.ALREADY),
        (Subscriber.Status.SUPPRESSED, None),
    ],
)
def test_what_the_owner_is_told(status: Subscriber.Status, kind: Notice.Kind | None) -> None:
    make_subscriber("kim@example.org", status=status)

    consent.ask("kim@example.org")
    notices.send_due()

    sent = Notice.objects.filter(state=Notice.State.SENT)
    assert [notice.kind for notice in sent] == ([kind] if kind else [])
    assert len(mail.outbox) == len(sent)


@pytest.mark.parametrize("cause", Suppression.Cause)
def test_who_said_never_is_not_even_asked_and_who_only_left_or_bounced_is(cause: Suppression.Cause) -> None:
    suppressing.suppress(make_subscriber("kim@example.org"), cause, "staff")
    is_final = cause in Suppression.FINAL

    consent.ask("KIM@example.org")
    notices.send_due()

    subscriber = Subscriber.objects.get()
    assert (subscriber.status, len(mail.outbox)) == (("suppressed", 0) if is_final else ("pending", 1))
    assert consent.confirm(subscriber) is not is_final
    assert bool(suppressing.is_suppressed("kim@example.org")) is is_final
    kinds = [line.kind for line in subscriber.consents.all()]
    assert kinds == ["suppressed", "asked"] + ([] if is_final else ["confirmed", "lifted"])


@pytest.mark.parametrize("cause", ["owner", "erased"])
def test_a_suppression_holds_for_an_address_whose_row_is_gone(cause: str) -> None:
    Suppression.objects.create(digest=suppressing.digest_of("kim@example.org"), cause=cause)

    consent.ask("Kim@example.org")
    notices.send_due()

    assert len(mail.outbox) == (1 if cause == "erased" else 0)


def test_the_ledger_says_what_form_was_shown_where_and_from_which_network() -> None:
    consent.ask("kim@example.org", "post", "a" * 64)
    consent.ask("lee@example.org", "post", "b" * 64)
    consent.ask("max@example.org", "footer", "c" * 64, "home")
    consent.ask("ann@example.org", "mail")

    kim, lee, other, by_mail = Consent.objects.order_by("pk")
    assert (kim.kind, kim.place, kim.network) == ("asked", "post", "a" * 64)
    assert kim.text
    assert kim.text == lee.text
    assert kim.text.text.startswith("New posts by mail Your mail address Subscribe One mail per post")
    assert "Leave this empty" not in kim.text.text
    assert (other.place, other.text, by_mail.text) == ("footer", kim.text, None)


def test_a_new_wording_is_a_new_row() -> None:
    for text in ("One", "Two", "One"):
        consent.note(make_subscriber(), "asked", "page", text=text)

    assert sorted(FormText.objects.values_list("text", flat=True)) == ["One", "Two"]


def test_the_words_of_every_form_are_those_on_its_page(client: Client) -> None:
    pages = {
        "page": client.get("/subscribe/"),
        "post": client.get(make_post().get_absolute_url()),
        "home": client.get("/"),
        "footer": client.get("/tags/"),
        "comment": client.get(make_post().get_absolute_url()),
    }
    for form, page in pages.items():
        seen = " ".join(html.unescape(strip_tags(page.text)).split())
        assert wording.of(form) in seen.replace(" Leave this empty", ""), form


def test_what_json_cannot_hold_is_no_line() -> None:
    with pytest.raises(TypeError):
        consent.note(make_subscriber(), "changed", "link", until=timezone.now())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Subscriber.Status.PENDING, Subscriber.Status.PENDING),
        (Subscriber.Status.UNSUBSCRIBED, Subscriber.Status.PENDING),
        (Subscriber.Status.ACTIVE, Subscriber.Status.ACTIVE),
        (Subscriber.Status.SUPPRESSED, Subscriber.Status.SUPPRESSED),
    ],
)
def test_asking_puts_nobody_on_the_list(before: Subscriber.Status, after: Subscriber.Status) -> None:
    make_subscriber("kim@example.org", status=before)

    consent.ask("kim@example.org")

    assert Subscriber.objects.get().status == after


def test_who_left_may_come_back_in_a_quarter_of_an_hour() -> None:
    now = timezone.now()
    ask_at(now)
    Subscriber.objects.get().confirm()
    Subscriber.objects.get().leave()

    assert ask_at(now + 15 * MINUTE)


def test_all_ways_to_write_to_a_mailbox_are_counted_together() -> None:
    noon = datetime.datetime(2030, 1, 1, 12, 0, tzinfo=datetime.UTC)
    spellings = ["kim.lee@example.org", "kimlee@example.org", "k.imlee+a@example.org", "KIMLEE+b@example.org"]

    asked = [ask_at(noon + 15 * MINUTE * number, email) for number, email in enumerate(spellings)]

    assert asked == [True, True, True, False]
    assert not ask_at(noon + MINUTE, "kimle.e@example.org")


def test_the_site_sends_no_more_than_so_many_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "MOST_AN_HOUR", 2)
    now = datetime.datetime(2030, 1, 1, 12, 0, tzinfo=datetime.UTC)

    assert [ask_at(now, f"{name}@example.org") for name in ("ann", "bob", "cleo")] == [True, True, False]
    assert ask_at(now + 61 * MINUTE, "cleo@example.org")


@pytest.mark.parametrize(
    "other",
    ["Kim.Lee@example.org", "kim.lee@EXAMPLE.org", "KIM.LEE@EXAMPLE.ORG", " kim.lee@example.org "],
)
def test_every_way_to_write_an_address_is_one_row(other: str) -> None:
    consent.ask("kim.lee@example.org")
    consent.ask(other)

    assert Subscriber.objects.get().email == "kim.lee@example.org"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("email", ["\u212aim@example.org", "\u0130da@example.org", "kim@BÜCHER.example"])
def test_letters_that_databases_lower_in_their_own_ways_are_found_again(email: str) -> None:
    consent.ask(email)
    consent.ask(email)

    assert Subscriber.objects.count() == 1


def test_the_domain_is_kept_in_small_letters_and_the_rest_as_its_owner_writes_it() -> None:
    consent.ask('"Kim @ Home"@EXAMPLE.org')

    assert Subscriber.objects.get().email == '"Kim @ Home"@example.org'


def test_the_second_of_two_who_ask_at_once_makes_no_mail() -> None:
    subscriber = make_subscriber("kim@example.org", status=Subscriber.Status.PENDING)
    seen_by_both = Subscriber.objects.get(pk=subscriber.pk)

    assert consent.may_be_mailed(subscriber)
    assert not consent.may_be_mailed(seen_by_both)
    assert Subscriber.objects.get().times_asked == 1


def test_who_is_suppressed_meanwhile_is_not_mailed() -> None:
    consent.ask("kim@example.org")
    Subscriber.objects.get().suppress()

    assert notices.send_due() == 0


def test_asking_wakes_the_worker_up() -> None:
    consent.ask("kim@example.org")

    assert DBTaskResult.objects.get().task_path == "subscribers.tasks.send_notices"
