"""The Content-Security-Policies that are really sent, before a judge from outside: npm's csp_evaluator."""

import json
import shutil
import subprocess
from typing import Any, NamedTuple

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import include, path

from config import urls
from operations import outbox
from tests.factories import make_image, make_page, make_post, make_staff, make_tag
from tests.subscribers.desk import desk
from tests.suites import from_npm

pytestmark = pytest.mark.django_db

urlpatterns = [
    path("outbox/<slug:name>/html/", outbox.show_mail_html, name="outbox_mail_html"),  # elsewhere only with DEBUG
    path("", include(urls.urlpatterns)),
]

JUDGE = """
const { CspEvaluator } = require(process.argv[1] + "/dist/evaluator.js");
const { CspParser } = require(process.argv[1] + "/dist/parser.js");
const findings = new CspEvaluator(new CspParser(process.argv[2]).csp).evaluate();
console.log(JSON.stringify(findings.map(({ severity, directive, value }) => [severity, directive, value ?? ""])));
"""
HIGH, MEDIUM, HIGH_MAYBE, MEDIUM_MAYBE = 10, 30, 40, 50  # csp_evaluator's own scale; a slip of syntax is 20


class Finding(NamedTuple):
    severity: int
    directive: str
    value: str


# It cannot know what else this host serves. docs/decisions/0039 says why nothing of that can run as a script.
KNOWN = Finding(MEDIUM_MAYBE, "script-src", "'self'")


def judge(policy: str) -> set[Finding]:
    """Return what csp_evaluator has against a policy."""
    folder = from_npm("csp_evaluator-1.1.8", "2b4f2a30ed67a39908708c05ba559accbad0b5a6c0fa29f1761a641a342fd904")
    node = shutil.which("node")
    assert node, "npm was there when .venv was made, and node is not there now"
    run = subprocess.run([node, "-e", JUDGE, str(folder), policy], capture_output=True, text=True, check=True)
    return {Finding(*finding) for finding in json.loads(run.stdout)}


def policies(client: Client, paths: list[str]) -> dict[str, str]:
    """Return the policies that these pages send, each with the last page that sends it."""
    sent = {}
    for address in paths:
        response = client.get(address)
        response.getvalue()  # a picture is an open file until it was read
        assert response.status_code in {200, 404}, address
        sent[response.headers["Content-Security-Policy"]] = address
    return sent


def test_the_judge_finds_a_hole() -> None:
    findings = judge("script-src 'self' 'unsafe-inline' *; base-uri 'none'")

    assert {(finding.severity, finding.value) for finding in findings} >= {(HIGH, "'unsafe-inline'"), (HIGH, "*")}


def test_nothing_is_wrong_with_the_policy_of_public_pages(client: Client) -> None:
    post, tag = make_post(), make_tag()
    paths = ["/", "/nothing/here/", "/search/?q=post", "/subscribe/", "/archive/", "/feeds/posts.atom", "/healthz"]
    paths += [post.get_absolute_url(), f"{post.get_absolute_url()}comments/", tag.get_absolute_url()]
    paths += [make_page().get_absolute_url(), "/admin/login/"]

    sent = policies(client, paths)

    assert len(sent) == 1
    for policy in sent:
        assert judge(policy) == {KNOWN}


def test_nothing_is_wrong_with_the_policies_of_staff_pages(client: Client) -> None:
    client.force_login(make_staff("Administrator", is_superuser=True))
    post = make_post()
    paths = ["/admin/", "/admin/moderation/", "/admin/blog/post/add/", f"/admin/blog/post/{post.pk}/change/"]
    paths += ["/admin/newsletter/", desk.address(desk.make_letter(), "preview/"), post.get_absolute_url()]

    for policy, page in policies(client, paths).items():
        assert judge(policy) <= {KNOWN}, page


def test_pictures_and_mails_may_run_nothing_at_all(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.SITE_URL = "https://byline.example"  # which a mail's preview names; without TLS the judge minds that
    client.force_login(make_staff("Administrator", is_superuser=True))
    message = EmailMultiAlternatives("A subject", "Words.", "from@example.org", ["to@example.org"])
    message.attach_alternative("<p>Words.</p>", "text/html")
    get_connection("operations.outbox.OutboxBackend").send_messages([message])
    (mail,) = outbox.mails()
    paths = [make_image().file.url, f"/outbox/{mail.name}/html/", desk.address(desk.make_letter(), "preview/html/")]

    for policy, page in policies(client, paths).items():
        assert {"default-src 'none'"} < {directive.strip() for directive in policy.split(";")}, page
        assert "sandbox" in policy, page
        assert "script-src" not in policy, page
        assert judge(policy) == set(), page
