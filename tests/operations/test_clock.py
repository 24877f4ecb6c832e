import threading

from operations.clock import JOBS, Clock, Job


def test_the_clock_repeats_its_jobs_until_it_is_stopped() -> None:
    thrice = threading.Semaphore(0)
    clock = Clock({"count": Job(0.001, lambda stopped: thrice.release())})

    clock.start()
    assert all(thrice.acquire(timeout=10) for _ in range(3))
    clock.stop()

    assert "count" not in {thread.name for thread in threading.enumerate()}


def test_a_job_that_fails_has_its_turn_again() -> None:
    turns = threading.Semaphore(0)

    def fail(stopped: object) -> None:
        turns.release()
        raise RuntimeError("for the test")

    clock = Clock({"fail": Job(0.001, fail)})

    clock.start()
    assert all(turns.acquire(timeout=10) for _ in range(2))
    clock.stop()


def test_a_job_is_told_when_the_clock_stops() -> None:
    began, told = threading.Event(), threading.Event()

    def work(stopped: object) -> None:
        began.set()
        while not stopped():  # type: ignore[operator]
            threading.Event().wait(0.001)
        told.set()

    clock = Clock({"work": Job(1, work)})

    clock.start()
    assert began.wait(10)
    clock.stop()

    assert told.is_set()


def test_the_worker_knows_its_jobs() -> None:
    assert set(JOBS) == {
        "incoming mail",
        "newsletter",
        "notices",
        "test mails",
        "old test mails",
        "list size",
        "old uploads",
        "conversation mails",
        "old commenters",
        "moderator mails",
        "old moderator mails",
        "staff mails",
        "old staff mails",
        "social images",
        "search index",
        "working copies",
        "thumbs and reports",
        "spam filter",
        "old spam",
        "old networks",
        "old networks of subscribers",
        "unconfirmed addresses",
        "ended blocks",
        "old tallies",
        "finished tasks",
    }
