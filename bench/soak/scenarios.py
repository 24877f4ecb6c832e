"""What is done to the newsletter, and what it has to be like afterwards."""

import datetime
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.soak.stage import Finding, Stage, addresses

# Every step from a published post to a finished issue, each with how often it is passed before the kill.
FAILPOINTS = {
    "announcing": 1,
    "announced": 1,
    "freezing": 1,
    "deliveries written": 1,
    "frozen": 1,
    "started": 1,
    "claiming": 1,
    "claimed": 1,
    "beginning": 3,
    "begun": 3,
    "handing over": 4,
    "text sent": 4,
    "answered": 4,
    "marking": 3,
    "marked": 3,
    "finished": 1,
}
CONNECTIONS = 4
KILLS = 20
ANSWER_TAKES = "0.004"  # seconds between a mail's last byte and the server's answer


def failpoints(stage: Stage) -> Iterator[Finding]:
    for name, times in FAILPOINTS.items():
        stage.lay(addresses(20))
        killed = stage.run(failpoint=f"{name}:{times}")
        stage.finish()
        finding = stage.account(f"killed at: {name}", kills=int(killed), unknown=2)
        finding.held = finding.held and killed
        yield finding


def random_kills(stage: Stage) -> Iterator[Finding]:
    stage.lay(addresses(2000), "--after-text", ANSWER_TAKES)
    rng, kills = random.Random(), 0
    while kills < KILLS:
        before = len(stage.arrived())
        process = stage.start(connections=CONNECTIONS)
        while process.poll() is None and len(stage.arrived()) == before:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.15))
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        stage.end_leases()
    stage.finish(connections=CONNECTIONS)
    name = f"killed at random, 2,000 readers, {CONNECTIONS} connections"
    yield stage.account(name, kills=kills, unknown=kills * CONNECTIONS)


def told_to_stop(stage: Stage) -> Iterator[Finding]:
    """SIGTERM: what is on its way is finished, the rest given back at once, and nothing is unknown."""
    from subscribers.models import Delivery

    stage.lay(addresses(300), "--after-text", "0.02")
    stops, held_back = 0, 0
    for _ in range(4):
        before = len(stage.arrived())
        process = stage.start(connections=CONNECTIONS)
        stage.wait_for_mails(before + 20)
        process.send_signal(signal.SIGTERM)
        stops += process.wait() == 0
        held_back += Delivery.objects.filter(state__in=Delivery.HELD).count()
    stage.finish(connections=CONNECTIONS)
    finding = stage.account("told to stop (SIGTERM) 4 times", expected={"sent": 300})
    finding.held = finding.held and stops == 4 and held_back == 0
    yield finding


def several_workers(stage: Stage) -> Iterator[Finding]:
    for workers in (2, 3):
        stage.lay(addresses(600), "--after-text", ANSWER_TAKES)
        processes = [stage.start() for _ in range(workers)]
        for process in processes:
            process.wait()
        stage.finish()
        yield stage.account(f"{workers} workers at once, 600 readers", expected={"sent": 600})


def clocks(stage: Stage) -> Iterator[Finding]:
    """While one worker sends, another comes whose clock is a day ahead, or behind."""
    import time_machine
    from django.utils import timezone

    from subscribers import newsletter
    from subscribers.models import Issue

    for days in (1, -1):
        stage.lay(addresses(200), "--after-text", "0.02")
        process = stage.start()
        stage.wait_for_mails(20)
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days)), stage.settings():
            for issue in Issue.objects.all():
                newsletter.send_issue(issue)
        process.wait()
        stage.finish()
        yield stage.account(f"a second worker whose clock is {days:+d} day", expected={"sent": 200})


def answers(stage: Stage) -> Iterator[Finding]:
    """Readers of every fate among forty others; what was put off is tried again."""
    fates = {
        "once-450-1": "sent",
        "once-451-2": "sent",
        "550-3": "failed",
        "553-4": "failed",
        "once-drop-before-5": "sent",
        "drop-after-6": "unknown",
    }
    others = addresses(40)
    people = [*others[:20], *(f"{name}@example.org" for name in fates), *others[20:]]
    stage.lay(people)
    stage.run()
    stage.finish()
    yield stage.account(
        "450, 550, dropped before and after the dot", unknown=1, expected={"sent": 43, "failed": 2, "unknown": 1}
    )


def outages(stage: Stage) -> Iterator[Finding]:
    """Nobody listens; the server ends the session; the lines cannot be made safe. Each time it goes on by itself."""
    stage.lay(addresses(30))
    stage.close_sinks()
    stage.run()
    stage.listen()
    stage.finish()
    yield stage.account("refused, then back", expected={"sent": 30})
    stage.lay(addresses(30), "--close-after", "4")
    stage.run()
    stage.finish()
    yield stage.account("421 after every fourth mail", expected={"sent": 30})
    stage.lay(addresses(30))
    stage.run(scheme="smtp+tls")
    nothing_in_the_open = not stage.arrived()
    stage.finish()
    finding = stage.account("no TLS where it is asked for, then smtp://", expected={"sent": 30})
    finding.held = finding.held and nothing_in_the_open
    yield finding


def slow(stage: Stage) -> Iterator[Finding]:
    """A greeting after 30 s, and an answer 60 s after the dot: a second worker steals nothing meanwhile."""
    for name, option, seconds in [
        ("greets after 30 s", "--banner", "30"),
        ("answers 60 s after the dot", "--after-text", "60"),
    ]:
        stage.lay(addresses(2), option, seconds)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: stage.run(), range(2)))
        yield stage.account(f"{name}, two workers", expected={"sent": 2})


EVERYWHERE = [failpoints, random_kills, told_to_stop, several_workers, clocks, answers]
ONCE = [outages, slow]  # nothing in them depends on the database
