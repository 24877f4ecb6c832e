import datetime
from typing import Self, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = datetime.timedelta(minutes=15)
RETRY_AFTER = [datetime.timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440)]


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    def due(self) -> Self:
        """Rows that somebody should send now: waiting ones, and claimed ones whose claimer has gone."""
        now = timezone.now()
        return self.filter(
            Q(state__in=QueuedMail.WAITING, next_try_at__lte=now)
            | Q(state=QueuedMail.State.CLAIMED, claimed_at__lte=now - LEASE)
        )

    def note_lost_senders(self) -> int:
        """Mark as unknown what was on the wire when its sender died; return how many there were.

        Nobody can tell whether such a mail arrived (RFC 5321 section 6.1), so it is shown, and not sent again.
        """
        lost = self.filter(state=QueuedMail.State.TRANSMITTING, claimed_at__lte=timezone.now() - LEASE)
        return lost.update(state=QueuedMail.State.UNKNOWN, error="The sender stopped while this was on its way.")


class QueuedMail(models.Model):
    """One mail to one person, as a row that is committed together with its cause.

    pending → claimed → transmitting → sent, or deferred, which is claimed again later, or failed, skipped, unknown.
    Every step is one conditional UPDATE, so that two workers never hold the same row, on either database.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        DEFERRED = "deferred", _("put off")
        CLAIMED = "claimed", _("taken by a worker")
        TRANSMITTING = "transmitting", _("on its way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("not sent")
        UNKNOWN = "unknown", _("unknown")

    WAITING = [State.PENDING, State.DEFERRED]  # states in which any worker may claim the row
    HELD = [State.CLAIMED, State.TRANSMITTING]  # states in which one worker holds the row
    DUE = [*WAITING, State.CLAIMED]  # states from which a row may still come to be sent without anybody's asking

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def claim(self) -> bool:
        """Take this row for sending. Return False if somebody else has it, or it is done."""
        now = timezone.now()
        due = self._rows().due().filter(pk=self.pk)
        if due.update(state=self.State.CLAIMED, claimed_at=now, attempts=F("attempts") + 1) != 1:
            return False
        self.claimed_at, self.attempts = now, self.attempts + 1
        return True

    def begin(self) -> bool:
        """Say that the mail goes on the wire now. Return False if the claim was lost meanwhile."""
        return self._step([self.State.CLAIMED], self.State.TRANSMITTING)

    def succeed(self) -> bool:
        """Record that the server took the mail."""
        return self._step([self.State.TRANSMITTING], self.State.SENT, sent_at=timezone.now(), error="")

    def retry(self, error: str) -> bool:
        """Put the mail off to a later try, or give up after the last one."""
        if self.attempts > len(RETRY_AFTER):
            return self.fail(error)
        later = timezone.now() + RETRY_AFTER[self.attempts - 1]
        return self._step(self.HELD, self.State.DEFERRED, next_try_at=later, error=error[:500])

    def put_back(self, error: str) -> bool:
        """Put the mail off without counting the try: no server was there to look at it."""
        later = timezone.now() + RETRY_AFTER[0]
        tries = Greatest(F("attempts") - 1, 0)
        return self._step(self.HELD, self.State.DEFERRED, next_try_at=later, attempts=tries, error=error[:500])

    def fail(self, error: str) -> bool:
        """Record that the mail was refused for good."""
        return self._step(self.HELD, self.State.FAILED, error=error[:500])

    def lose_track(self, error: str) -> bool:
        """Record that the connection broke after the text was handed over: it may have arrived."""
        return self._step([self.State.TRANSMITTING], self.State.UNKNOWN, error=error[:500])

    def skip(self, reason: str) -> bool:
        """Record that there was no more reason to send it."""
        return self._step([self.State.CLAIMED], self.State.SKIPPED, error=reason[:500])

    def _step(self, before: list[State], after: State, **values: object) -> bool:
        # `claimed_at` is the claim's fence: a worker whose lease ran out can no longer move the row.
        held = self._rows().filter(pk=self.pk, state__in=before, claimed_at=self.claimed_at)
        return held.update(state=after, **values) == 1

    def _rows(self) -> QueuedMailQuerySet:
        return cast(QueuedMailQuerySet, type(self)._default_manager.all())
