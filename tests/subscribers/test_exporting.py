"""The list as CSV, out and in again (threat T25)."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from subscribers import exporting, suppressing
from subscribers.importing import own
from subscribers.models import Consent, Subscriber, Suppression
from subscribers.models.suppression import digests_of
from tests.factories import make_author, make_subscriber, make_tag
from tests.subscribers.lists import bring

Status = Subscriber.Status
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_a_cell_that_a_spreadsheet_computes_begins_with_an_apostrophe(begin: str) -> None:
    assert own.neutral(f"{begin}1+1") == f"'{begin}1+1"


@given(st.text(alphabet="'=+-@\t\ra"))
def test_taking_the_apostrophe_away_gives_back_what_was(cell: str) -> None:
    assert own.as_it_was(own.neutral(cell)) == cell
    assert own.neutral(cell).lstrip("'") == cell.lstrip("'")


@pytest.mark.parametrize("cell", ["ann@example.org", "'ann@example.org", "2026-05-04T10:05:00+00:00", "", "a=b"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert own.neutral(cell) == own.as_it_was(cell) == cell


@pytest.mark.django_db
def test_the_digests_are_those_of_suppressions() -> None:
    emails = ["Ann@Example.org", " ben@example.org", "zoë@example.org"]

    assert digests_of(emails) == [suppressing.digest_of(email) for email in emails]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def exported(**options: bool) -> list[dict[str, str]]:
    return rows("".join(exporting.lines(**options)))


def make_list() -> None:
    tags, author = [make_tag(slug="open-web"), make_tag(slug="über")], make_author(slug="ann")
    now = timezone.now()
    plus = make_subscriber("+ann@example.org", cadence="weekly", chosen_only=True, plain_text=True, paused_until=now)
    plus.tags.set(tags)
    plus.authors.set([author])
    plus.consents.create(kind=Consent.Kind.CONFIRMED, place=Consent.Place.LINK)
    make_subscriber("=1+1@example.org", created_at=now - 700 * DAY, confirmed_at=now - 350 * DAY)
    make_subscriber("'=odd@example.org")
    make_subscriber("waits@example.org", status=Status.PENDING)
    make_subscriber("left@example.org", status=Status.UNSUBSCRIBED, left_at=now)
    make_subscriber("never@example.org", status=Status.SUPPRESSED, left_at=now)
    Suppression.objects.create(digest=suppressing.digest_of("never@example.org"), cause=Suppression.Cause.OWNER)


@pytest.mark.django_db
def test_an_export_holds_nothing_that_a_spreadsheet_computes() -> None:
    make_list()

    assert not any(cell.startswith(tuple("=+-@\t\r")) for row in exported() for cell in row.values())
    assert {row["email"] for row in exported(raw=True)} == set(Subscriber.objects.values_list("email", flat=True))


@pytest.mark.django_db
def test_a_list_that_was_taken_out_and_brought_in_is_the_same(tmp_path: Path) -> None:
    make_list()
    path = tmp_path / "out.csv"
    call_command("export_subscribers", str(path))
    before = exported(raw=True)
    tables: list[type[Model]] = [Consent, Subscriber, Suppression]
    for model in tables:
        model._default_manager.all().delete()

    table = bring(path)

    after = exported(raw=True)
    told = {row.pop("consent") for row in after}
    assert any("confirmed (link)" in words for words in told)
    assert after == [
        {name: cell for name, cell in row.items() if name != "consent"} for row in before if row["status"] == "active"
    ]
    found = {email: suppressing.is_suppressed(email) for email in ("left@example.org", "never@example.org")}
    assert [one and one.cause for one in found.values()] == ["left", "owner"]
    assert table.lines == 6
    assert table.adds_up
    assert bring(path).changes == 0


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 9])
def test_an_export_costs_the_same_queries_for_any_number(django_assert_num_queries, number: int) -> None:
    suppressing.digest_of("the key is made")
    for _ in range(number):
        make_subscriber().consents.create(kind=Consent.Kind.CONFIRMED, place=Consent.Place.LINK)

    with django_assert_num_queries(7):  # people; key, causes, tags, authors, consents; nobody is left
        assert len(exported()) == number


@pytest.mark.django_db
def test_the_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    for _ in range(5):
        make_subscriber()
    path = tmp_path / "out.csv"
    call_command("export_subscribers", str(path))
    assert len(rows(path.read_text(encoding="utf-8"))) == 5
    assert path.stat().st_mode & 0o077 == 0

    with pytest.raises(CommandError):
        call_command("export_subscribers", str(tmp_path / "no-folder" / "out.csv"))
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
