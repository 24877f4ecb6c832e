"""What a mail server's answers mean: the table, line by line."""

import pytest

from blog.verdicts import Outcome, Step, judge

ANSWERS = [
    # the step, the answer, what it means
    (Step.READER, 450, "4.2.1 Greylisted", Outcome.LATER),
    (Step.READER, 550, "5.1.1 No such user", Outcome.REFUSED),
    (Step.READER, 550, "No such user", Outcome.REFUSED),
    (Step.READER, 550, "5.2.1 Mailbox disabled", Outcome.REFUSED),
    (Step.READER, 550, "5.1.10 Recipient not found", Outcome.REFUSED),
    (Step.READER, 550, "5.4.1 Access denied", Outcome.REFUSED),
    (Step.READER, 552, "5.2.2 Mailbox full", Outcome.LATER),
    (Step.READER, 550, "5.2.2 Over quota", Outcome.LATER),
    (Step.READER, 552, "Mailbox full", Outcome.LATER),
    (Step.READER, 550, "5.7.1 Your network is on a list", Outcome.BARRED),
    (Step.READER, 554, "Refused (5.7.26): not authenticated", Outcome.BARRED),
    (Step.READER, 550, "5.1.8 Bad sender address", Outcome.BARRED),
    (Step.READER, 503, "5.5.1 MAIL first", Outcome.BARRED),
    (Step.READER, 550, "Ask 5.7.1.2 or 10.5.7.1 why", Outcome.REFUSED),
    (Step.SENDER, 451, "Later", Outcome.LATER),
    (Step.SENDER, 530, "5.7.0 Authentication required", Outcome.BARRED),
    (Step.SENDER, 553, "5.1.1 What a sender", Outcome.BARRED),
    (Step.SENDER, 535, "5.7.8 Wrong password", Outcome.BARRED),
    (Step.TEXT, 452, "4.3.1 Disk full", Outcome.LATER),
    (Step.TEXT, 552, "Message too big", Outcome.BARRED),
    (Step.TEXT, 552, "5.2.2 Mailbox full", Outcome.LATER),
    (Step.TEXT, 554, "5.7.1 Spam", Outcome.BARRED),
    (Step.TEXT, 554, "Spam", Outcome.BARRED),
    (Step.TEXT, 550, "5.1.1 No such user", Outcome.REFUSED),
    (Step.SENDER, 250, "Fine", Outcome.BROKE),
    (Step.READER, -1, "", Outcome.BROKE),
    (Step.TEXT, -1, "", Outcome.LOST),
    (Step.TEXT, 999, "", Outcome.LOST),
]


@pytest.mark.parametrize(("step", "code", "words", "outcome"), ANSWERS, ids=lambda value: str(value))
def test_what_an_answer_means(step: Step, code: int, words: str, outcome: Outcome) -> None:
    verdict = judge(code, words.encode(), step)

    assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"5.1.1 <kim@a.example>: no", "5.1.1"),
        (b"5.1.1", "5.1.1"),
        (b"See 5.7.26.", "5.7.26"),
        (b"Requested action not taken (4.2.0)", "4.2.0"),
        (b"From 5.7.1.1", ""),
        (b"From 192.5.7.1", ""),
        (b"3.1.1", ""),
        (b"", ""),
    ],
)
def test_the_status_in_an_answer(words: bytes, status: str) -> None:
    assert judge(550, words, Step.READER).status == status
