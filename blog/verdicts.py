"""What a mail server's answer means for one mail: a table of rules, and nothing else."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

# RFC 3463 section 2: class, subject and detail. Not every server gives one; some put it behind a few words.
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")

NO_SUCH_READER = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}  # nobody there, or not any more
SENDERS_ADDRESS = {"1.7", "1.8"}  # at whichever step it is said
MAILBOX_FULL = {"2.2"}
STORAGE_EXCEEDED = 552  # RFC 5321 section 4.2.3: of the reader's mailbox, where it is said of a reader


class Outcome(StrEnum):
    """What came of handing over one mail."""

    TAKEN = "taken"  # the server answers for it now
    LATER = "later"  # refused for now
    REFUSED = "refused"  # refused for good, because of this reader
    BARRED = "barred"  # refused for good, because of who sends or what: the next reader's would be, too
    BROKE = "broke"  # the line broke before the whole text was on it: it cannot have arrived
    LOST = "lost"  # the line broke after that: it may have arrived (RFC 5321 section 6.1)


class Verdict(NamedTuple):
    """An outcome, and what the server said: its three digits (0: it said nothing), its words, and in them its status.

    The status is one of RFC 3463's, such as 5.1.1; empty where the server gave none.
    """

    outcome: Outcome
    code: int = 0
    words: str = ""
    status: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.words}" if self.code else self.words


class Step(StrEnum):
    """What the answer was to."""

    SENDER = "sender"  # MAIL, DATA, and everything else that is about who sends
    READER = "reader"  # RCPT
    TEXT = "text"  # the text, up to its closing dot


class Answer(NamedTuple):
    """What a server said at one step. `reason` is its status without the class: 1.1 of 5.1.1."""

    step: Step
    code: int
    reason: str

    @property
    def subject(self) -> str:
        return self.reason.partition(".")[0]


# The first that holds. 4xx is for now, 5xx for good (RFC 5321 section 4.2.1); a full mailbox may be emptied, whatever
# class its server puts it in. Security and policy (x.7.x), the protocol (x.5.x) and the text (x.6.x) are the sender's.
RULES: list[tuple[Outcome, Callable[[Answer], bool]]] = [
    (Outcome.LATER, lambda answer: 400 <= answer.code < 500),
    (Outcome.BARRED, lambda answer: answer.step == Step.SENDER),
    (Outcome.LATER, lambda answer: answer.reason in MAILBOX_FULL),
    (
        Outcome.LATER,
        lambda answer: answer.step == Step.READER and answer.code == STORAGE_EXCEEDED and not answer.reason,
    ),
    (Outcome.BARRED, lambda answer: answer.subject in {"5", "6", "7"} or answer.reason in SENDERS_ADDRESS),
    (Outcome.REFUSED, lambda answer: answer.step == Step.READER or answer.reason in NO_SUCH_READER),
    (Outcome.BARRED, lambda answer: True),
]


def judge(code: int, words: bytes | str, step: Step) -> Verdict:
    """Say what an answer other than yes means. One that is no answer at all counts as a broken line."""
    said = readable(words)
    found = STATUS.search(said)
    status = found[0] if found else ""
    if not 400 <= code < 600:
        broken = Outcome.LOST if step == Step.TEXT else Outcome.BROKE
        return Verdict(broken, max(code, 0), said or "The server gave no answer that could be read.", status)
    answer = Answer(step, code, status.partition(".")[2])
    return Verdict(next(outcome for outcome, holds in RULES if holds(answer)), code, said, status)


def readable(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
