"""What an answer means for a delivery, and when the answers say that it is not about one reader.

Ten refusals in a row because of who sends or of the text: somebody has to look, the issue is paused. Ten mails in a row
of which nobody knows whether they arrived: the same. Ten that were put off, or no connection at all: the server is left
alone for a while, and sending goes on by itself.
"""

import datetime
import logging
import re
from collections import Counter
from collections.abc import Sequence

from django.utils import timezone

from blog.models.mail import RETRY_AFTER
from blog.routes import Outcome, Verdict
from subscribers import bouncing, ledger
from subscribers.ledger import Claim, Entry, State
from subscribers.models import Bounce, Delivery, Issue

logger = logging.getLogger(__name__)

IN_A_ROW = 10
RESTS = [datetime.timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60)]
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


class Breaker:
    """Judges the answers of one pass over an issue."""

    def __init__(self, issue: Issue) -> None:
        self.is_open = False  # the issue was paused or rests: nothing more goes out in this pass
        self._issue = issue
        self._in_a_row: Counter[Outcome] = Counter()  # since the last mail that was taken
        self._barred: list[Entry] = []  # of those, to fail if it turns out that it was about them alone
        self._taken = False
        self._refused: list[tuple[Claim, Verdict]] = []

    def judge(self, claim: Claim, verdict: Verdict, *, was_begun: bool = True) -> Entry:
        """Return what becomes of a delivery. Pauses the issue, or lets it rest, when the answers add up to that."""
        said = str(verdict)
        if verdict.outcome is Outcome.TAKEN:
            self._in_a_row.clear()
            self._taken = True
            return Entry(claim, State.SENT, answer=said)
        if verdict.outcome is Outcome.REFUSED:
            self._refused.append((claim, verdict))
            return Entry(claim, State.FAILED, said)
        self._in_a_row[verdict.outcome] += 1
        entry = self._entry(claim, verdict, was_begun=was_begun)
        if verdict.outcome is Outcome.BARRED:
            self._barred.append(entry)
        self._look_at_the_row(said)
        return entry

    def _entry(self, claim: Claim, verdict: Verdict, *, was_begun: bool) -> Entry:
        said = str(verdict)
        if verdict.outcome is Outcome.LOST:
            return Entry(claim, State.UNKNOWN, said)
        if verdict.outcome is Outcome.BARRED:
            later = timezone.now() + RETRY_AFTER[0]
            return Entry(claim, State.DEFERRED, said, next_try_at=later, counted=not was_begun)
        if claim.attempts >= len(RETRY_AFTER):
            return Entry(claim, State.FAILED, said)
        return Entry(claim, State.DEFERRED, said, next_try_at=timezone.now() + RETRY_AFTER[claim.attempts])

    def _look_at_the_row(self, said: str) -> None:
        if self.is_open:
            return
        row = self._in_a_row
        if row[Outcome.BARRED] >= IN_A_ROW or row[Outcome.LOST] >= IN_A_ROW:
            self._pause(said)
        elif row[Outcome.LATER] + row[Outcome.BROKE] >= IN_A_ROW:
            self.rest(said)

    def _pause(self, why: str) -> None:
        self.is_open = True
        self._issue.pause(why)
        logger.warning("Issue %s is paused: %s", self._issue.pk, why)

    def rest(self, why: str) -> None:
        """Leave the server alone, for longer each time, until a mail is taken again."""
        self.is_open = True
        until = timezone.now() + RESTS[min(self._issue.rests, len(RESTS) - 1)]
        self._issue.rest(until, why)
        logger.warning("Issue %s rests until %s: %s", self._issue.pk, until, why)

    def note(self, entries: Sequence[Entry]) -> None:
        """Write what else follows from these results, in the transaction that writes them."""
        for claim, verdict in self._refused:
            status = ENHANCED.search(verdict.words)
            bouncing.note(
                Delivery.objects.get(pk=claim.delivery),
                Bounce.Kind.HARD,
                Bounce.Source.ANSWER,
                status.group() if status else "",
                ledger.clean(str(verdict)),
            )
        if any(entry.state is State.SENT for entry in entries):
            self._issue.note_progress()
            self._fail_barred()

    def noted(self) -> None:
        """Say that this transaction was committed."""
        self._refused = []
        if not self._in_a_row:
            self._barred = []

    def settle_rest(self) -> None:
        """At the end of the pass: what was refused because of who sends was about these readers if others were taken.

        Where nobody's mail was ever taken, it is about who sends: the issue is paused, and nothing is lost.
        """
        if not self._barred or self.is_open:
            return
        if self._taken or Delivery.objects.filter(issue=self._issue, state=State.SENT).exists():
            self._fail_barred()
        else:
            self._pause(self._barred[-1].error)

    def _fail_barred(self) -> None:
        if not self.is_open:
            ledger.give_up(self._barred)
