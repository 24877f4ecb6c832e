"""The page of a subscription, by either of its two links."""

import datetime
import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from subscribers import leaving, links, suppressing
from subscribers.models import Consent, Delivery, Leaving, Notice, Subscriber
from tests.factories import make_author, make_issue, make_post, make_subscriber, make_tag
from tests.forms import FormFields

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2030, 1, 1, 12, 0, tzinfo=datetime.UTC)


def manage_link(subscriber: Subscriber) -> str:
    return links.manage(links.manage_signer(), subscriber.pk, subscriber.email)


def form_on(client: Client, link: str) -> dict[str, Any]:
    """What the form of choices sends if nobody changes anything."""
    fields = FormFields("choices")
    fields.feed(client.get(link).text)
    return fields.values


def choose(client: Client, subscriber: Subscriber, **values: Any) -> Any:
    link = manage_link(subscriber)
    return client.post(link, {**form_on(client, link), **values})


def fresh(subscriber: Subscriber) -> Subscriber:
    return Subscriber.objects.get(pk=subscriber.pk)


def changes(subscriber: Subscriber) -> list[dict[str, Any]]:
    return [line.detail for line in subscriber.consents.filter(kind=Consent.Kind.CHANGED)]


# --- Choosing ------------------------------------------------------------------------------------------------------


def test_a_choice_is_kept_noted_and_shown(client: Client) -> None:
    subscriber = make_subscriber()

    response = choose(client, subscriber, cadence="weekly", plain_text="on")

    assert (response.status_code, response["Location"].rpartition("/")[2]) == (303, "?kept")
    assert (fresh(subscriber).cadence, fresh(subscriber).plain_text) == ("weekly", True)
    assert changes(subscriber) == [
        {"cadence": {"before": "each", "after": "weekly"}, "plain_text": {"before": False, "after": True}}
    ]
    assert "It counts from the next mail on." in client.get(response["Location"]).text


def test_a_form_in_which_nothing_was_changed_writes_no_line(client: Client) -> None:
    tag = make_tag()
    make_post(tags=[tag])
    subscriber = make_subscriber(chosen_only=True, plain_text=True, paused_until=timezone.now() + 9 * DAY)
    subscriber.tags.add(tag)

    assert choose(client, subscriber).status_code == 303

    assert changes(subscriber) == []
    assert Subscriber.objects.values("plain_text", "chosen_only").get() == {"plain_text": True, "chosen_only": True}


def test_only_what_was_published_can_be_chosen(client: Client) -> None:
    used, unused, other = make_tag("Used"), make_tag("Unused"), make_author("Ann")
    author = make_author("Kim")
    make_post(tags=[used], authors=[author])
    make_post(tags=[unused], authors=[other], published_at=None)
    subscriber = make_subscriber()

    page = client.get(manage_link(subscriber)).text
    refused = choose(client, subscriber, scope="chosen", tags=[unused.pk])
    taken = choose(client, subscriber, scope="chosen", tags=[used.pk], authors=[author.pk])

    assert ("Used" in page, "Kim" in page, "Unused" in page, "Ann" in page) == (True, True, False, False)
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert fresh(subscriber).chosen_only
    assert list(subscriber.tags.all()) == [used]
    assert changes(subscriber)[0]["authors"] == {"before": [], "after": [author.slug]}


def test_to_choose_and_choose_nothing_is_refused_and_the_rest_of_the_form_kept(client: Client) -> None:
    make_post(tags=[make_tag()])
    subscriber = make_subscriber()

    response = choose(client, subscriber, scope="chosen", cadence="monthly")

    assert response.status_code == 422
    assert "Choose at least one subject or author" in response.text
    assert 'href="#choose_scope"' in response.text
    assert 'value="monthly"' in response.text.partition("checked")[0].rpartition("<input")[2]
    assert fresh(subscriber).cadence == "each"


def test_who_chose_what_is_gone_since_is_told_that_nothing_comes(client: Client) -> None:
    tag = make_tag()
    subscriber = make_subscriber(chosen_only=True)
    subscriber.tags.add(tag)
    said = "What you had chosen is not here any more"

    assert said not in client.get(manage_link(subscriber)).text
    tag.delete()
    assert said in client.get(manage_link(subscriber)).text


def test_two_tabs_do_not_undo_each_other(client: Client) -> None:
    one, two = make_tag(), make_tag()
    make_post(tags=[one, two])
    subscriber = make_subscriber(chosen_only=True)
    subscriber.tags.add(one)
    link = manage_link(subscriber)
    first, second = form_on(client, link), form_on(client, link)

    client.post(link, {**first, "cadence": "weekly", "tags": [one.pk, two.pk]})
    client.post(link, {**second, "plain_text": "on"})

    row = fresh(subscriber)
    assert (row.cadence, row.plain_text, set(row.tags.all())) == ("weekly", True, {one, two})


@pytest.mark.parametrize(
    ("pause", "day", "until"),
    [
        ("14", "", "2030-01-15"),
        ("31", "", "2030-02-01"),
        ("92", "", "2030-04-03"),
        ("date", "2030-06-30", "2030-06-30"),
        ("", "2030-06-30", "2030-06-30"),
        ("14", "2030-06-30", "2030-01-15"),
        ("date", "", "Say until which day."),
        ("date", "2030-01-01", "Choose a day after today and within a year."),
        ("date", "2031-06-30", "Choose a day after today and within a year."),
        ("date", "soon", "This is not a day."),
    ],
)
def test_a_pause_lasts_until_a_day_begins(client: Client, settings: Any, pause: str, day: str, until: str) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    subscriber = make_subscriber()
    with time_machine.travel(NOON, tick=False), timezone.override("Europe/Berlin"):
        response = choose(client, subscriber, pause=pause, pause_until=day)

        if until.startswith("20"):
            paused = timezone.localtime(fresh(subscriber).paused_until)
            assert f"{paused:%Y-%m-%d %H:%M}" == f"{until} 00:00"
            assert not Subscriber.objects.awake().exists()
        else:
            assert (response.status_code, until in response.text) == (422, True)
            assert f'value="{day}"' in response.text
            assert fresh(subscriber).paused_until is None


def test_a_pause_ends_by_hand(client: Client) -> None:
    subscriber = make_subscriber(paused_until=timezone.now() + 9 * DAY)

    choose(client, subscriber, pause="")

    assert fresh(subscriber).paused_until is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "not confirmed yet"),
        ("active", "You are on the list since"),
        ("unsubscribed", "You have left the list"),
        ("suppressed", "No mail goes to this address any more"),
    ],
)
def test_every_state_is_said_and_only_who_is_on_the_list_can_choose(client: Client, status: str, words: str) -> None:
    subscriber = make_subscriber(status=status)
    link = manage_link(subscriber)

    page = client.get(link).text
    client.post(link, {"cadence": "weekly", "scope": "everything"})

    assert words in page
    assert ('name="cadence"' in page) == (status == "active")
    assert fresh(subscriber).cadence == ("weekly" if status == "active" else "each")


# --- The two links -------------------------------------------------------------------------------------------------


def test_the_link_of_every_mail_shows_and_changes_no_personal_data(client: Client) -> None:
    subscriber = make_subscriber("kim@example.org")
    link = manage_link(subscriber)
    Subscriber.objects.update(new_email="lee@example.org")

    page = client.get(link).text

    assert "Newsletters get passed on" in page
    assert ("What is kept about you" in page, "lee@example.org" in page) == (False, False)
    for part in ("export", "address", "erase"):
        assert client.get(f"{link}{part}/").status_code == 404
        assert client.post(f"{link}{part}/", {"email": "evil@example.org"}).status_code in {404, 405}
    assert Subscriber.objects.get().email == "kim@example.org"
    assert not Notice.objects.exists()


def test_the_other_link_is_mailed_and_lasts_a_day(client: Client) -> None:
    subscriber = make_subscriber()
    client.post(manage_link(subscriber), {"do": "link"})
    assert Notice.objects.get().kind == "manage"
    own = links.own_data(subscriber)

    for after, status in [(datetime.timedelta(hours=23), 200), (datetime.timedelta(hours=25), 404)]:
        with time_machine.travel(timezone.now() + after, tick=False):
            assert [client.get(f"{own}{part}").status_code for part in ("", "export/", "address/", "erase/")] == [
                status
            ] * 4
    with time_machine.travel(timezone.now() + 3650 * DAY, tick=False):
        assert client.get(manage_link(subscriber)).status_code == 200


def test_both_links_die_with_the_address_they_were_mailed_to(client: Client) -> None:
    subscriber = make_subscriber("kim@example.org")
    mailed = [manage_link(subscriber), links.own_data(subscriber), links.never(subscriber)]
    leave_link = links.unsubscribe(links.unsubscribe_signer(), subscriber.pk)

    Subscriber.objects.update(email="Kim@example.org")
    assert [client.get(link).status_code for link in mailed] == [200, 200, 200]  # the same address in other letters
    Subscriber.objects.update(email="lee@example.org")

    assert [client.get(link).status_code for link in mailed] == [404, 404, 404]
    assert "This link does not work any more" in client.get(mailed[0]).text
    assert client.get(leave_link).status_code == 200


def test_many_links_cost_one_look_at_the_key(django_assert_num_queries: Any) -> None:
    links.manage_signer()

    with django_assert_num_queries(1):
        signer = links.manage_signer()
        assert len({links.manage(signer, number, "kim@example.org") for number in range(3)}) == 3


def test_everything_that_is_kept_can_be_taken_along(client: Client) -> None:
    subscriber = make_subscriber("kim@example.org")
    Delivery.objects.create(issue=make_issue(make_post(title="Five facts")), subscriber=subscriber, address="x")
    choose(client, subscriber, cadence="daily")

    page = client.get(links.own_data(subscriber)).text
    response = client.get(f"{links.own_data(subscriber)}export/")

    data = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert (data["address"], data["choices"]["cadence"]) == ("kim@example.org", "daily")
    assert [issue["subject"] for issue in data["issues"]] == ["Five facts"]
    assert data["ledger"][0]["detail"] == {"cadence": {"before": "each", "after": "daily"}}
    assert ("Five facts" in page, "cadence: each → daily" in page) == (True, True)


# --- Buttons beside the choices ------------------------------------------------------------------------------------


def test_leaving_from_the_page_is_leaving(client: Client) -> None:
    subscriber = make_subscriber()

    response = client.post(manage_link(subscriber), {"do": "leave"})

    assert (response.status_code, "Would you say why?" in response.text) == (200, True)
    assert fresh(subscriber).status == "unsubscribed"
    assert Leaving.objects.count() == subscriber.consents.filter(kind="left", place="link").count() == 1


@pytest.mark.parametrize(("cause", "status"), [("owner", "unsubscribed"), ("staff", "suppressed")])
def test_an_owner_takes_back_their_own_word_and_nobody_elses(client: Client, cause: str, status: str) -> None:
    subscriber = make_subscriber()
    suppressing.suppress(subscriber, cause, "link")
    link = manage_link(subscriber)
    assert ("Let mails come again" in client.get(link).text) == (cause == "owner")

    client.post(link, {"do": "lift"})

    assert fresh(subscriber).status == status


@pytest.mark.parametrize("verb", ["", "nothing", "confirm", "erase"])
def test_a_button_that_is_not_there_does_nothing(client: Client, verb: str) -> None:
    subscriber = make_subscriber()

    assert client.post(manage_link(subscriber), {"do": verb}).status_code == 303

    assert Subscriber.objects.values().get() == Subscriber.objects.filter(pk=subscriber.pk).values().get()
    assert not Consent.objects.exists()


def test_erasing_asks_first_and_then_every_link_is_dead(client: Client) -> None:
    subscriber = make_subscriber()
    own, manage = links.own_data(subscriber), manage_link(subscriber)
    assert "nobody can undo it" in client.get(f"{own}erase/").text
    assert Subscriber.objects.exists()

    response = client.post(f"{own}erase/")

    assert "Everything is erased" in response.text
    assert not Subscriber.objects.exists()
    assert [client.get(link).status_code for link in (own, manage, f"{own}erase/")] == [404, 404, 404]


def test_who_left_meanwhile_is_not_put_back_by_a_stale_form(client: Client) -> None:
    subscriber = make_subscriber()
    stale = form_on(client, manage_link(subscriber))
    leaving.leave(subscriber, "link")

    assert client.post(manage_link(subscriber), {**stale, "cadence": "weekly"}).status_code == 303

    assert (fresh(subscriber).status, fresh(subscriber).cadence) == ("unsubscribed", "each")
