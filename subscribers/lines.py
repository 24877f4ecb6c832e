"""A connection to the mail server, in a thread of its own, so that several mails are on their way at a time."""

import threading
from queue import SimpleQueue
from typing import NamedTuple

from blog import failpoints
from blog.routes import SERVICE_CLOSING, Outcome, Ready, Route, Unreachable, Verdict


class Report(NamedTuple):
    """What a line says: what came of its mail, whether it can take one now, and why it never will."""

    line: "Line"
    verdict: Verdict | None = None
    is_open: bool = False
    unreachable: str = ""


Reports = SimpleQueue[Report]


class Line:
    """Hands over one mail after the other in a thread of its own, and reports each. It never asks the database.

    A mail is only given to a line that is connected, so that a server that cannot be reached leaves no doubt behind.
    Even alone, a line is worth its thread: while the server answers, the next mail is made (a tenth more of them).
    """

    def __init__(self, route: Route, reports: Reports) -> None:
        self.is_connected = self.is_over = False
        self._route, self._reports = route, reports
        self._mails: SimpleQueue[Ready | None] = SimpleQueue()
        # A daemon, because a server that never answers must not hold up a restart.
        self._thread = threading.Thread(target=self._work, name="mail line", daemon=True)

    def start(self) -> None:
        """Begin to work, unless it does: connect, and report whether that could be done.

        After anything but success of a mail the line connects anew.
        """
        if self._thread.ident is None:
            self._thread.start()

    def give(self, mail: Ready) -> None:
        """Hand over a mail and report what came of it."""
        self._mails.put(mail)

    def hang_up(self) -> None:
        """Give the connection back."""
        self._mails.put(None)
        if self.is_connected:
            self._thread.join()

    def _work(self) -> None:
        while not self.is_over:
            self._connect()
            while self.is_connected:
                mail = self._mails.get()
                if mail is None:
                    self._route.close()
                    return
                self._hand_over(mail)

    def _connect(self) -> None:
        try:
            self._route.open()
        except Unreachable as error:
            self.is_over = True
            self._reports.put(Report(self, unreachable=str(error) or "no answer"))
        else:
            self.is_connected = True
            self._reports.put(Report(self, is_open=True))

    def _hand_over(self, mail: Ready) -> None:
        failpoints.reached("handing over")
        try:
            verdict = self._route.send(mail)
        except Exception as error:
            verdict = Verdict(Outcome.LOST, 0, f"Handing it over failed: {error!r}")
        failpoints.reached("answered")
        self.is_connected = verdict.outcome is Outcome.TAKEN and verdict.code != SERVICE_CLOSING
        self._reports.put(Report(self, verdict, is_open=self.is_connected))
