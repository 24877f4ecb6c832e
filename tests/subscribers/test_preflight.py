"""What the checks say of which facts. Pure: nobody is asked."""

from dataclasses import replace
from typing import Any

import pytest

from subscribers import preflight
from subscribers.dns import Answer, State
from subscribers.preflight.facts import Facts, Mail, Records
from subscribers.preflight.finding import Finding

LEAVE = "https://news.example.org/subscriptions/unsubscribe/t/"
NOTHING, NO_NAME, UNKNOWN = Answer(State.NOTHING), Answer(State.NO_NAME), Answer(State.UNKNOWN)


def found(*values: str) -> Answer:
    return Answer(State.FOUND, values)


RECORDS = Records(
    hosts=found("mail.example.org"),
    spf=found("some-verification=1", "v=spf1 include:_spf.example.net ~all"),
    dkim=found("v=DKIM1; k=rsa; p=MIGf"),
    dmarc=found("v=DMARC1; p=reject"),
    policy_domain="example.org",
)
MAIL = Mail(
    subject="Five facts",
    text=f"Five facts.\n\nLeave: {LEAVE}",
    html=f'<p>Five facts.</p><a href="{LEAVE}">Leave</a>',
    headers={
        "list-id": "<posts.example.org>",
        "list-unsubscribe": f"<{LEAVE}>",
        "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    },
    leave_url=LEAVE,
)
FACTS = Facts(
    is_local=False,
    has_route=True,
    relay="mail.example.org",
    from_domain="news.example.org",
    envelope_domain="news.example.org",
    dkim_domain="example.org",
    dkim_selector="byline",
    postal_address="1 Road, Town",
    records=RECORDS,
    mail=MAIL,
    audience=1000,
    sent=1000,
)


def level_of(name: str, facts: Facts) -> str:
    (level,) = [finding.level for finding in preflight.findings(facts) if finding.name == preflight.TITLES[name]]
    return level


def test_where_all_is_well_everything_is_green() -> None:
    assert [finding for finding in preflight.findings(FACTS) if finding.level != "green"] == []
    assert not preflight.is_red(preflight.findings(FACTS))


NO_SIGNATURE = {"dkim_domain": "", "dkim_selector": ""}
ELSEWHERE = {"envelope_domain": "bounces.example.net"}


@pytest.mark.parametrize(
    ("name", "values", "records", "level"),
    [
        ("from", {}, {"hosts": NO_NAME}, "red"),
        ("from", {}, {"hosts": NOTHING}, "red"),
        ("from", {}, {"hosts": found("")}, "red"),  # RFC 7505
        ("from", {}, {"hosts": UNKNOWN}, "amber"),
        ("from", {"from_domain": "gmail.com"}, {}, "red"),
        ("from", {"from_domain": "gmail.com", "relay": "smtp.gmail.com"}, {}, "amber"),
        ("from", {"from_domain": "web.de", "relay": "smtp.gmail.com"}, {}, "red"),
        ("spf", {}, {"spf": NO_NAME}, "amber"),
        ("spf", {}, {"spf": UNKNOWN}, "amber"),
        ("spf", {}, {"spf": found("v=spf10 -all")}, "amber"),
        ("spf", {}, {"spf": found("V=SPF1 mx -ALL")}, "green"),
        ("spf", {}, {"spf": found("v=spf1 mx +all")}, "red"),
        ("spf", {}, {"spf": found("v=spf1 all")}, "red"),
        ("spf", {}, {"spf": found("v=spf1 a -all", "v=spf1 mx -all")}, "amber"),
        ("spf", {}, {"spf": found(f"v=spf1 {'include:a.example ' * 10}-all")}, "green"),
        ("spf", {}, {"spf": found(f"v=spf1 {'include:a.example ' * 8}a/24 mx ?exists:b.example -all")}, "amber"),
        ("spf", {}, {"spf": found(f"v=spf1 {'ip4:192.0.2.1 ' * 20}-all")}, "green"),
        ("dkim", NO_SIGNATURE, {"dkim": None}, "amber"),
        ("dkim", {}, {"dkim": NO_NAME}, "red"),
        ("dkim", {}, {"dkim": UNKNOWN}, "amber"),
        ("dkim", {}, {"dkim": found("v=DKIM1; p=")}, "red"),  # revoked
        ("dkim", {}, {"dkim": found("p=MIGf")}, "green"),
        ("dmarc", {}, {"dmarc": NOTHING}, "amber"),
        ("dmarc", {}, {"dmarc": UNKNOWN}, "amber"),
        ("dmarc", {}, {"dmarc": found("v=DMARC1; rua=mailto:x@example.org")}, "amber"),
        ("dmarc", {}, {"dmarc": found("v=DMARC1;p=none")}, "green"),
        ("alignment", {"dkim_domain": "example.net"}, {}, "green"),  # by SPF
        ("alignment", ELSEWHERE, {}, "green"),  # by DKIM
        ("alignment", {**NO_SIGNATURE, "envelope_domain": "list.example.org"}, {"dkim": None}, "green"),
        ("alignment", {**ELSEWHERE, **NO_SIGNATURE}, {"dkim": None}, "amber"),  # the provider may sign
        ("alignment", {**ELSEWHERE, "dkim_domain": "example.net"}, {}, "red"),
        ("alignment", {**ELSEWHERE, "dkim_domain": "notexample.org"}, {"dmarc": found("v=DMARC1; p=none")}, "amber"),
    ],
)
def test_what_a_domain_says_of_itself(name: str, values: dict[str, Any], records: dict[str, Any], level: str) -> None:
    facts = replace(FACTS, **values, records=replace(RECORDS, **records))

    assert level_of(name, facts) == level


@pytest.mark.parametrize(
    ("name", "values", "level"),
    [
        ("subject", {"subject": " "}, "red"),
        ("subject", {"subject": "x" * 201}, "amber"),
        ("text", {"text": " \n"}, "amber"),
        ("list-headers", {"headers": {**MAIL.headers, "list-unsubscribe-post": ""}}, "red"),
        ("list-headers", {"headers": {}}, "red"),
        ("list-headers", {"leave_url": "http://news.example.org/u/"}, "red"),
        ("leaving", {"text": "Five facts."}, "red"),
        ("leaving", {"html": "<p>Five facts.</p>"}, "red"),
        ("leaving", {"html": ""}, "green"),  # a mail of text alone
        ("leaving", {"leave_url": ""}, "red"),
        ("size", {"html": f"{MAIL.html}{'ü' * 60_000}"}, "amber"),
        ("links", {"broken_links": ["https://news.example.org/posts/gone/"]}, "amber"),
        ("links", {"foreign_links": 2}, "green"),
        ("pictures", {"pictures_without_words": 1}, "amber"),
    ],
)
def test_what_a_mail_is_like(name: str, values: dict[str, Any], level: str) -> None:
    assert level_of(name, replace(FACTS, mail=replace(MAIL, **values))) == level


@pytest.mark.parametrize(
    ("name", "values", "level"),
    [
        ("route", {"has_route": False}, "amber"),
        ("postal", {"postal_address": " \n"}, "amber"),
        ("audience", {"audience": 0}, "amber"),
        ("complaints", {"complaints": 0}, "green"),
        ("complaints", {"complaints": 1}, "amber"),
        ("complaints", {"complaints": 3}, "red"),
        ("complaints", {"complaints": 100, "sent": 499}, "green"),
        ("bounces", {"bounces": 49}, "green"),
        ("bounces", {"bounces": 50}, "amber"),
        ("bounces", {"bounces": 100}, "red"),
        ("bounces", {"bounces": 499, "sent": 499}, "green"),
    ],
)
def test_how_a_site_stands(name: str, values: dict[str, Any], level: str) -> None:
    assert level_of(name, replace(FACTS, **values)) == level


def test_on_ones_own_machine_nothing_about_domains_is_red() -> None:
    mail = replace(MAIL, leave_url="http://localhost/u/", text="http://localhost/u/", html="http://localhost/u/")
    facts = replace(FACTS, is_local=True, from_domain="localhost", records=Records(), mail=mail)

    found = preflight.findings(facts)

    assert not preflight.is_red(found)
    assert {finding.name for finding in found if finding.level == "amber"} == {
        "Domain",
        "Button for leaving",
    }


def test_a_mail_that_cannot_be_made_is_red_and_says_why() -> None:
    found = preflight.findings(replace(FACTS, mail=replace(MAIL, error="No such template")))

    assert [finding.words for finding in found if finding.level == "red"] == [
        "The mail cannot be made: No such template"
    ]


def test_everything_that_is_not_green_says_what_to_do() -> None:
    bad = replace(
        FACTS,
        has_route=False,
        from_domain="example.com",
        records=Records(dkim=UNKNOWN),
        audience=0,
        postal_address="",
        complaints=9,
        bounces=900,
        mail=Mail(subject="", text="", html="", headers={}, leave_url="", broken_links=[""], pictures_without_words=2),
    )

    assert [finding.name for finding in preflight.findings(bad) if not finding.what_to_do] == ["Size"]


def test_findings_are_kept_and_read_again() -> None:
    found = preflight.findings(replace(FACTS, audience=0))

    assert preflight.read(preflight.kept(found)) == found
    assert preflight.read([{"level": "purple"}, {}, {"level": "red", "name": "x", "more": 1}]) == [
        Finding("red", "x", "", "")
    ]
