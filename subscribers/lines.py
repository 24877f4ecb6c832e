"""A connection to the mail server that has its own thread, so that several mails are on their way at a time."""

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


class Line(threading.Thread):
    """Connects, hands over one mail after the other, and reports each; it never asks the database.

    A mail is only given to a line that is connected, so that a server that cannot be reached leaves no doubt behind.
    """

    def __init__(self, route: Route, reports: "SimpleQueue[Report]") -> None:
        super().__init__(name="mail line", daemon=True)  # a server that never answers holds up no restart
        self.mails: SimpleQueue[Ready | None] = SimpleQueue()  # None: hang up
        self.is_connected = False
        self._route, self._reports = route, reports

    def run(self) -> None:
        while self._connect():
            while (mail := self.mails.get()) is not None:
                verdict = self._hand_over(mail)
                stays = verdict.outcome is Outcome.TAKEN and verdict.code != SERVICE_CLOSING
                self.is_connected = stays
                self._reports.put(Report(self, verdict, is_open=stays))
                if not stays:
                    break
            else:
                self._route.close()
                return

    def _connect(self) -> bool:
        try:
            self._route.open()
        except Unreachable as error:
            self._reports.put(Report(self, unreachable=str(error) or "no answer"))
            return False
        self.is_connected = True
        self._reports.put(Report(self, is_open=True))
        return True

    def _hand_over(self, mail: Ready) -> Verdict:
        failpoints.reached("handing over")
        try:
            verdict = self._route.send(mail)
        except Exception as error:
            verdict = Verdict(Outcome.LOST, 0, f"Handing it over failed: {error!r}")
        failpoints.reached("answered")
        return verdict
