import re
from typing import Any

import pytest
from django.test import Client

from subscribers import models, trying
from subscribers.desk import previews
from subscribers.models import Delivery
from tests.factories import make_issue, make_person, make_post, make_staff, make_subscriber
from tests.subscribers.desk.desk import address, make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("Editor", "ed"))
    return client


@pytest.mark.parametrize(
    ("look", "part"),
    [("", "html"), ("phone", "html"), ("wide-dark", "dark"), ("phone-dark", "dark"), ("odd", "html")],
)
def test_a_mail_is_shown_in_a_frame(editor: Client, look: str, part: str) -> None:
    issue = make_letter()

    page = editor.get(address(issue, "preview/"), {"as": look}).text

    assert f'src="{address(issue, f"preview/{part}/")}" sandbox="' in page
    assert "allow-scripts" not in page
    assert "allow-same-origin" not in page


def test_the_frame_runs_nothing_and_asks_no_other_host(editor: Client) -> None:
    response = editor.get(address(make_letter(source="![x](https://example.com/x.png)"), "preview/html/"))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "example.com" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("look", "query", "scheme"), [("light", "@media not all {", "light"), ("dark", "@media all {", "dark")]
)
def test_dark_and_light_do_not_depend_on_the_browser(look: str, query: str, scheme: str) -> None:
    html = '<meta name="color-scheme" content="light dark"><style>@media (prefers-color-scheme: dark) { a {} }</style>'

    shown = previews.in_look(html, look)

    assert shown == f'<meta name="color-scheme" content="{scheme}"><style>{query} a {{}} }}</style>'


def test_the_text_part_is_shown_and_served(editor: Client) -> None:
    issue = make_letter(source="Hello **you** & me")

    assert "Hello **you** &amp; me" in editor.get(address(issue, "preview/"), {"as": "text"}).text
    alone = editor.get(address(issue, "preview/text/"))
    assert alone["Content-Type"] == "text/plain; charset=utf-8"
    assert "Hello **you** & me" in alone.text


def test_a_long_mail_is_warned_of(editor: Client) -> None:
    make_long = make_letter(source="A sentence of some length. " * 5000)

    page = editor.get(address(make_long, "preview/")).text

    assert "Gmail cuts off" in page


def test_an_issue_whose_post_is_gone_has_nothing_to_show(editor: Client) -> None:
    post = make_post()
    issue = make_issue(post)
    post.delete()

    assert editor.get(address(issue, "preview/")).status_code == 404
    assert editor.get(address(issue)).status_code == 200
    assert editor.get(address(make_letter(), "preview/odd/")).status_code == 404


def test_no_link_of_a_preview_acts_for_anybody(editor: Client, settings: Any) -> None:
    make_subscriber()
    issue = make_issue(make_post())

    html = editor.get(address(issue, "preview/html/")).text

    ours = set(re.findall(rf"{re.escape(settings.SITE_URL)}/subscriptions/[^\"\s]*", html))
    assert ours == {f"{settings.SITE_URL}/subscriptions/test/"}
    assert Client().post("/subscriptions/test/", {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_a_test_mail_is_marked_goes_to_its_asker_and_holds_no_link_that_acts(mailoutbox: Any) -> None:
    reader, user = make_subscriber(), make_staff(email="ann@example.org")
    issue = make_letter(subject="Hello")
    assert trying.ask(issue, user)

    assert trying.send_due() == 1
    assert trying.send_due() == 0

    (message,) = mailoutbox
    assert (message.to, message.subject) == (["ann@example.org"], "[Test] Hello")
    everything = message.message().as_string()
    assert "/subscriptions/unsubscribe/" not in everything
    assert reader.email not in everything
    assert message.extra_headers["Message-ID"].startswith("<test.")
    assert not Delivery.objects.exists()


def test_who_left_the_staff_gets_no_test(mailoutbox: Any) -> None:
    user = make_staff()
    trying.ask(make_letter(), user)
    user.is_staff = False
    user.save()

    assert trying.send_due() == 0
    assert models.TestMail.objects.get().state == "skipped"
    assert mailoutbox == []


def test_a_day_has_its_number_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MOST_A_DAY", 2)
    user, issue = make_staff(), make_letter()

    assert [trying.ask(issue, user) for _ in range(3)] == [True, True, False]
