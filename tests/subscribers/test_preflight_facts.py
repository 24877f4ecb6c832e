"""How the checks come by what they look at: the domain name system, the message, the last month."""

import datetime
from typing import Any

import dns.exception
import dns.resolver
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from blog.models import Publication
from subscribers import dns as names
from subscribers import preflight
from subscribers.dns import Answer, Ask, State
from subscribers.models import Bounce, Delivery, Issue
from subscribers.preflight import facts, message
from tests.factories import make_image, make_issue, make_page, make_post, make_subscriber

DAY = datetime.timedelta(days=1)


class NoAnswer(dns.resolver.NoAnswer):
    """One that needs no response to be made from."""

    def __init__(self) -> None:
        Exception.__init__(self)


def world(records: dict[str, tuple[str, ...]]) -> Ask:
    """A domain name system of a few records under org."""
    known = {name.split(" ")[0] for name in records} | {"org"}

    def ask(name: str, kind: str) -> Answer:
        if (name, kind) == ("org", "SOA"):
            return Answer(State.FOUND, ("a.example",))
        if f"{name} {kind}" in records:
            return Answer(State.FOUND, records[f"{name} {kind}"])
        return Answer(State.NOTHING if name in known else State.NO_NAME)

    return ask


# --- The domain name system -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (dns.resolver.NXDOMAIN(), State.NO_NAME),
        (NoAnswer(), State.NOTHING),
        (dns.exception.Timeout(), State.UNKNOWN),
        (dns.resolver.NoNameservers(), State.UNKNOWN),
        (OSError("no network"), State.UNKNOWN),
        (dns.exception.SyntaxError(), State.UNKNOWN),
    ],
)
def test_whatever_happens_is_an_answer(monkeypatch: pytest.MonkeyPatch, error: Exception, state: State) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", fail)

    assert names.asker()("example.org", "TXT") == Answer(state)


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".org", "\udcff.org", "ü" * 300])
def test_a_name_that_cannot_be_one_is_an_answer(name: str) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = 9  # nobody listens

    assert not names.look_up(resolver, name, "TXT", 0.2).values


def test_after_six_seconds_nobody_is_asked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 5.0, 6.5])
    asked = []
    monkeypatch.setattr(names.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(names, "look_up", lambda _resolver, *args: asked.append(args) or Answer(State.NOTHING))
    ask = names.asker()

    assert ask("example.org", "MX").state is State.NOTHING
    assert ask("example.org", "A").state is State.UNKNOWN
    assert asked == [("example.org", "MX", 1.0)]


@pytest.mark.parametrize(
    ("records", "domain"),
    [
        ({"_dmarc.news.example.org TXT": ("v=DMARC1; p=none",)}, "news.example.org"),
        ({"_dmarc.example.org TXT": ("other", "v=DMARC1; p=none")}, "example.org"),
        ({"_dmarc.example.org TXT": ("not a policy",)}, ""),
        ({"_dmarc.org TXT": ("v=DMARC1; p=none",)}, ""),  # a registry's is nobody's
        ({}, ""),
    ],
)
def test_a_policy_is_looked_for_upwards(records: dict[str, tuple[str, ...]], domain: str) -> None:
    found, answer = facts.policy(world(records), "news.example.org")

    assert (found, answer.state is State.FOUND) == (domain, bool(domain))


def test_a_resolver_that_does_not_know_the_world_makes_nothing_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "asker", lambda: lambda _name, _kind: Answer(State.NO_NAME))

    records = facts.look_up("example.org", "example.org", "byline", "example.org")

    assert {records.hosts.state, records.spf.state, records.dmarc.state} == {State.UNKNOWN}
    assert records.dkim == Answer(State.UNKNOWN)


# --- The message ------------------------------------------------------------------------------------------------------


LINKS = {
    "{site}": True,
    "{site}/": True,
    "{site}/posts/here/?from=mail#comments": True,
    "{site}/posts/gone/": False,
    "{site}/posts/draft/": False,
    "{site}/pages/about/": True,
    "{site}/pages/contact/": False,
    "{site}/tags/none/": False,
    "{site}/archive/2026/": True,
    "{site}/nothing-like-this/": False,
    "{site}/media/images/none.webp": False,
    "https://example.com/whatever": True,
    "https:///nobody": False,
    "ftp://example.com/": False,
    "javascript:alert(1)": False,
    "": False,
    "#": False,
    "#fn1": True,
    "mailto:kim@example.org": True,
    "/posts/here/": False,  # leads nowhere from a mail
}


@pytest.mark.django_db
def test_links_of_ours_are_looked_up_and_others_by_their_form(settings: Any) -> None:
    make_post(slug="here")
    make_post(slug="draft", published_at=None)
    make_page(slug="about")

    assert {link: message.leads_somewhere(link.format(site=settings.SITE_URL)) for link in LINKS} == LINKS


@pytest.mark.django_db
def test_an_issue_of_a_post_is_looked_at_as_its_readers_get_it(settings: Any) -> None:
    Publication.load()
    Publication.objects.update(postal_address="1 Road, Town")
    post = make_post(source="[gone](/posts/gone/) and [else](https://example.com/)", cover=make_image())
    make_subscriber()

    found = {finding.name: finding for finding in preflight.examine(make_issue(post))}

    assert [name for name, finding in found.items() if finding.level == "amber"] == [
        "Domain",
        "Mail server",
        "Button for leaving",
        "Links",
        "Pictures",
    ]
    assert len(found) == 13
    assert not preflight.is_red(found.values())
    assert "/posts/gone/" in found["Links"].words


@pytest.mark.django_db
def test_an_issue_whose_mail_cannot_be_made_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("subscribers.letters.Letter.message", fail)

    assert preflight.is_red(preflight.examine(make_issue(make_post())))


# --- The last month, and the command ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_came_of_the_last_months_mails_is_counted() -> None:
    now = timezone.now()
    issue = make_issue(make_post(), started_at=now - DAY)
    old = make_issue(make_post(), started_at=now - 31 * DAY)
    rows = [
        Delivery.objects.create(issue=one, subscriber=make_subscriber(), state="sent", sent_at=at)
        for one, at in [(issue, now), (issue, now), (issue, now), (old, now - 31 * DAY)]
    ]
    for row, kind, at in [
        (rows[0], "complaint", now),
        (rows[1], "hard", now),
        (rows[1], "soft", now),
        (rows[3], "hard", now - 31 * DAY),
    ]:
        Bounce.objects.create(delivery=row, kind=kind, source="report", at=at)

    assert facts.history() == (3, 1, 1)
    assert Issue.objects.count() == 2


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_and_ends_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_mail")
    assert "nothing would stop a mail" in capsys.readouterr().out

    settings.LOCAL, settings.DEFAULT_FROM_EMAIL = False, "Byline <list@example.org>"
    monkeypatch.setattr(names, "asker", lambda: world({"example.org TXT": ("v=spf1 +all",)}))
    with pytest.raises(CommandError, match="2 would stop a mail"):
        call_command("check_mail")
    assert "example.org lets the whole world send in its name." in capsys.readouterr().out
