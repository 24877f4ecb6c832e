"""An issue on its way: one thread that keeps the ledger, and a thread for each connection to the mail server.

The ledger's thread alone asks the database and makes the mails. In one transaction it writes what came of the mails
that came back and marks the next one of each idle line as on its way; only when that is committed do the lines begin.
So a kill leaves at most one mail for each connection of which nobody knows whether it arrived, and a commit writes no
more than the lines can have in hand. docs/decisions/0023 says why like this.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

from django.conf import settings
from django.db import OperationalError, connection, transaction

from blog import failpoints
from blog.routes import Outcome, Ready, Route, Verdict, open_route
from subscribers import ledger
from subscribers.breaker import Breaker
from subscribers.digest_matter import NothingToSay
from subscribers.ledger import Claim, Entry, State
from subscribers.letters import Letter, Reader
from subscribers.lines import Line, Report, Reports
from subscribers.models import Issue, Subscriber
from subscribers.pacing import Pace

logger = logging.getLogger(__name__)

BATCH = 100  # deliveries claimed at a time
TURN = 60  # seconds after which another issue has its turn
PATIENCE = [0, 1, 4, 15, 30]  # seconds between two tries to write the ledger

LEFT = "No longer on the list."
PAUSED = "Asked for a pause."


class Prepared(NamedTuple):
    """A mail that waits for a line."""

    claim: Claim
    mail: Ready


def make(letter: Letter, claim: Claim, route: Route) -> Ready:
    """Make the mail of one delivery, as the route takes it. Raises whatever a text can raise that cannot be made."""
    reader = Reader(claim.delivery, claim.subscriber or 0, claim.address, claim.plain_text)
    return letter.ready(reader, takes_bytes=route.takes_bytes)


class Dispatch:
    """One pass over an issue, until nothing is due, its turn is over, or it may not go on."""

    def __init__(
        self, issue: Issue, letter: Letter, stopped: Callable[[], bool], is_wanted: Callable[[Issue], bool]
    ) -> None:
        self.issue, self.letter = issue, letter
        self.sent = 0
        self._stopped, self._is_wanted = stopped, is_wanted
        self._until = time.monotonic() + TURN
        self._pace = Pace()
        self._breaker = Breaker(issue)
        self._claims: deque[Claim] = deque()
        self._prepared: deque[Prepared] = deque()
        self._entries: list[Entry] = []  # to be written with the next commit
        self._reports = Reports()
        self._lines: dict[Line, Claim | None] = {}  # each with what it has in hand
        self._idle: list[Line] = []
        self._opened = 0
        self._nothing_due = self._closing = False
        self._route: Route | None = None

    def run(self) -> int:
        """Send; return how many mails a server took."""
        with ExitStack() as lent:
            try:
                while self._goes_on():
                    self._prepare(lent)
                    self._listen()
                    self._close_if_told()
                    self._write()
                self._give_back()
                self._breaker.settle_rest()
            finally:
                # Whatever ended this: the mails on their way come back, and what came of them is written.
                self._closing = True
                for line in self._lines:
                    line.hang_up()
                self._hear()
                self._write()
        return self.sent

    def _goes_on(self) -> bool:
        in_hand = any(claim is not None for claim in self._lines.values())
        to_do = not self._nothing_due or self._claims or self._prepared
        return bool(in_hand or self._entries or (to_do and not self._closing))

    # --- Before a mail goes out ----------------------------------------------------------------------------------

    def _prepare(self, lent: ExitStack) -> None:
        """Have a mail ready for each line, and the lines opened that it takes, while those before are on their way."""
        if self._closing:
            return
        if not self._claims and not self._nothing_due:
            self._claim()
        self._open_lines(lent)
        while self._claims and self._route and len(self._prepared) < max(len(self._lines), 1):
            claim = self._claims.popleft()
            try:
                self._prepared.append(Prepared(claim, make(self.letter, claim, self._route)))
            except NothingToSay as reason:
                self._entries.append(Entry(claim, State.SKIPPED, str(reason)))
            except Exception as error:
                logger.exception("A mail could not be made: %s of issue %s", claim.delivery, self.issue.pk)
                verdict = Verdict(Outcome.BARRED, 0, f"The message could not be made: {error}")
                self._entries.append(self._breaker.judge(claim, verdict, was_begun=False))
                self._closing = self._breaker.is_open
            if not self._reports.empty():
                return

    def _claim(self) -> None:
        if not self._is_wanted(self.issue):
            self.issue.stop()
            self._closing = True
            return
        with transaction.atomic():
            claims = ledger.claim(self.issue, self._pace.most(BATCH))
            now, waiting = self._pace.admit(claims)
            for claim, turn in waiting:
                ledger.release([claim], turn)
        self._claims.extend(now)
        self._nothing_due = not claims
        failpoints.reached("claimed")

    def _open_lines(self, lent: ExitStack) -> None:
        most = min(settings.MAIL_CONNECTIONS, len(self._claims) + len(self._prepared) + len(self._lines))
        while self._opened < most:
            self._route = lent.enter_context(open_route(fallback=self.issue.fallback))
            line = Line(self._route, self._reports)
            self._opened += 1
            self._lines[line] = None

    # --- While mails are on their way -----------------------------------------------------------------------------

    def _listen(self) -> None:
        """Take what the lines report; wait for it where there is nothing else to do."""
        if self._prepared:
            for line in self._lines:
                line.start()
        in_hand = any(claim is not None for claim in self._lines.values())
        can_begin = self._idle and self._prepared
        waits = in_hand or (self._lines and self._prepared)
        if waits and not can_begin and not self._entries:
            self._take(self._reports.get())
        self._hear()

    def _hear(self) -> None:
        while not self._reports.empty():
            self._take(self._reports.get())

    def _take(self, report: Report) -> None:
        claim = self._lines[report.line]
        if report.verdict is not None and claim is not None:
            self._lines[report.line] = None
            self._entries.append(self._breaker.judge(claim, report.verdict))
            self._closing = self._closing or self._breaker.is_open
        if report.is_open:
            self._idle.append(report.line)
        if report.unreachable:
            del self._lines[report.line]
            if not self._lines:
                self._breaker.rest(f"No connection: {report.unreachable}")
                self._closing = True

    def _close_if_told(self) -> None:
        """Give back at once what was not begun, when the pass has to end."""
        if self._stopped() or time.monotonic() > self._until:
            self._closing = True
        if self._closing:
            self._give_back()

    def _give_back(self) -> None:
        claims = [*self._claims, *(prepared.claim for prepared in self._prepared)]
        if claims:
            with transaction.atomic():
                ledger.release(claims)
            self._claims.clear()
            self._prepared.clear()

    # --- The commit between one mail and the next -----------------------------------------------------------------

    def _write(self) -> None:
        pairs = list(zip(self._idle, self._prepared, strict=False)) if not self._closing else []
        if not pairs and not self._entries:
            return
        begun = persist(lambda: self._commit([prepared.claim for _line, prepared in pairs]))
        self.sent += sum(entry.state is State.SENT for entry in self._entries)
        if self._entries:
            failpoints.reached("marked")
        self._entries.clear()
        for _pair in pairs:
            self._prepared.popleft()
        for line, prepared in pairs:
            claim = begun.get(prepared.claim.delivery)
            if claim is not None:
                self._idle.remove(line)
                self._lines[line] = claim
                failpoints.reached("begun")
                line.give(prepared.mail)

    def _commit(self, next_ones: list[Claim]) -> dict[int, Claim]:
        """Write results and beginnings in one transaction; return the claims that were begun, by delivery."""
        with transaction.atomic():
            ledger.settle(self._entries)
            self._breaker.note(self._entries)
            if self._entries:
                failpoints.reached("marking")
            begun = {claim.delivery: claim for claim in ledger.begin(self.issue, next_ones)} if next_ones else {}
            if len(begun) < len(next_ones):
                self._look_why([claim for claim in next_ones if claim.delivery not in begun])
            if begun:
                failpoints.reached("beginning")
        return begun

    def _look_why(self, refused: list[Claim]) -> None:
        """Record why these may not go out, or end the pass if it is the issue that may not."""
        if not Issue.objects.filter(pk=self.issue.pk, state=Issue.State.SENDING).exists():
            ledger.release(refused)
            self._closing = True
            return
        active = Subscriber.objects.active().filter(pk__in=[claim.subscriber for claim in refused])
        here = set(active.values_list("pk", flat=True))
        # What another worker holds by now stays as it is: the fence is another.
        ledger.settle([Entry(claim, State.SKIPPED, PAUSED if claim.subscriber in here else LEFT) for claim in refused])


def persist(write: Callable[[], dict[int, Claim]]) -> dict[int, Claim]:
    """Do this, again and again for a minute while the database cannot: mails that are out have to be written down."""
    for seconds in PATIENCE:
        try:
            return write()
        except OperationalError:
            if connection.in_atomic_block:
                raise
            logger.exception("The ledger could not be written; trying again.")
            connection.close()
            time.sleep(seconds)
    return write()
