"""Bringing a list in and taking it out, as pages: /admin/newsletter/import/ and /admin/newsletter/export/."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from subscribers.desk import importing
from subscribers.importing import uploads
from subscribers.models import Subscriber, Suppression
from tests.factories import make_person, make_subscriber
from tests.subscribers.lists import SUBSCRIBED, UNSUBSCRIBED, write

pytestmark = pytest.mark.django_db

PAGE = "/admin/newsletter/import/"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def kim(client: Client) -> User:
    person = make_person("Publisher", "kim")
    client.force_login(person)
    return person


def upload(client: Client, text: str = SUBSCRIBED, name: str = "subscribed.csv", **data: str) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, text.encode()), **data})


def kept_files() -> list[Path]:
    return list(uploads.root().glob("*/*"))


def test_first_the_page_says_what_it_would_do_then_it_does_it(client: Client, kim: User) -> None:
    foretold = upload(client)
    assert "What this would do" in foretold.text
    assert Subscriber.objects.count() == 0
    (kept,) = kept_files()
    assert kept.stat().st_mode & 0o077 == 0

    done = client.post(PAGE, {"kept": foretold.context["kept"], "bring": "yes"})

    assert "The list is in" in done.text
    assert done.context["table"].counts == foretold.context["table"].counts
    assert set(Subscriber.objects.values_list("email", flat=True)) == {
        "ann@example.org",
        "cat@example.org",
        "admin@example.org",
    }
    assert kept_files() == []


def test_a_name_of_mailchimps_tells_what_is_in_it(client: Client, kim: User) -> None:
    page = upload(client, name="../../cleaned_members_export_1a2b.csv").text

    assert "Mails came back there" in page
    assert [path.name for path in kept_files()] == ["cleaned_members_export_1a2b.csv"]
    assert "cleaned_members_export_1a2b.csv: Mailchimp" in page


def test_what_somebody_said_of_a_plain_list_is_kept_between_the_pages(client: Client, kim: User) -> None:
    assert upload(client, "email\na@example.org\n", "plain.csv").status_code == 422
    first = upload(client, "email\na@example.org\n", "plain.csv", kind="subscribed", consent='At the "fair"')
    assert 'value="At the &quot;fair&quot;"' in first.text

    client.post(PAGE, {"kept": first.context["kept"], "kind": "subscribed", "consent": 'At the "fair"', "bring": "yes"})

    line = Subscriber.objects.get().consents.get()
    assert line.text is not None
    assert line.text.text == 'At the "fair"'


def test_a_kept_file_is_for_its_owner_alone_and_for_an_hour(client: Client, kim: User) -> None:
    name = upload(client).context["kept"]
    colleague = Client()
    colleague.force_login(make_person("Publisher", "lee"))

    assert colleague.post(PAGE, {"kept": name, "bring": "yes"}).status_code == 422
    (kept,) = kept_files()
    os.utime(kept.parent, (time.time() - 3700,) * 2)
    assert "is gone" in client.post(PAGE, {"kept": name, "bring": "yes"}).text
    assert Subscriber.objects.count() == 0
    assert uploads.forget_old() == 1
    assert kept_files() == []
    assert uploads.forget_old() == 0


@pytest.mark.parametrize("name", ["../byline.sqlite3", "1-../x", "/etc/passwd", "", "\0", "٣-" + "a" * 32])
def test_another_name_opens_nothing(client: Client, kim: User, name: str) -> None:
    assert uploads.find(name, kim.pk) is None
    assert client.post(PAGE, {"kept": name, "bring": "yes"}).status_code == 422


def test_a_file_that_is_no_list_says_why_and_is_not_kept(client: Client, kim: User) -> None:
    page = upload(client, "post_id,title\n1,One\n", "posts.csv")

    assert page.status_code == 422
    assert "has no column for mail addresses" in page.text
    assert kept_files() == []


def test_what_is_too_much_for_the_page_is_for_the_command(
    client: Client, kim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_LINES", 5)
    assert "takes 5. Longer lists are for the command import_subscribers" in upload(client).text

    monkeypatch.setattr(uploads, "LARGEST", 50)
    assert "larger than ten megabytes" in upload(client).text
    assert Subscriber.objects.count() == 0
    assert kept_files() == []


def test_a_list_that_brings_nothing_has_no_button(client: Client, kim: User) -> None:
    make_subscriber("ann@example.org")

    page = upload(client, "email,subscribed_to_emails\nann@example.org,true\n").text

    assert "Nothing in this file is new" in page
    assert 'name="bring"' not in page


def test_the_list_comes_as_a_file(client: Client, kim: User) -> None:
    make_subscriber("=ann@example.org")

    answer = client.post("/admin/newsletter/export/")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1].startswith("'=ann@example.org,active,")
    assert answer["Content-Disposition"].startswith('attachment; filename="subscribers-20')
    assert "no-store" in answer["Cache-Control"]


# --- The command --------------------------------------------------------------------------------------------------


def test_the_command_prints_the_table_and_a_closing_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(path) for path in write(tmp_path, subscribed=SUBSCRIBED, unsubscribed=UNSUBSCRIBED)]

    call_command("import_subscribers", *paths, "--dry-run")
    foretold = capsys.readouterr().out.splitlines()
    assert Suppression.objects.count() == 0
    call_command("import_subscribers", *paths)
    done = capsys.readouterr().out.splitlines()

    assert foretold[:-1] == done[:-1]
    assert foretold[-1] == "8 lines read, 2 people would be put on the list, nothing stored."
    assert done[-1] == "8 lines read, 2 people were put on the list."
    assert Subscriber.objects.count() == 2


def test_the_command_fails_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not there"):
        call_command("import_subscribers", str(tmp_path / "none.csv"))
