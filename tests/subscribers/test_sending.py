"""An issue on its way: what the answers add up to, how fast it goes, and how it ends when it is told to."""

import datetime
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from blog.routes import Outcome, Ready, Unreachable, Verdict
from subscribers import ledger, newsletter, sending
from subscribers.models import Bounce, Delivery, Issue
from tests.subscribers.sending import make_started, states

pytestmark = pytest.mark.django_db

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
TAKEN = Verdict(Outcome.TAKEN, 250, "2.0.0 taken as 17")
BARRED = Verdict(Outcome.BARRED, 554, "5.7.1 no spam please")
LATER = Verdict(Outcome.LATER, 451, "4.3.0 not now")
LOST = Verdict(Outcome.LOST, 0, "The connection broke after the text: it did")


class Server:
    """Answers what a test wants; a route for each line."""

    takes_bytes = False

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.answer: Callable[[str], Verdict] = lambda address: TAKEN
        self.lines = 0
        self.most_lines = 100

    def open(self) -> None:
        if self.lines > self.most_lines:
            raise Unreachable("421 too many connections")

    def send(self, mail: Ready) -> Verdict:
        verdict = self.answer(mail.recipient)
        if verdict.outcome is Outcome.TAKEN:
            self.taken.append(mail.recipient)
        return verdict

    def close(self) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Server:
    settings.MAIL_CONNECTIONS = 1
    there = Server()

    @contextmanager
    def open_route(*, fallback: bool) -> Iterator[Server]:
        there.lines += 1
        yield there

    monkeypatch.setattr(sending, "open_route", open_route)
    return there


def started(number: int) -> Issue:
    return make_started(*(f"reader{n:02}@example.org" for n in range(number)))


def count() -> dict[str, int]:
    return dict(Counter(states().values()))


# --- What an answer means -----------------------------------------------------------------------------------------


def test_the_answer_of_the_server_is_kept(server: Server) -> None:
    started(1)
    newsletter.run_once()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.answer, delivery.attempts) == ("sent", "250 2.0.0 taken as 17", 1)


def test_a_refusal_because_of_the_reader_is_a_bounce(server: Server) -> None:
    started(2)
    no = Verdict(Outcome.REFUSED, 550, "5.1.1 nobody here")
    server.answer = lambda address: no if address.startswith("reader00") else TAKEN
    newsletter.run_once()

    assert count() == {"failed": 1, "sent": 1}
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.source, bounce.status, bounce.words) == (
        "hard",
        "answer",
        "5.1.1",
        "550 5.1.1 nobody here",
    )


def test_ten_refusals_in_a_row_because_of_who_sends_pause_the_issue_and_lose_nobody(server: Server) -> None:
    issue = started(15)
    server.answer = lambda address: BARRED
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, issue.why_paused) == (Issue.State.PAUSED, "554 5.7.1 no spam please")
    assert count() == {"deferred": 10, "pending": 5}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}

    server.answer = lambda address: TAKEN
    assert newsletter.run_once().mails_sent == 0  # until somebody resumes it
    issue.resume()
    with time_machine.travel(timezone.now() + HOUR):
        newsletter.run_once()
    assert count() == {"sent": 15}


@pytest.mark.parametrize("which", ["reader00", "reader03", "reader05"], ids=["first", "in the middle", "last"])
def test_one_such_refusal_among_successes_was_about_that_mail(server: Server, which: str) -> None:
    issue = started(6)
    server.answer = lambda address: BARRED if address.startswith(which) else TAKEN
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, count()) == (Issue.State.SENT, {"failed": 1, "sent": 5})


def test_a_short_list_of_which_nobody_could_be_mailed_is_paused_too(server: Server) -> None:
    issue = started(3)
    server.answer = lambda address: BARRED
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, count()) == (Issue.State.PAUSED, {"deferred": 3})


def test_ten_mails_in_a_row_that_nobody_knows_of_pause_the_issue(server: Server) -> None:
    issue = started(15)
    server.answer = lambda address: LOST
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, count()) == (Issue.State.PAUSED, {"unknown": 10, "pending": 5})


def test_ten_in_a_row_that_were_put_off_let_the_issue_rest_for_a_while(server: Server) -> None:
    issue = started(15)
    server.answer = lambda address: LATER
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, issue.rests_until, issue.rests) == (Issue.State.SENDING, now + MINUTE, 1)
    assert count() == {"deferred": 10, "pending": 5}

    server.answer = lambda address: TAKEN
    with time_machine.travel(now + HOUR, tick=False):
        newsletter.run_once()
    issue.refresh_from_db()
    assert (issue.state, issue.rests, issue.why_paused, count()) == (Issue.State.SENT, 0, "", {"sent": 15})


def test_a_mail_that_cannot_be_made_at_all_pauses_the_issue(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(issue: Issue) -> None:
        raise ValueError("no template")

    issue = started(2)
    monkeypatch.setattr(newsletter, "Letter", break_off)
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, count()) == (Issue.State.PAUSED, {"pending": 2})
    assert "no template" in issue.why_paused


# --- Several connections ------------------------------------------------------------------------------------------


def test_several_connections_each_have_a_mail_on_its_way(server: Server, settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 3
    issue = started(9)
    together = threading.Barrier(3)

    def meet(address: str) -> Verdict:
        together.wait(timeout=30)  # nobody is answered before three are on their way
        return TAKEN

    server.answer = meet
    newsletter.run_once()

    issue.refresh_from_db()
    assert (server.lines, issue.state, count()) == (3, Issue.State.SENT, {"sent": 9})
    assert sorted(server.taken) == [f"reader{n:02}@example.org" for n in range(9)]


def test_a_server_that_takes_fewer_connections_gets_fewer(server: Server, settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 3
    issue = started(5)
    server.most_lines = 1
    opened = iter([False, True, True])
    server.open = lambda: _refuse() if next(opened, True) else None  # type: ignore[method-assign]
    newsletter.run_once()

    issue.refresh_from_db()
    assert (issue.state, count()) == (Issue.State.SENT, {"sent": 5})


def _refuse() -> None:
    raise Unreachable("421 too many connections")


def test_no_more_connections_are_opened_than_there_are_mails(server: Server, settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 8
    started(2)
    newsletter.run_once()

    assert server.lines == 2


@pytest.mark.parametrize("connections", [1, 3])
def test_told_to_stop_it_ends_what_is_on_its_way_and_gives_back_the_rest(
    server: Server, settings: Any, connections: int
) -> None:
    settings.MAIL_CONNECTIONS = connections
    issue = started(20)
    newsletter.run_once(lambda: len(server.taken) >= 4)

    found = count()
    assert found["sent"] == len(server.taken) >= 4
    assert set(found) == {"sent", "pending"}
    assert sum(ledger.sums(issue).values()) == issue.audience == 20


def test_paused_while_it_is_sent_it_stops_at_once_and_goes_on_when_resumed(server: Server) -> None:
    issue = started(4)

    def pause_once_one_is_out() -> bool:
        if server.taken:
            issue.pause("for the test")
        return False

    newsletter.run_once(pause_once_one_is_out)
    assert count() == {"sent": 1, "pending": 3}

    issue.resume()
    newsletter.run_once()
    assert count() == {"sent": 4}


def test_a_long_issue_leaves_others_their_turn(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TURN", -1)  # every turn is over before it began
    issue = started(3)

    assert newsletter.send_issue(issue) == 0
    assert count() == {"pending": 3}


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_written_at_once_is_written_later(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, failures = ledger.settle, iter([False, True, True, False])
    monkeypatch.setattr(sending, "PATIENCE", [0, 0, 0])

    def fail_now_and_then(entries: Any) -> None:
        if next(failures, False):
            raise OperationalError("database is locked")
        settle(entries)

    started(3)
    monkeypatch.setattr(ledger, "settle", fail_now_and_then)
    newsletter.run_once()

    assert count() == {"sent": 3}
    assert len(server.taken) == 3


def test_what_is_on_its_way_when_something_breaks_is_still_written(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_CONNECTIONS = 2
    issue = started(6)

    def break_off() -> bool:
        if server.taken:
            raise RuntimeError("for the test")
        return False

    with pytest.raises(RuntimeError):
        newsletter.send_issue(issue, break_off)

    assert len(server.taken) == count()["sent"] >= 1
    assert "transmitting" not in count()


# --- How fast it goes ---------------------------------------------------------------------------------------------


def test_an_hours_mails_are_spread_over_the_hour(server: Server, settings: Any) -> None:
    settings.MAIL_PER_HOUR = 120
    started(5)
    moment = datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.UTC)
    Delivery.objects.update(next_try_at=moment)

    sent = []
    for minutes in (0, 0, 1, 2):
        with time_machine.travel(moment + minutes * MINUTE, tick=False):
            sent.append(newsletter.run_once().mails_sent)

    assert sent == [2, 0, 2, 1]


def test_a_domain_that_has_to_wait_holds_up_no_other(server: Server, settings: Any) -> None:
    settings.MAIL_PER_DOMAIN_PER_HOUR = 60
    make_started("a@big.example", "b@big.example", "c@big.example", "d@small.example")
    moment = datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.UTC)
    Delivery.objects.update(next_try_at=moment)

    sent = []
    for minutes in (0, 0, 1, 2):
        with time_machine.travel(moment + minutes * MINUTE, tick=False):
            sent.append(newsletter.run_once().mails_sent)
        if not minutes:
            assert server.taken == ["a@big.example", "d@small.example"]
    assert sent == [2, 0, 1, 1]
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
