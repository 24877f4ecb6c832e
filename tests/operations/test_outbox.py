from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import include, path

from config import urls
from operations import outbox

pytestmark = pytest.mark.django_db

urlpatterns = [
    path("outbox/", outbox.show_outbox, name="outbox"),
    path("outbox/<slug:name>/", outbox.show_mail, name="outbox_mail"),
    path("outbox/<slug:name>/html/", outbox.show_mail_html, name="outbox_mail_html"),
    path("", include(urls.urlpatterns)),
]


@pytest.fixture(autouse=True)
def _as_while_debugging(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def send(subject: str = "A subject", text: str = "See http://localhost:8000/x/ there.") -> None:
    message = EmailMultiAlternatives(subject, text, "from@example.org", ["to@example.org"])
    message.attach_alternative("<p>See <a href='http://localhost:8000/x/'>there</a><script>1</script></p>", "text/html")
    get_connection("operations.outbox.OutboxBackend").send_messages([message])


def test_a_mail_becomes_one_whole_file(settings: Any) -> None:
    send()

    (file,) = Path(settings.OUTBOX_DIR).iterdir()
    assert file.suffix == ".eml"
    assert b"Subject: A subject" in file.read_bytes()


def test_the_outbox_lists_mails_newest_first(client: Client) -> None:
    send("First")
    send("Second")

    page = client.get("/outbox/").text

    assert page.index("Second") < page.index("First")


def test_an_empty_outbox_says_so(client: Client) -> None:
    assert "No mail yet" in client.get("/outbox/").text


def test_a_mail_shows_its_headers_links_and_both_parts(client: Client) -> None:
    send()
    (mail,) = outbox.mails()

    page = client.get(f"/outbox/{mail.name}/").text

    assert '<a href="http://localhost:8000/x/">' in page
    assert "to@example.org" in page
    assert "See http://localhost:8000/x/ there." in page


def test_the_html_part_is_shown_in_a_sandbox(client: Client) -> None:
    send()
    (mail,) = outbox.mails()

    response = client.get(f"/outbox/{mail.name}/html/")

    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_mail_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get("/outbox/20260101-000000-000000-abcdef/").status_code == 404


def test_the_outbox_has_no_page_without_debug(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "config.urls"

    assert client.get("/outbox/").status_code == 404
