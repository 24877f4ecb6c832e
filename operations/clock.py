"""What has to happen without anybody asking, at its own pace."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from django.db import close_old_connections

from blog import limits, search_index, social, working_copies
from comments import commenters, learning, mails, moderator_mails, reactions, retention
from operations import staff_mails
from subscribers import newsletter, notices, numbers, trying
from subscribers import retention as subscribers
from subscribers.importing import uploads
from subscribers.inbound import mailboxes

logger = logging.getLogger(__name__)

Stopped = Callable[[], bool]


@dataclass(frozen=True)
class Job:
    """Something to do every so many seconds; it looks at `stopped()` between one mail and the next."""

    seconds: float
    run: Callable[[Stopped], object]


JOBS = {
    "newsletter": Job(5, newsletter.run_once),
    "notices": Job(5, notices.send_due),
    "incoming mail": Job(60, mailboxes.run_once),
    "test mails": Job(5, trying.send_due),
    "old test mails": Job(3600, trying.forget_old),
    "list size": Job(3600, numbers.note_size),
    "old uploads": Job(3600, uploads.forget_old),
    "conversation mails": Job(5, mails.run_once),
    "old commenters": Job(3600, commenters.forget_old),
    "social images": Job(5, social.draw_due),
    "working copies": Job(3600, working_copies.forget_old),
    "search index": Job(3600, search_index.tidy),
    "moderator mails": Job(5, moderator_mails.run_once),
    "old moderator mails": Job(3600, moderator_mails.forget_old),
    "staff mails": Job(5, staff_mails.send_due),
    "old staff mails": Job(3600, staff_mails.forget_old),
    "thumbs and reports": Job(3600, reactions.forget_old),
    "spam filter": Job(5, learning.learn_due),
    "old spam": Job(3600, retention.forget_spam),
    "old networks": Job(3600, retention.forget_networks),
    "old networks of subscribers": Job(3600, subscribers.forget_networks),
    "unconfirmed addresses": Job(3600, subscribers.forget_unconfirmed),
    "ended blocks": Job(3600, retention.end_blocks),
    "old tallies": Job(3600, limits.forget_old),
    "finished tasks": Job(3600, lambda stopped: call_command("prune_db_task_results", verbosity=0)),
}


class Clock:
    """Runs the jobs, each in a thread of its own, so that a long newsletter holds up no confirmation mail."""

    def __init__(self, jobs: dict[str, Job]) -> None:
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=item, name=item[0]) for item in jobs.items()]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every job finish the mail it has in hand, then return."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, name: str, job: Job) -> None:
        while True:
            close_old_connections()
            try:
                job.run(self._stopping.is_set)
            except Exception:
                logger.exception("%s stopped short; it goes on in %s seconds.", name, job.seconds)
            if self._stopping.wait(job.seconds):
                close_old_connections()
                return
