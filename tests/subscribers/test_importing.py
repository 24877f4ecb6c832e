"""What an import believes, and what it never does (threats T23 and T39)."""

import datetime
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from subscribers import suppressing
from subscribers.importing import bringing, writing
from subscribers.importing.entry import Entry, Standing, UnreadableListError
from subscribers.importing.judging import Here, judge
from subscribers.importing.table import Outcome
from subscribers.models import Consent, FormText, Notice, Subscriber, Suppression
from tests.factories import make_subscriber
from tests.subscribers.lists import CLEANED, SUBSCRIBED, UNSUBSCRIBED, bring, counted, write, zipped

pytestmark = pytest.mark.django_db

Cause, Status = Suppression.Cause, Subscriber.Status
LISTMONK = "email,name,attributes,status,created_at\n"


@pytest.fixture
def mailchimp(tmp_path: Path) -> list[Path]:
    return write(tmp_path, subscribed=SUBSCRIBED, unsubscribed=UNSUBSCRIBED, cleaned=CLEANED)


def plain(folder: Path, *emails: str) -> Path:
    return write(folder, plain="\n".join(["email", *emails]))[0]


def listmonk(folder: Path, *rows: str) -> Path:
    return write(folder, listmonk=LISTMONK + "\n".join(f"{row},2021-05-04" for row in rows))[0]


def everything() -> tuple[object, ...]:
    models = (Subscriber, Suppression, Consent, FormText, Notice)
    return tuple(list(model.objects.order_by("pk").values_list()) for model in models)


def statuses() -> dict[str, str]:
    return dict(Subscriber.objects.values_list("email", "status"))


def causes(*emails: str) -> list[str | None]:
    found = [suppressing.is_suppressed(email) for email in emails]
    return [one.cause if one else None for one in found]


# --- The table ----------------------------------------------------------------------------------------------------

FULL = {
    Outcome.ADDED: 2,
    Outcome.UNCONFIRMED: 1,
    Outcome.LEFT_THERE: 1,
    Outcome.BOUNCED_THERE: 1,
    Outcome.REFUSED_THERE: 1,
    Outcome.DUPLICATE: 2,
    Outcome.INVALID: 1,
}


def test_a_dry_run_says_what_the_import_does_and_changes_nothing(mailchimp: list[Path]) -> None:
    before = everything()

    foretold = bring(*mailchimp, dry_run=True)

    assert everything() == before
    assert counted(foretold) == counted(bring(*mailchimp)) == FULL
    assert statuses() == {"ann@example.org": "active", "admin@example.org": "active"}


def test_the_sums_add_up(mailchimp: list[Path]) -> None:
    table = bring(*mailchimp)

    assert table.lines == 9
    assert table.adds_up
    assert sum(row.number for row in table.rows()) == table.lines


def test_a_second_run_changes_nothing(mailchimp: list[Path]) -> None:
    bring(*mailchimp)
    before = everything()

    again = bring(*mailchimp)

    assert everything() == before
    assert again.changes == 0
    assert counted(again)[Outcome.HERE] == 2
    assert counted(again)[Outcome.KNOWN_NO] == 3
    assert again.adds_up


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
def test_a_no_counts_in_whatever_order_the_files_come(mailchimp: list[Path], order: list[int]) -> None:
    table = bring(*(mailchimp[n] for n in order))

    assert counted(table) == FULL
    assert causes("cat@example.org", "eve@example.org", "fay@example.org") == ["left", "complaint", "bounce"]


def test_the_three_files_come_in_one_zip_as_well(tmp_path: Path) -> None:
    others = [("posts.csv", "post_id,email_sent_at\n1,\n"), ("opens.csv", "post_id,email\n1,spy@example.org\n")]
    path = zipped(tmp_path, ("a.csv", SUBSCRIBED), ("b.csv", UNSUBSCRIBED), ("c.csv", CLEANED), *others)

    table = bring(path)

    assert counted(table) == FULL
    assert sum("left out" in note for note in table.notes) == 2


def test_nobody_is_mailed(mailchimp: list[Path]) -> None:
    make_subscriber("ann@example.org", status=Status.PENDING)

    bring(*mailchimp)

    assert Notice.objects.count() == 0
    assert mail.outbox == []


def test_what_is_worth_a_look_is_named(tmp_path: Path) -> None:
    bad = [f"nobody{n}" for n in range(25)]
    table = bring(plain(tmp_path, *bad, "abuse@example.org"), kind="subscribed", consent="At the fair")

    remarks = "\n".join(table.remarks())
    assert "1 address is an office's" in remarks
    assert "plain.csv, line 2;" in remarks
    assert "plain.csv, line 21; and 5 more." in remarks
    assert "nobody" not in remarks.replace("nobody there", "")


# --- What is believed ---------------------------------------------------------------------------------------------


def test_the_evidence_comes_along_without_the_ip_address(mailchimp: list[Path]) -> None:
    bring(*mailchimp)

    ann = Subscriber.objects.get(email="ann@example.org")
    line = ann.consents.get()
    assert (line.kind, line.place) == (Consent.Kind.IMPORTED, Consent.Place.IMPORT)
    assert line.detail == {
        "from": "mailchimp",
        "asked": "2021-05-04T10:00:00+00:00",
        "confirmed": "2021-05-04T10:05:00+00:00",
    }
    assert len(line.network) == 64
    assert "203.0.113" not in str(everything())
    assert ann.confirmed_at == datetime.datetime(2021, 5, 4, 10, 5, tzinfo=datetime.UTC)
    assert ann.created_at == datetime.datetime(2021, 5, 4, 10, 0, tzinfo=datetime.UTC)


def test_a_plain_list_comes_with_somebodys_word(tmp_path: Path) -> None:
    path = plain(tmp_path, "ann@example.org", "ben@example.org")

    for said in ({}, {"kind": "subscribed"}):
        with pytest.raises(UnreadableListError, match="plain list"):
            bring(path, **said)
    bring(path, kind="subscribed", consent="Signed a sheet at the fair in May")

    lines = Consent.objects.select_related("text")
    assert [line.text.text for line in lines if line.text] == ["Signed a sheet at the fair in May"] * 2
    assert FormText.objects.count() == 1


@pytest.mark.parametrize(("kind", "cause"), [("unsubscribed", "left"), ("cleaned", "bounce")])
def test_a_plain_list_of_noes_needs_no_word(tmp_path: Path, kind: str, cause: str) -> None:
    (headless,) = write(tmp_path, gone="Ann,ann@example.org\n")

    bring(headless, kind=kind)

    assert causes("Ann@EXAMPLE.org") == [cause]
    assert statuses() == {}


def test_a_files_name_says_what_its_columns_do_not(tmp_path: Path) -> None:
    row = SUBSCRIBED.splitlines()[1]
    text = SUBSCRIBED.splitlines()[0] + "\n" + row
    (cleaned,) = write(tmp_path, cleaned_members_export_1a=text)
    (others,) = write(tmp_path, nonsubscribed_members_export_1a=text.replace("ann@", "ben@"))

    table = bring(cleaned, others)

    assert counted(table) == {Outcome.BOUNCED_THERE: 1, Outcome.UNCONFIRMED: 1}


def test_nobody_is_called_subscribed_against_the_files_own_word(mailchimp: list[Path], tmp_path: Path) -> None:
    bring(mailchimp[1], kind="subscribed")

    assert statuses() == {}
    with pytest.raises(UnreadableListError, match="listmonk"):
        bring(listmonk(tmp_path, "a@example.org,,{},disabled"), kind="subscribed")


# --- What is known here comes first -------------------------------------------------------------------------------

ON, MAYBE = Standing.ON, Standing.UNCONFIRMED
ACTIVE, PENDING, GONE, BARRED = (Here(1, status) for status in ("active", "pending", "unsubscribed", "suppressed"))
BROUGHT = ACTIVE._replace(confirmed_here=False)


@pytest.mark.parametrize(
    ("standing", "here", "barred", "outcome"),
    [
        (ON, None, "", Outcome.ADDED),
        (ON, PENDING, "", Outcome.CONFIRMED),
        (ON, PENDING._replace(left_before=True), "", Outcome.LEFT_HERE),
        (ON, ACTIVE, "", Outcome.HERE),
        (ON, ACTIVE, "left", Outcome.HERE),
        (ON, GONE, "", Outcome.LEFT_HERE),
        (ON, None, "left", Outcome.LEFT_HERE),
        (ON, PENDING, "left", Outcome.LEFT_HERE),
        (ON, BARRED, "", Outcome.BARRED),
        *((ON, None, cause, Outcome.BARRED) for cause in ("owner", "complaint", "staff", "bounce", "erased")),
        (MAYBE, None, "", Outcome.UNCONFIRMED),
        (MAYBE, PENDING, "", Outcome.UNCONFIRMED),
        (MAYBE, ACTIVE, "", Outcome.HERE),
        (Cause.LEFT, None, "", Outcome.LEFT_THERE),
        (Cause.LEFT, ACTIVE, "", Outcome.STAYS),
        (Cause.LEFT, BROUGHT, "", Outcome.LEFT_THERE),
        (Cause.LEFT, GONE, "left", Outcome.KNOWN_NO),
        (Cause.LEFT, None, "complaint", Outcome.KNOWN_NO),
        (Cause.BOUNCE, ACTIVE, "", Outcome.STAYS),
        (Cause.BOUNCE, None, "left", Outcome.KNOWN_NO),
        (Cause.BOUNCE, None, "", Outcome.BOUNCED_THERE),
        (Cause.COMPLAINT, ACTIVE, "", Outcome.REFUSED_THERE),
        (Cause.COMPLAINT, None, "left", Outcome.REFUSED_THERE),
        (Cause.STAFF, BARRED, "owner", Outcome.KNOWN_NO),
        (Cause.STAFF, GONE, "staff", Outcome.REFUSED_THERE),
    ],
)
def test_what_becomes_of_a_line(standing: Standing | Cause, here: Here | None, barred: str, outcome: Outcome) -> None:
    assert judge(Entry("a@example.org", standing), here, barred) is outcome


@pytest.mark.parametrize("cause", Cause.values)
def test_who_is_suppressed_never_comes_back_by_an_import(tmp_path: Path, cause: str) -> None:
    Suppression.objects.create(digest=suppressing.digest_of("Ann@Example.org"), cause=cause)

    bring(plain(tmp_path, "ann@example.org"), kind="subscribed", consent="The fair")

    assert statuses() == {}
    assert causes("ann@example.org") == [cause]


def test_who_left_there_after_an_earlier_import_leaves_here(mailchimp: list[Path]) -> None:
    make_subscriber("cat@example.org")  # confirmed here themselves
    make_subscriber("eve@example.org")
    brought = make_subscriber("fay@example.org")
    brought.consents.create(kind=Consent.Kind.IMPORTED, place=Consent.Place.IMPORT)

    bring(*mailchimp)

    now = statuses()
    assert (now["cat@example.org"], now["eve@example.org"], now["fay@example.org"]) == (
        "active",
        "suppressed",
        "unsubscribed",
    )
    assert causes("cat@example.org", "eve@example.org", "fay@example.org") == [None, "complaint", "bounce"]
    assert brought.consents.filter(kind=Consent.Kind.LEFT, place=Consent.Place.IMPORT).exists()


def test_the_stronger_no_of_two_is_kept(tmp_path: Path) -> None:
    table = bring(listmonk(tmp_path, "a@example.org,,{},disabled", "a@example.org,,{},blocklisted"))

    assert causes("a@example.org") == ["staff"]
    assert counted(table) == {Outcome.LEFT_THERE: 1, Outcome.DUPLICATE: 1}


def test_who_waits_here_and_confirmed_there_is_on_the_list(mailchimp: list[Path]) -> None:
    waiting = make_subscriber("ANN@example.org", status=Status.PENDING)

    table = bring(*mailchimp)

    waiting.refresh_from_db()
    assert waiting.status == Status.ACTIVE
    assert waiting.consents.get().kind == Consent.Kind.IMPORTED
    assert counted(table)[Outcome.CONFIRMED] == 1


# --- Batches ------------------------------------------------------------------------------------------------------


def test_stopped_half_way_and_run_again_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "BATCH", 10)
    path = plain(tmp_path, *(f"reader{n}@example.org" for n in range(35)))

    def stop(lines: int) -> None:
        if lines == 20:
            raise KeyboardInterrupt

    options = bringing.Options("subscribed", "The fair")
    with pytest.raises(KeyboardInterrupt):
        bringing.bring([path], options, dry_run=False, progress=stop)
    assert Subscriber.objects.count() == 20
    table = bring(path, kind="subscribed", consent="The fair")

    assert counted(table) == {Outcome.HERE: 20, Outcome.ADDED: 15}
    assert Consent.objects.count() == 35


def test_who_subscribes_in_the_same_moment_is_found_by_a_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_here = writing.known_here

    def late(candidates: list[writing.Candidate]) -> dict[str, Here]:
        monkeypatch.setattr(writing, "known_here", known_here)
        raise IntegrityError

    monkeypatch.setattr(writing, "known_here", late)

    assert counted(bring(plain(tmp_path, "a@example.org"), kind="unsubscribed")) == {Outcome.LEFT_THERE: 1}


def test_a_batch_costs_the_same_queries_for_any_number(tmp_path: Path, django_assert_max_num_queries) -> None:
    suppressing.digest_of("the key is made")
    path = plain(tmp_path, *(f"reader{n}@example.org" for n in range(300)))

    # digests' key, judged by two, form text by four, a savepoint and its end, people and evidence in a few pieces
    with django_assert_max_num_queries(20):
        bring(path, kind="subscribed", consent="The fair")


def test_somebody_brought_in_is_as_if_they_had_confirmed(mailchimp: list[Path]) -> None:
    bring(*mailchimp)

    assert Subscriber.objects.awake().count() == 2
    assert not Subscriber.objects.filter(confirmed_at__gt=timezone.now()).exists()
